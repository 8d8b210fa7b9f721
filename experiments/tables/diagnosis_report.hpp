// diagnosis_report.hpp: why episodes of a controller are lost and where its tokens go, as tables and as text.
// Why:      `evotts diagnose` and the page of a run tell it in the same figures.
// Use:      const Diagnoses found{environments, betas, replay::diagnose(environments, program, betas)};
//           print(diagnosis_report(found, "cmc", 10, Format::kTable));
// Promises: outcomes are in percent of the episodes, parts of the tokens in percent of them. In means each
//           environment counts the same, however many questions it has.
// Threads:  pure functions.
// Tests:    tests/experiments/commands/diagnose_test.cpp
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "experiments/console/table.hpp"
#include "replay/analysis/diagnosis.hpp"

namespace experiments {

// Everything that was found, with what it is of.
struct Diagnoses {
  const std::vector<replay::Environment>& environments;
  const std::vector<double>& betas;
  std::vector<replay::Diagnosis> all;  // in the order environment, beta

  const replay::Diagnosis& of(std::size_t environment, std::size_t beta) const {
    return all[environment * betas.size() + beta];
  }
};

// A row for each beta: the means over the environments.
Table mean_diagnoses(const Diagnoses& found);

// At most `questions` of them; by default all in JSON and none elsewhere.
std::string diagnosis_report(const Diagnoses& found, const std::string& label,
                             std::optional<std::size_t> questions, Format format);

}  // namespace experiments
