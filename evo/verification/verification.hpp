// verification.hpp: everything about a run that can be proved without its environments.
// Why:      a run that comes back from an old disk, another machine or other hands is trusted only after
//           somebody has looked at all of it; and if it is damaged, something of it can still be gone on
//           with.
// Use:      const Verification found = verify("runs/a");
//           for (const Problem& each : found.problems) fmt::print("{}: {}\n", each.place, each.text);
//           if (!found.can_resume && found.newest_whole) ...   // fork RUN@newest_whole
// Checked:  packs, indices and objects (see evo/objects/objects_check.hpp); that generations follow each
//           other; that each changed nothing but what a generation changes; for each, that its checkpoint
//           loads and says the same as its files, and that every individual is named by its text, parses,
//           checks, is canonical, and was born of parents that were born before.
// Promises: changes nothing, takes no lock; the same run gives the same findings. Whatever the damage, it
//           ends in findings and not in a failure, except when the folder cannot be read at all.
// Throws:   RunError when there is no repository; StorageError when its folder cannot be read.
// Threads:  one thread.
// Tests:    tests/experiments/commands/verify_test.cpp
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "evo/git/run_repository.hpp"
#include "evo/objects/objects_check.hpp"
#include "evo/verification/verification_result.hpp"

namespace evo {

struct VerifyProgress {
  CheckProgress objects, generations;
};

Verification verify(const std::filesystem::path& run, const VerifyProgress& progress = {});

// The commit of that generation in a run whose branch may be cut: looked for among all objects that can be
// read. Nothing when there is none whose whole history can be read.
std::optional<std::string> salvaged_commit(const std::filesystem::path& run, int generation);

}  // namespace evo
