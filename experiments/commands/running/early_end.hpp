// early_end.hpp: how `run` and `resume` are stopped by a signal, and what is said where nothing is kept.
// Why:      run, resume and their many seeds stop alike, and mpirun's signals mean something else.
// Use:      const auto signals = stop_signals(arguments);
//           catch (const replay::Interrupted&) { end_without("the budgets are known", "more --minutes"); }
// Promises: from the making of the signals on, one ends the work at a whole generation; under mpirun as
//           experiments/session/signals.hpp says. One of many runs has none: whoever makes many looks.
// Throws:   end_without: StorageError, always.
// Threads:  one thread.
// Tests:    tests/experiments/commands/run_resume_test.cpp, tests/cluster/mpirun_test.cpp
#pragma once

#include <memory>
#include <string_view>

#include "experiments/commands/running/run_arguments.hpp"
#include "experiments/session/signals.hpp"

namespace experiments {

std::unique_ptr<StopSignals> stop_signals(const RunArguments& arguments);

// Before something is done no run is there to go on with. `more`: what would give it the time.
[[noreturn]] void end_without(std::string_view what, std::string_view more);

}  // namespace experiments
