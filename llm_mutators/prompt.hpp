// prompt.hpp: what a language model is asked.
// Why:      providers charge less for a beginning they have seen before, so a prompt goes from what never
//           changes (card, task) to what always does (parents, and the faults of a first reply).
// Use:      std::string prompt = mutation_prompt({.budget_low = 5e4, .budget_high = 5e5}, parent);
//           std::string again = repair_prompt(prompt, reply.text, faults);
// Promises: pure functions of their arguments; valid UTF-8 without control characters other than line
//           ends. A repair prompt begins with the prompt it is about, and is at most 32 KiB longer.
// Threads:  any.
#pragma once

#include <string>
#include <string_view>

#include "evo/proposer.hpp"

namespace llm_mutators {

// What a controller is judged by (see evo/objective.hpp, evo/experiment.hpp).
struct Task {
  double budget_low = 50e3;
  double budget_high = 500e3;
  double parsimony = 0.01;
  double knob_penalty = 1;
  std::string advice;  // of the experimenter, to the model; may be empty
};

std::string mutation_prompt(const Task& task, const evo::Individual& parent);
std::string crossover_prompt(const Task& task, const evo::Individual& first, const evo::Individual& second);

// `wrong` is what was replied (or the controller found in it), `faults` what is wrong with that.
std::string repair_prompt(const std::string& prompt, std::string_view wrong, std::string_view faults);

}  // namespace llm_mutators
