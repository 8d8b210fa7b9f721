// selection.hpp: who has children, and who lives on.
// Why:      half of the places go to the best curves, the other half to whoever holds or crowds least the
//           frontier of accuracy against tokens, so that neither aim eats the other.
// Use:      const Individual& mother = population[tournament(rng, population.size(), 3)];
//           population = survivors(std::move(all), size, {50e3, 500e3});
// Promises: survivors come sorted by fitness, the best first, and the best of all always survives. Of
//           individuals with the same curve (they act alike) only the smallest lives, the elder on a tie.
//           No randomness in survivors().
// Threads:  pure functions.
#pragma once

#include <span>
#include <vector>

#include "evo/base/means.hpp"
#include "evo/population/archive.hpp"
#include "evo/population/individual.hpp"
#include "evo/population/niche.hpp"
#include "genome/base/rng.hpp"

namespace evo {

// The order of a population: the fittest first, then the smallest, then the eldest.
bool fitter(const Individual& a, const Individual& b);

// The index of the winner among `rounds` draws from a population sorted by fitness.
std::size_t tournament(genome::base::Rng& rng, std::size_t population, int rounds);

// `range`: the budgets within which points of the frontier count. With `niche` above 0 the second half of
// the places goes to the best of each niche instead, so many each, and curves that hardly differ count as
// one.
std::vector<Individual> survivors(std::vector<Individual> all, std::size_t size, BudgetRange range,
                                  int niche = 0, Means means = Means::kExact);

// The same rule seen by a newcomer: the fitness that may earn it a place. It reaches the last of the better
// half, or the last with a place in its niche. Without niches it reaches the last of all, as a place may then
// be earned by a single point of the frontier, which no fitness tells.
class SurvivalFitness {
 public:
  // `living` sorted by fitness, the best first; not empty.
  SurvivalFitness(std::span<const Individual> living, int niche);

  double needed_by(const Individual& newcomer) const;

 private:
  double alone_;  // whatever the niche
  NichePlaces places_;
};

}  // namespace evo
