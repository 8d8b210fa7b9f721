// state.hpp: all that a run knows at the end of a generation.
// Why:      whatever is not here is lost when a run is killed; what is here makes the next generation the
//           same whether the run was interrupted or not.
// Threads:  a value.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "evo/population/archive.hpp"
#include "evo/population/individual.hpp"
#include "evo/population/operator_rates.hpp"

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
  std::vector<Individual> population;  // by fitness, the best first
  Archive archive;
  std::string champion;  // id of the best of the run, who lives; empty: the fittest
  OperatorRates rates;
  std::string memory;  // of the proposer (see proposer.hpp)
  std::vector<EnvironmentMark> environments;
  std::string experiment;  // SHA-1 of experiment.toml, which must stay as it was
  // False of what a program before exact means left, until it is scored again (evo/scoring/rescoring.hpp).
  bool exact = true;

  // The champion by validation; without validation the fittest.
  const Individual& best() const {
    for (const Individual& each : population) {
      if (each.id == champion) return each;
    }
    return population.front();
  }
};

}  // namespace evo
