// individual.hpp: one controller of a population: its program, where it came from and what it scored.
// Why:      everything the search and the lineage know of a controller is in one regular value.
// Use:      Individual child{.id = genome::identity(tree), .controller = checked, .birth = {...}};
// Promises: id is the git blob id of `text`, which is the canonical text of `controller`; so equal
//           programs are one individual.
// Threads:  a value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "genome/text/checker.hpp"

namespace evo {

// One setting of the knob: means over the environments of the experiment.
struct CurvePoint {
  double beta = 0;
  double accuracy = 0;  // percent
  double tokens = 0;    // of an episode
  double latency_tokens = 0;
  friend bool operator==(const CurvePoint&, const CurvePoint&) = default;
};

// Exact sums of one setting of the knob in one environment.
struct Sums {
  std::int64_t right = 0;
  std::int64_t tokens = 0;
  std::int64_t latency_tokens = 0;
  std::int64_t episodes = 0;
  Sums& operator+=(const Sums& more) {
    right += more.right;
    tokens += more.tokens;
    latency_tokens += more.latency_tokens;
    episodes += more.episodes;
    return *this;
  }
  friend bool operator==(const Sums&, const Sums&) = default;
};

struct Birth {
  std::uint64_t number = 0;  // individuals of a run are counted from 1
  int generation = 0;
  std::vector<std::string> parents;  // ids; the first is the one that was changed
  std::string operation;             // e.g. "constants+subtree", "library:cmc", "random"
  std::string exchange;              // digest of the exchange with a language model it came from, or empty
  std::string hypothesis;            // of the model that made it, in a line; or empty
  int island = 0;                    // where, from 1 on; 0 in a run without islands
  friend bool operator==(const Birth&, const Birth&) = default;
};

struct Individual {
  std::string id;
  std::string text;
  genome::CheckedController controller;
  std::size_t size = 0;  // nodes, see genome::size_of
  Birth birth;
  // The rest are scores (see unscored()).
  int orderings = 0;              // it was scored on; fewer than the experiment's when it was rejected early
  std::vector<Sums> sums;         // by beta, then environment
  double standard_error = 0;      // of its gain over asc: the standard error over questions, in points
  std::vector<CurvePoint> curve;  // one point a beta of the experiment, in its order
  double score = 0;               // of the curve, in points of accuracy (see objective.hpp)
  double fitness = 0;             // score less what the objective charges
  std::vector<double> level;      // the fitness after each rung of its evaluation; the last is `fitness`
  // The fitness over the search's and the validation orderings together, of those that met the champion.
  std::optional<double> validated;
};

// An individual without scores.
Individual make_individual(const genome::CheckedController& controller, Birth birth);

// The same individual before anything was scored.
Individual unscored(const Individual& individual);

}  // namespace evo
