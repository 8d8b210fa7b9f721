// state.hpp: all that a run knows at the end of a generation.
// Why:      whatever is not here is lost when a run is killed; what is here makes the next generation the
//           same whether the run was interrupted or not.
// Use:      const Individual& best = state.best();
//           for (const Island& each : state.islands) ...      // one, where an experiment has no islands
//           write(state.recommendation().text);               // the champion, or a known controller
// Promises: `halves`, `expected`, `recommended` and `limited` follow from the search and are never looked at
//           by it.
// Threads:  a value.
// Tests:    tests/evo/population/state_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evo/base/charge.hpp"
#include "evo/population/archive.hpp"
#include "evo/population/expected_gain.hpp"
#include "evo/population/individual.hpp"
#include "evo/population/island.hpp"
#include "evo/population/limits_choice.hpp"

namespace evo {

// Which recordings a run was scored on: a resumed run must see the same.
struct EnvironmentMark {
  std::string name;
  std::string digest;
  friend bool operator==(const EnvironmentMark&, const EnvironmentMark&) = default;
};

struct Counters {
  std::uint64_t births = 0;  // individuals ever made and scored
  // Controllers scored and episodes of it, for whatever purpose: candidates of founder search, tuning and
  // simplification count like children, and so do the episodes of validation (see evo/scoring/work.hpp).
  std::uint64_t evaluations = 0;
  std::uint64_t episodes = 0;
  friend bool operator==(const Counters&, const Counters&) = default;
};

struct State {
  int generation = 0;
  Counters counters;
  std::vector<Island> islands = std::vector<Island>(1);
  Archive archive;
  std::string champion;  // id of the best of the run, who lives; empty: the fittest
  std::string memory;    // of the proposer (see proposer.hpp)
  std::vector<EnvironmentMark> environments;
  std::string experiment;  // SHA-1 of experiment.toml, which must stay as it was
  // False of what a program before exact means left, until it is scored again (evo/scoring/rescoring.hpp).
  bool exact = true;
  // Two searches like this one, each on half of the questions (evo/expectation/cross_fitting.hpp). None where
  // no gain is estimated.
  std::vector<State> halves;
  std::optional<ExpectedGain> expected;   // none before it was estimated
  std::optional<Individual> recommended;  // the best known controller, where the champion does not beat it
  Charge charge;                          // what the archive is ordered by
  std::optional<LimitsChoice> limited;    // of the limits of a service level; none where there are no limits

  // The champion by validation; without validation the fittest of the islands that contribute.
  const Individual& best() const;
  // What a user is given: the champion, unless a known controller is recommended.
  const Individual& recommendation() const { return recommended ? *recommended : best(); }
  // Everybody who lives.
  std::size_t living() const;
};

// The place of the first island that contributes in which an individual lives; that of none where it does
// not live.
std::size_t island_of(const State& state, std::string_view id);

// Leaves nothing of what was estimated, nor of what it was estimated by.
void forget_expectation(State& state);

// What islands are called in files and messages, where there are several: from 1 on. 0 is the only one.
int island_number(const State& state, std::size_t place);

// The same individuals on another number of islands: by turns, the fittest first. Twins become one.
State with_islands(const State& state, std::size_t islands);

}  // namespace evo
