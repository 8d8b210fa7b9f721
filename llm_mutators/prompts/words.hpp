// words.hpp: the sentences that a version of the prompts consists of.
// Why:      each version is a table of its own, and none needs the others.
// Use:      constexpr Wording kWords{.layout = "..."};
// Promises: each text names in braces what is put in; the comment beside it says which names there are.
// Threads:  a value.
#pragma once

#include <string_view>

namespace llm_mutators {

struct Wording {
  // The card of the language.
  std::string_view layout;  // most_rounds, usual_rounds, and the names of the sections
  std::string_view types;
  std::string_view statements;
  std::string_view observed;
  std::string_view operations;
  std::string_view names;  // name_length, schedule, registers, statements, answers, depth, nodes
  std::string_view example;
  std::string_view signals;
  std::string_view signal_names;  // names

  // The task.
  std::string_view settings;  // betas
  std::string_view score;     // low, high, penalty
  std::string_view charges;
  std::string_view coverage;      // points, high
  std::string_view regret;        // points
  std::string_view lower_bound;   // errors
  std::string_view parsimony;     // points
  std::string_view reweightings;  // odds
  std::string_view or_by;         // between these
  std::string_view budget;        // tokens
  std::string_view probe;         // tokens
  std::string_view questions;
  std::string_view tables;
  std::string_view tuned;
  std::string_view untuned;

  // What is shown of controllers.
  std::string_view size_and_score;  // size, score
  std::string_view after_charges;   // fitness
  std::string_view best;            // score
  std::string_view best_after;      // fitness
  std::string_view settings_over;   // environments
  std::string_view environments;
  std::string_view with_variants;
  std::string_view at_budgets;
  std::string_view frontier;      // points, controllers, some
  std::string_view some_of_them;  // points
  std::string_view how_it_does;
  std::string_view how_first_does;

  // What earlier exchanges brought.
  std::string_view expected;  // gain, low, high, against, questions; empty: nothing is told
  std::string_view lessons;
  std::string_view record;  // proposals, kept
  std::string_view no_hypothesis;
  std::string_view outcome;  // score, gain, against, end
  std::string_view population_middle;
  std::string_view parent;
  std::string_view leads, lives, dies;
  std::string_view made_before;
  std::string_view proposed_before;
  std::string_view acts_as;  // controller

  // What is wrong with a reply.
  std::string_view cut_short;
  std::string_view no_signal;  // missing, there
  std::string_view known;
  std::string_view more_bytes;  // bytes
};

}  // namespace llm_mutators
