// clone_kind.hpp: in which way a clone of a run is less than the run.
// Why:      a shallow clone ends at commits whose parents are elsewhere, a partial one leaves out objects
//           until they are needed, and a bare one or a work tree of another repository keeps its folders
//           elsewhere. None of that is damage. libgit2 knows nothing of the first two.
// Use:      const CloneKind kind = clone_kind_of(repository);
//           if (kind.cut.contains(commit)) ...            // its parents are not here
//           if (kind.is_less()) print(kind.completing(root));
// Promises: reads the repository's own files and settings, and nothing else.
// Source:   git's Documentation/technical/shallow.txt and partial-clone.txt.
// Threads:  a value.
// Tests:    tests/experiments/commands/clones_test.cpp
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "evo/objects/handles.hpp"

namespace evo {

struct CloneKind {
  std::set<std::string> cut;                // ids of the commits at which a shallow clone ends
  std::vector<std::filesystem::path> lost;  // folders of objects that it borrows from and that are not there
  bool has_source = false;                  // a remote from which more can be fetched
  bool partial = false;                     // another repository has promised the objects that are not here
  bool bare = false;
  bool linked = false;        // the repository is elsewhere, as that of `git worktree`
  std::filesystem::path git;  // the folder of the repository, without a slash at its end

  std::filesystem::path objects() const { return git / "objects"; }
  bool is_less() const { return partial || !cut.empty(); }

  // How to get what is not here: a command for the shell in quotes, or words, as the end of a sentence.
  std::string completing(const std::filesystem::path& root) const;
};

CloneKind clone_kind_of(git_repository* repository);

}  // namespace evo
