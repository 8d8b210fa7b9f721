// commits.hpp: reading and making the commits of a run, on top of libgit2.
// Why:      run_repository.cpp reads as what happens to a run; the calls it takes are here.
// Use:      git_oid id = create_commit(fresh, tree, &parent, message, root);  // in memory
//           move_branch(repo, kMainReference, id, &parent, root);            // from here on it counts
// Promises: StorageError for what fails, naming the run; RunError where the user named something that is
//           not there.
// Threads:  one thread a repository handle.
// Tests:    tests/evo/git/run_repository_test.cpp
#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "evo/base/error.hpp"
#include "evo/git/commit_info.hpp"
#include "evo/objects/fresh_objects.hpp"
#include "evo/objects/handles.hpp"

namespace evo {

GitCommit commit_at(git_repository* repository, const git_oid& id, const std::filesystem::path& root);

// The tree of a commit.
GitTree tree_at(git_repository* repository, const git_oid& id, const std::filesystem::path& root);

// There is no branch main: the repository is no run, or has lost it.
struct NoMain : RunError {
  using RunError::RunError;
};

// The newest commit on main; NoMain if there is no such branch.
git_oid main_of(git_repository* repository, const std::filesystem::path& root);

// The commit with this id, whole or shortened; the newest one if it is empty. RunError if there is none.
git_oid resolve(git_repository* repository, std::string_view revision, const std::filesystem::path& root);

// The entry of a path below the tree, or null.
GitTreeEntry entry_in(const git_tree* tree, std::string_view path, const std::filesystem::path& root);

// That what the next generation starts from can be read: all files of the tree but lineage/ and journal/,
// which only grow. StorageError names the first that cannot.
void check_readable(git_repository* repository, const git_tree* tree, const std::filesystem::path& root);

// Makes a commit among the fresh objects, which nothing refers to yet; parent may be null.
git_oid create_commit(FreshObjects& fresh, const git_oid& tree_id, const git_oid* parent_id,
                      const std::string& message, const std::filesystem::path& root);

// The path of something that this fresh tree names and that is neither fresh nor in the repository; the
// handle must have been opened after the last pack went.
std::optional<std::string> missing_in(git_repository* repository, const FreshObjects& fresh,
                                      const git_oid& tree, const std::filesystem::path& root);

// Where a reference ("refs/heads/...") stands, if it is there.
std::optional<git_oid> tip_of(git_repository* repository, const std::string& reference,
                              const std::filesystem::path& root);

// Where a branch ("refs/heads/...") of the run that this one is a plain clone of stood; and that of a branch,
// in whichever way this run has it: a clone has only main as a branch of its own.
std::optional<git_oid> tip_in_a_clone(git_repository* repository, const std::string& reference,
                                      const std::filesystem::path& root);
std::optional<git_oid> tip_of_branch(git_repository* repository, const std::string& reference,
                                     const std::filesystem::path& root);

// What is to be said when a branch is not where the writer left it (null: it was not there).
[[noreturn]] void fail_as_moved(const std::filesystem::path& root, const std::string& reference,
                                const std::optional<git_oid>& expected, const std::optional<git_oid>& now);

// The one step that makes a commit count: the branch goes from parent (null: it is new) to id; StorageError
// when another process has moved it. git commands of the user, such as gc, lock the branch for a moment, so a
// lock is waited for.
void move_branch(git_repository* repository, const std::string& reference, const git_oid& id,
                 const git_oid* parent, const std::filesystem::path& root);

// `cut`: the ids of commits whose parents are not here.
CommitInfo info_of(const git_commit* commit, const std::set<std::string>& cut);

}  // namespace evo
