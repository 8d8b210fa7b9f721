// standard_streams.hpp: descriptors 0, 1 and 2 are taken, whatever the program was started with.
// Why:      a file that is opened while one of them is closed gets its number, and then takes in what is
//           printed: the lock of a run, a pack.
// Use:      int main(...) { open_standard_streams(); ... }     // before anything else
// Promises: a closed stream stays one that cannot be used: reading and printing fail as they would have, and
//           what is reported on standard error is lost.
// Threads:  at the start, when there is one.
// Tests:    tests/experiments/commands/standard_streams_test.cpp
#pragma once

namespace experiments {

void open_standard_streams();

}  // namespace experiments
