// niche.hpp: ways to act, so that a population keeps several.
// Why:      selection by fitness alone fills a population with cousins of its best within minutes; what
//           another family could become is then never seen (MAP-Elites, Mouret and Clune 2015).
// Use:      if (niche_of(a) == niche_of(b)) ...
//           NichePlaces(living, 2).least(niche_of(child))   // the fitness that earns a place there
// Promises: a niche is how wide a controller works (tokens per latency token at the middle of its knob, by
//           powers of two) and what it does with branches: reads them whole, follows them, or prunes them.
// Threads:  pure functions; a NichePlaces is a value.
#pragma once

#include <compare>
#include <map>
#include <span>
#include <vector>

#include "evo/population/individual.hpp"

namespace evo {

struct Niche {
  int width = 0;     // floor of log2 of tokens per latency token, 0 to 6
  int handling = 0;  // 0 reads whole branches, 1 follows them, 2 prunes too
  friend auto operator<=>(const Niche&, const Niche&) = default;
};

// Of an individual that has a curve.
Niche niche_of(const Individual& individual);

// The fitnesses that hold the places of each niche.
class NichePlaces {
 public:
  // `living` sorted by fitness, the best first; `places` of each niche, 0 when there are no niches.
  NichePlaces(std::span<const Individual> living, int places);

  // What a newcomer of this niche must reach; infinite when there are no niches.
  double least(Niche niche) const;

 private:
  std::size_t places_;
  double last_;  // of all who live
  std::map<Niche, std::vector<double>> held_;
};

}  // namespace evo
