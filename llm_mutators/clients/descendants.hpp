// descendants.hpp: the end of all that a process has started.
// Why:      processes leave groups and sessions as they please, but not their line of descent: an orphan
//           becomes a child of the nearest subreaper above it.
// Use:      prctl(PR_SET_CHILD_SUBREAPER, 1);  ...
//           if (!end_descendants(std::chrono::seconds(5), [](pid_t pid, int status) { ... })) ...
// Promises: only children of the caller are killed. Nobody else can wait for those, so no number that is
//           killed can have become another process's; what was below a child is the caller's child next.
// Threads:  the process has no other thread that starts or waits for children.
// Tests:    tests/llm_mutators/clients/guard_test.cpp
#pragma once

#include <chrono>
#include <functional>
#include <sys/types.h>

namespace llm_mutators {

// Kills and waits for children until there are none, or for so long; whether there are none. Each one's
// number and status, as waitpid gives them, are passed on.
bool end_descendants(std::chrono::milliseconds patience, const std::function<void(pid_t, int)>& reaped);

}  // namespace llm_mutators
