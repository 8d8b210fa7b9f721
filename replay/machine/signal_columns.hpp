// signal_columns.hpp: where an environment holds the signals that a program needs.
// Why:      programs name signals, environments sort them into columns; names are matched once, before any
//           episode, and one that is missing is told then.
// Use:      const SignalColumns columns = signal_columns(program, environment);
//           machine.run(bound, question, ordering, {.columns = columns});
// Promises: a column for each of Program::signals, in their order; empty for a program without any.
// Throws:   InputError, which names the signal, the program, the environment and what that has.
// Threads:  pure functions.
// Tests:    tests/replay/machine/signal_columns_test.cpp
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "genome/program/program.hpp"
#include "replay/environment/environment.hpp"

namespace replay {

using SignalColumns = std::vector<std::uint16_t>;

SignalColumns signal_columns(const genome::Program& program, const Environment& environment);

// The same of Environment::signals alone. REQUIRES: the program's are among them.
SignalColumns signal_columns(const genome::Program& program, std::span<const std::string> recorded);

}  // namespace replay
