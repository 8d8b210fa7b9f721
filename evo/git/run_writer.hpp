// run_writer.hpp: how a commit gets into a run that other processes read and look after.
// Why:      a commit counts only with every object it names; and it must be on top of the commit whose state
//           it goes on from, whatever somebody did to the branch meanwhile.
// How:      1. The branch stands where this writer left it, or nothing is done.
//           2. Trees and the commit are made in memory; all that the parent does not hold is a fresh object.
//           3. One pack of them gets into its place, kept from collectors (see pack_files.hpp).
//           4. When packs have gone since the last look, everything that the commit names is looked for.
//           5. The branch moves, if it still stands where it stood.
//           6. The files in the folder follow; packs are folded when there are many.
// Use:      RunWriter writer(connection);       // takes the lock of the run
//           writer.start();                     // puts right what a killed writer left half done
//           const git_oid id = writer.commit(changes, message);
// Promises: see run_repository.hpp.
// Throws:   RunError when another process writes, or git collects garbage; StorageError.
// Threads:  one thread an object; the connection must outlive it.
// Tests:    tests/evo/git/run_repository_test.cpp, tests/evo/git/other_writers_test.cpp
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "evo/git/connection.hpp"
#include "evo/git/run_changes.hpp"
#include "evo/git/work_tree.hpp"
#include "evo/locks/gc_guard.hpp"
#include "evo/locks/run_lock.hpp"

namespace evo {

class RunWriter {
 public:
  explicit RunWriter(Connection& connection);
  ~RunWriter();
  RunWriter(const RunWriter&) = delete;
  RunWriter& operator=(const RunWriter&) = delete;

  // Of a run that is there.
  void start();

  // Puts main of a new run on this commit, which its objects are there for, and its files.
  void start_at(const git_oid& id);

  git_oid commit(const RunChanges& changes, const std::string& message);
  git_oid commit_beside(const std::string& reference, const RunChanges& changes, const std::string& message);

  void set_fold_at(std::size_t packs) { fold_at_ = packs; }

 private:
  struct Made;  // a commit in memory

  Made make(const std::optional<git_oid>& parent, const RunChanges& changes, const std::string& message);
  git_oid write(const std::string& reference, const std::optional<git_oid>& there,
                const std::optional<git_oid>& parent, const RunChanges& changes, const std::string& message,
                std::vector<FileChange>& files);
  void expect_all_there(const Made& made, bool packs_went);
  void update_files(const std::vector<FileChange>& files, const git_oid& id);
  void fold_if_due();

  Connection& connection_;
  RunLock lock_;
  GcGuard no_gc_;
  std::optional<git_oid> last_;  // where this writer left main
  std::size_t fold_at_;
  bool index_is_stale_ = false;
};

}  // namespace evo
