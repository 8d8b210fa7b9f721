// key.hpp: a row of a table of keys: name, value, unit, help, when to change it, and its earlier names.
// Why:      experiment files and the models in them are tables of the same shape.
// Use:      const Key seed{"seed", bound_to<Experiment>(&Experiment::seed, whole(0, most)), "number", "…",
//                          "…"};
// Threads:  a value.
#pragma once

#include <string>
#include <vector>

#include "evo/experiment/experiment.hpp"
#include "experiments/config/forms.hpp"

namespace experiments {

// A key of an experiment, or a field of one of its tables.
template <typename S>
struct KeyOf {
  std::string name;  // "evaluation.betas"
  Binding<S> value;  // its member, and what that may be
  std::string unit;  // of a number, e.g. "tokens"; may be empty
  std::string help;  // what it does, in a line
  std::string when;  // when to change it from its default, in a line
  std::vector<std::string> old_names = {};
  // Written only where it is not the default: experiments without it are as programs wrote them before it.
  bool late = false;
};

using Key = KeyOf<evo::Experiment>;

}  // namespace experiments
