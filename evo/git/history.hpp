// history.hpp: the history of a run as a whole.
// Why:      a fork takes it along.
// Use:      copy_history(repository, {commit}, "runs/b");
// Promises: see below.
// Throws:   StorageError naming the run.
// Threads:  one thread a repository handle.
// Tests:    tests/evo/git/run_repository_test.cpp
#pragma once

#include <filesystem>
#include <set>
#include <span>
#include <string>

#include "evo/objects/handles.hpp"

namespace evo {

// Writes everything these commits need of `source` into a pack of the repository at `target_root`. Where the
// history is cut (`cut`: ids of commits whose parents are not in the source), that of the target will be.
void copy_history(git_repository* source, std::span<const git_oid> commits, const std::set<std::string>& cut,
                  const std::filesystem::path& target_root);

}  // namespace evo
