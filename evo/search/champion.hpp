// champion.hpp: who is the best of a run, decided where nobody was selected.
// Why:      the fittest of thousands is partly the luckiest; one champion of all islands is chosen by rules
//           of its own.
// Use:      choose_champion(state, before, scorer, work);      // at the end of a generation
// Promises: the champion lives on the island where it lived. Only islands that contribute are looked at. The
//           fittest few of them all meet the champion, so that a run with islands validates as many as one
//           without. Without validation orderings there is no champion beside the fittest.
// Threads:  one call at a time; it uses the threads of the calling TBB arena.
// Tests:    tests/evo/search/generation_test.cpp, tests/evo/search/islands_test.cpp
#pragma once

#include "evo/population/state.hpp"
#include "evo/scoring/scorer.hpp"

namespace evo {

// `before` is the state of the generation before, where the champion lived.
void choose_champion(State& state, const State& before, Scorer& scorer, Work& work);

}  // namespace evo
