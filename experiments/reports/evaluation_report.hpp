// evaluation_report.hpp: everything `evotts eval` says about controllers that were scored, as one text.
// Why:      people read tables one below the other, programs read one table; both hold the same figures.
// Use:      print(evaluation_report({controllers, betas, evaluator, cells}, Format::kCsv));
// Promises: a row for each environment, controller and beta, in the order of the arguments; then means over
//           the environments, when there are several; then the questions asked for. In csv and json these are
//           rows of one table, in which the environment of means is kMeanOverEnvironments.
// Threads:  pure function.
// Tests:    tests/experiments/commands/eval_test.cpp
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "experiments/console/table.hpp"
#include "experiments/sources/controller_source.hpp"
#include "replay/evaluation/evaluator.hpp"
#include "replay/evaluation/intervals.hpp"

namespace experiments {

struct Evaluation {
  const std::vector<NamedController>& controllers;
  const std::vector<double>& betas;
  const replay::Evaluator& evaluator;
  std::vector<replay::Cell> cells;  // as the evaluator gives them
  replay::BootstrapOptions bootstrap;
  std::size_t questions = 0;  // to list at most of each environment, controller and beta

  const replay::Cell& cell(std::size_t controller, std::size_t environment, std::size_t beta) const {
    return cells[evaluator.cell_index(controller, environment, beta, betas.size())];
  }
};

// Its parts: the means over the environments, a row for each environment, and the questions asked for.
Table evaluation_means(const Evaluation& scores);
Table evaluation_rows(const Evaluation& scores);
Table evaluation_questions(const Evaluation& scores);

std::string evaluation_report(const Evaluation& scores, Format format);

}  // namespace experiments
