// run_repository.hpp: the history of a run, one git commit a generation, written through libgit2.
// Why:      a run is resumed, forked and compared by people who know git; and a commit is the one thing
//           that a crash leaves either whole or not there at all.
// Use:      auto run = RunRepository::create("runs/a", {.put = {{"checkpoint.bin", bytes}}}, message);
//           run.commit({.put = {{"best.ctl", text}}, .remove = {"population/0ld.ctl"}}, message);
//           auto run = RunRepository::open("runs/a");                     // to read, beside a writer
//           run.read("best.ctl", run.log(1).front().parent);
// Promises: objects first, synced, in one pack a commit; then the branch `main` moves, atomically; then
//           the work tree follows for the changed paths. A crash at any instant leaves a run at a whole
//           commit, and opening it for writing puts the work tree right. When commit() throws, the
//           history is that before the commit or, if only the files or the folding of packs failed,
//           that after it. What a commit costs follows its changes; only git's index grows with the tree.
//           Equal content gives equal trees. The user's git settings and HOME play no part. Other
//           processes may fold packs and collect garbage meanwhile: a commit brings along whatever its
//           parent does not hold. When one moves main, the next commit is refused.
// Trailers: messages end in `Key: value` lines (see evo/record/trailers.hpp).
// Revision: an argument `revision` is a commit id, whole or shortened; empty means the newest commit.
// Throws:   RunError for what is wrong with the run named, StorageError for input, output and libgit2.
// Threads:  an object belongs to one thread; any number of objects, in any processes, may read.
// Tests:    tests/evo/git/run_repository_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "evo/git/commit_info.hpp"
#include "evo/git/run_changes.hpp"
#include "evo/git/work_tree.hpp"
#include "evo/objects/clone_kind.hpp"

namespace evo {

class RunRepository {
 public:
  using Changes = RunChanges;
  // What a new run is given on a branch of its own (see commit_beside).
  struct Beside {
    std::string branch;
    Changes changes;
    std::string message;
  };

  // A new run with its first commit, open for writing. The path must not exist; it appears only when the
  // commit is whole. Missing parent folders are made.
  static RunRepository create(const std::filesystem::path& path, const Changes& first,
                              const std::string& message);

  // A new run, open for writing, that starts with the history of `source` up to `revision`; with one
  // commit more when the message is not empty. Of the branches named those that are there come along; what is
  // to be `beside` is put on top of its branch, unless it is nothing.
  static RunRepository fork(const RunRepository& source, std::string_view revision,
                            const std::filesystem::path& path, const Changes& changes,
                            const std::string& message, std::span<const std::string> branches = {},
                            const Beside& beside = {});

  // Opens a run for reading.
  static RunRepository open(const std::filesystem::path& path);

  // Opens what may be a damaged run, for reading: its newest commit need not be readable.
  static RunRepository open_damaged(const std::filesystem::path& path);

  // Opens a run for writing: takes its lock and puts right what a killed writer left half done.
  static RunRepository open_for_writing(const std::filesystem::path& path);

  ~RunRepository();
  RunRepository(RunRepository&&) noexcept;
  RunRepository& operator=(RunRepository&&) noexcept;

  // Records the changes on top of the newest commit, and gives the id of the new one.
  std::string commit(const Changes& changes, const std::string& message);

  // Records the changes on a branch of its own beside main, which stays as it is: so do its trees, and the
  // files in the folder. The branch starts with this commit if there is none.
  std::string commit_beside(const std::string& branch, const Changes& changes, const std::string& message);

  // Packs are folded when there are that many small ones; 50 if not set. Of a run that is open for writing.
  void set_fold_at(std::size_t packs);

  const std::filesystem::path& path() const;
  std::string head() const;                                         // The id of the newest commit.
  std::string head_tree() const;                                    // The id of its tree.
  std::optional<std::string> tip(const std::string& branch) const;  // The id of its newest commit, if any.
  std::string commit_id(std::string_view revision) const;           // In full; RunError if there is none.

  // The content of a file, if the revision has it.
  std::optional<std::string> read(std::string_view file, std::string_view revision = {}) const;

  // The names in a folder ("" is the root), sorted; those of folders end in '/'. Empty if it is not there.
  std::vector<std::string> list(std::string_view folder, std::string_view revision = {}) const;

  // Every file of the revision, with the id of its content.
  std::map<std::string, std::string> files(std::string_view revision = {}) const;

  // The content with this id; StorageError when it cannot be read.
  std::string content(const std::string& blob) const;

  // Files of the run that differ from the newest commit. Files that are not part of the run do not count.
  std::map<std::string, FileState> edited_files() const;

  // In which way this is less than the whole repository; and whether an object, by its id, is here.
  const CloneKind& kind() const;
  bool has_object(const std::string& id) const;

  // Commits from the revision back, newest first, along first parents.
  std::vector<CommitInfo> log(std::size_t limit = std::numeric_limits<std::size_t>::max(),
                              std::string_view revision = {}) const;

 private:
  struct Impl;
  explicit RunRepository(std::unique_ptr<Impl> impl);
  static RunRepository run_to_write(RunRepository run);

  std::unique_ptr<Impl> impl_;
};

}  // namespace evo
