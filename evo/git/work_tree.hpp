// work_tree.hpp: the files of a run as a user sees them with ls, and git's index of them.
// Why:      `cat RUN/best.ctl` and `git status` should just work beside a running writer; libgit2's
//           checkout would compare the whole tree each generation, this touches what changed.
// Use:      if (!update_work_tree(repo, root, changes)) ...   // after the reference has moved
//           repair_work_tree(repo, root, commit);             // when a run is opened for writing
// Promises: a file is replaced whole, by rename; a reader never sees half of one. Files that are not part
//           of the run are left alone. Not synced: history is what counts, and repair makes the files
//           from it again.
// Threads:  one writer a run.
// Tests:    tests/evo/git/run_repository_test.cpp
#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>

#include "evo/objects/handles.hpp"

namespace evo {

enum class FileState { kChanged, kMissing, kOtherLineEnds };

struct FileChange {
  std::string path;
  const std::string* content;  // Null: the file is gone.
  git_oid blob;
};

// Makes files and index agree with the changes just committed. False when another git process kept the
// index locked for long: the files are right then, the index is not, and the caller repairs it later.
bool update_work_tree(git_repository* repository, const std::filesystem::path& root,
                      std::span<const FileChange> changes);

// The files in the folder that are not, byte for byte, what the tree has. Of other line ends alone are those
// that git converted when it checked them out (core.autocrlf, .gitattributes).
std::map<std::string, FileState> files_beside(git_repository* repository, const git_tree* tree,
                                              const std::filesystem::path& root);

// Makes HEAD, index and files those of the branch main at this commit, whatever state they are in, byte
// for byte. False as above.
bool repair_work_tree(git_repository* repository, const std::filesystem::path& root, const git_oid& commit);

// Removes temporary and lock files of a writer that was killed. git's lock files do not say whose they
// are; one that outlasts what a git command takes here belongs to nobody. Only when a run is opened.
void remove_stale_locks(const std::filesystem::path& root);

}  // namespace evo
