// individual.hpp: an individual of a run as the public headers show it.
// Why:      run.hpp reads them out of a commit and search.hpp out of a state at work.
// Use:      return shown(state.best(), sealing);
// Promises: scores and curve are those of the state.
// Threads:  pure functions.
// Tests:    tests/api/run_test.cpp
#pragma once

#include <evotts/run.hpp>

#include "api/data.hpp"
#include "evo/population/individual.hpp"

namespace evotts::detail {

Individual shown(const evo::Individual& individual, const Sealing& sealing);

}  // namespace evotts::detail
