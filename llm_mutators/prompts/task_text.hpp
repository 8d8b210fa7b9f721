// task_text.hpp: what a controller is judged by, in words that a model can act on.
// Why:      a model that is not told what fitness is made of improves something else; one that is told of
//           charges that are not made avoids what would help.
// Use:      std::string text = task_text({.budget_low = 70e3, .budget_high = 500e3, .coverage_penalty = 3});
// Promises: says what is in force in this experiment and nothing else.
// Threads:  pure function.
// Tests:    tests/llm_mutators/prompts/task_text_test.cpp
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "evo/population/archive.hpp"

namespace llm_mutators {

// What a controller is judged by (see evo/objective/objective.hpp, evo/experiment/experiment.hpp).
struct Task {
  std::vector<double> betas;  // settings of the knob; may be left out
  double budget_low = 50e3;
  double budget_high = 500e3;
  evo::Charge charge = {};  // what budgets count
  std::string limits = {};  // of a service level, in words; may be empty
  double parsimony = 0.01;
  double knob_penalty = 1;
  double coverage_penalty = 0;
  double baseline_regret = 0;
  double lower_bound_errors = 0;
  std::vector<double> reweightings;            // odds of right branches in variants of the environments
  std::optional<std::int64_t> episode_budget;  // tokens
  std::int64_t probe_cost = 0;                 // tokens
  std::vector<std::string> signals;            // that all environments record, sorted
  std::string world;                           // a table of the recorded environments; may be empty
  bool tuned = true;                           // the numbers of a reply are tuned before it is judged
  bool beta_tables = false;                    // each setting of the knob gets numbers of its own
  std::string advice;                          // of the experimenter, to the model; may be empty
  int prompt_version = 2;                      // see wording.hpp
};

inline constexpr std::size_t kMostWorld = 3000;  // bytes that are told of the world

evo::BudgetRange budgets_of(const Task& task);

// In whole numbers, or with three digits where the unit of the charge asks for them.
std::string budget_text(double budget, const evo::Charge& charge);

std::string task_text(const Task& task);

}  // namespace llm_mutators
