// checkpoint_check.hpp: whether all that a commit says for people is what its checkpoint says.
// Why:      a run is read by its files and messages but resumed from its checkpoint, so the two must agree.
// Use:      compare_with_checkpoint(context, lineage);      // of a commit whose files can all be read
// Promises: whatever the checkpoint holds ends as a finding in the context and not as a failure. What an
//           earlier version of the program did not write is not missed.
// Threads:  one thread.
// Tests:    tests/experiments/commands/verify_test.cpp
#pragma once

#include "evo/verification/file_checks.hpp"

namespace evo {

void compare_with_checkpoint(CheckContext& context, LineageCheck& lineage);

// The first line of a message, as far as it is shown.
std::string first_line(const std::string& message);

}  // namespace evo
