// surroundings.hpp: what is to be told of a run beside the generations on its branch.
// Why:      verification.cpp walks through the history; the folder's files, other branches and what kind of
//           clone it is matter too, and none of them is a generation.
// Use:      look_at_unsealings(repository, found);
// Promises: whatever is there ends as a finding and not as a failure. What git itself does to a clone is a
//           note, never a problem.
// Threads:  one thread.
// Tests:    tests/experiments/commands/verify_test.cpp, tests/experiments/commands/clones_test.cpp
#pragma once

#include "evo/git/run_repository.hpp"
#include "evo/verification/verification_result.hpp"

namespace evo {

// Every look at held-out environments must still be on record, as it was recorded.
void look_at_unsealings(const RunRepository& repository, Verification& found);

// What was stated before the search must still be stated, and be true of generation 0.
void look_at_preregistration(const RunRepository& repository, Verification& found);

// Which branch is checked out, and the files of the working tree. A writer mends both.
void look_beside(const RunRepository& repository, Verification& found);

// A clone need not have everything. `oldest`: the commit at which the history begins here.
void tell_what_is_elsewhere(const RunRepository& repository, const CommitInfo& oldest, Verification& found);

}  // namespace evo
