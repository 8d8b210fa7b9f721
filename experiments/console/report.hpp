// report.hpp: a line on standard error, beside the output of a command.
// Why:      everything that is not output begins with the name of the program, as people expect of it.
// Use:      report("keys have new names: ...");   // evotts: keys have new names: ...
// Promises: never fails; what a closed standard error cannot take is lost. No control character but line
//           ends reaches the terminal; whoever quotes what may hold line ends uses visible().
// Threads:  any.
// Tests:    tests/experiments/commands/command_line_test.cpp
#pragma once

#include <string>

namespace experiments {

void report(const std::string& message);

}  // namespace experiments
