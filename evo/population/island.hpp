// island.hpp: one of the populations of a run.
// Why:      several populations that seldom meet keep more kinds of controllers than one of their size does
//           (island model: Tanese 1989; Whitley, Rana and Heckendorn 1999).
// Use:      for (const Island& each : state.islands) count += each.population.size();
// Promises: a run without islands has one. What only a part of the search may see is one that does not
//           contribute: nobody of it gets into the archive or becomes the champion.
// Threads:  a value.
#pragma once

#include <vector>

#include "evo/population/individual.hpp"
#include "evo/population/operator_rates.hpp"

namespace evo {

struct Island {
  std::vector<Individual> population;  // by fitness, the best first
  OperatorRates rates;
  bool contributes = true;  // to the archive and the champion
};

}  // namespace evo
