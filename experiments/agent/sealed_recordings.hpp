// sealed_recordings.hpp: which recordings runs hold out, so that an agent does not look at them by the way.
// Why:      an agent that proposes and scores on what a run holds out breeds on it, and no record tells.
// Use:      expect_not_held_out(workspace.root(), {"recorded/held.json"});
// How:      runs below the folder are looked for, and what they hold out is compared with the recordings, by
//           file and by question, as `evotts eval RUN:ID` does.
// Promises: UsageError names recording and run. Folders are looked through four deep, 10,000 entries at most.
// Threads:  reads the file system.
// Tests:    tests/experiments/agent/agent_server_test.cpp
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace experiments {

void expect_not_held_out(const std::filesystem::path& root, const std::vector<std::string>& environments);

}  // namespace experiments
