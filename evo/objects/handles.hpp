// handles.hpp: owners for libgit2's objects and one way to report its failures.
// Why:      libgit2 gives back raw pointers and error codes; here a pointer has an owner and an error is
//           a StorageError that names the operation and the path.
// Use:      GitTree tree = git_make<GitTree>([&](auto out) { return git_tree_lookup(out, repo, &id); },
//                                            "read a tree of", root);
//           git_check(git_index_write(index), "write the index of", root);
// Promises: included in evo/objects and evo/git only: the rest of the project sees no libgit2.
// Threads:  a handle belongs to one thread at a time.
#pragma once

#include <filesystem>
#include <git2.h>
#include <git2/sys/odb_backend.h>
#include <memory>
#include <string>
#include <string_view>

#include "evo/base/error.hpp"

namespace evo {

template <auto Free>
struct GitFree {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};

using GitRepository = std::unique_ptr<git_repository, GitFree<git_repository_free>>;
using GitOdb = std::unique_ptr<git_odb, GitFree<git_odb_free>>;
using GitTree = std::unique_ptr<git_tree, GitFree<git_tree_free>>;
using GitTreeEntry = std::unique_ptr<git_tree_entry, GitFree<git_tree_entry_free>>;
using GitTreeBuilder = std::unique_ptr<git_treebuilder, GitFree<git_treebuilder_free>>;
using GitBlob = std::unique_ptr<git_blob, GitFree<git_blob_free>>;
using GitCommit = std::unique_ptr<git_commit, GitFree<git_commit_free>>;
using GitObject = std::unique_ptr<git_object, GitFree<git_object_free>>;
using GitSignature = std::unique_ptr<git_signature, GitFree<git_signature_free>>;
using GitReference = std::unique_ptr<git_reference, GitFree<git_reference_free>>;
using GitIndex = std::unique_ptr<git_index, GitFree<git_index_free>>;
using GitPackBuilder = std::unique_ptr<git_packbuilder, GitFree<git_packbuilder_free>>;
using GitRevwalk = std::unique_ptr<git_revwalk, GitFree<git_revwalk_free>>;
using GitDiff = std::unique_ptr<git_diff, GitFree<git_diff_free>>;
using GitConfig = std::unique_ptr<git_config, GitFree<git_config_free>>;

// What runs are committed under, whoever's account they run in.
inline constexpr const char* kAuthorName = "evotts";
inline constexpr const char* kAuthorAddress = "evotts@localhost";

// Starts libgit2 once a process: synced writes, none of the user's or the system's settings (what git is
// told there about line ends or hooks must not change a run), and no check of who owns the folder.
void start_libgit2();

// Throws StorageError "cannot <operation> <path>: <libgit2's words>".
[[noreturn]] void git_fail(std::string_view operation, const std::filesystem::path& path);

inline void git_check(int code, std::string_view operation, const std::filesystem::path& path) {
  if (code < 0) git_fail(operation, path);
}

// The handle that `call` makes through its out parameter.
template <class Handle, class Call>
Handle git_make(Call&& call, std::string_view operation, const std::filesystem::path& path) {
  typename Handle::pointer raw = nullptr;
  git_check(call(&raw), operation, path);
  return Handle(raw);
}

// Does the work; a failure of the standard library's file functions becomes a StorageError as well.
template <class Work>
auto with_storage_errors(Work&& work) {
  try {
    return work();
  } catch (const std::filesystem::filesystem_error& error) {
    throw StorageError(error.what());
  }
}

std::string hex_of(const git_oid& id);

}  // namespace evo
