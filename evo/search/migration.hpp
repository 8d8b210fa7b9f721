// migration.hpp: champions of islands travel to the next island.
// Why:      islands that never meet each find what the others have found before; ones that meet often become
//           one population. Few travellers at fixed times keep them apart and let news get round.
// Use:      migrate(state, scorer);      // after the survivors of a generation were chosen
// How:      islands whose plan says so form a ring in their order. In every population.migration-th
//           generation the fittest of each, as it stood before anybody travelled, is copied to the next. It
//           must earn its place there as a child must.
// Promises: no randomness and no episodes: a traveller keeps its birth and its scores. Who lives there
//           already does not arrive twice.
// Threads:  pure function.
// Tests:    tests/evo/search/islands_test.cpp
#pragma once

#include "evo/population/state.hpp"
#include "evo/scoring/scorer.hpp"

namespace evo {

void migrate(State& state, Scorer& scorer);

}  // namespace evo
