// successive_halving.hpp: how long a look each child is given before it is rejected.
// Why:      most children are clearly behind after a few orderings; what the rest of an evaluation would cost
//           is better spent on others (successive halving, Jamieson and Talwalkar 2016).
// Use:      for (std::size_t rung = 0; rung < rungs(experiment).size(); ++rung) ...
//           const std::vector<bool> on = promoted(scored, living, rung, experiment.niche);
// How:      rungs end after first_rung, 3 first_rung, 9 first_rung, ... orderings. After each, the better
//           third of the children is promoted, of founders the better half: those of them whose fitness
//           there, raised by what the living gained from there to their final fitness (the mean plus
//           kHopeDeviations standard deviations), reaches the fitness of survival (see selection.hpp).
// Promises: with a first rung of 0 there is one rung of all orderings, and nobody is rejected.
// Threads:  pure functions.
// Tests:    tests/evo/scoring/scorer_test.cpp
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "evo/experiment/experiment.hpp"
#include "evo/population/individual.hpp"

namespace evo {

inline constexpr double kHopeDeviations = 1.5;

// Orderings after which rungs end, rising; the last is the experiment's number.
std::vector<int> rungs(const Experiment& experiment);

// Of children scored up to a rung (counted from 0), which are kept. `living` is the population they
// would have to live in, the best first; empty for founders. `niche` as for survivors().
std::vector<bool> promoted(std::span<const Individual* const> children, std::span<const Individual> living,
                           std::size_t rung, int niche);

}  // namespace evo
