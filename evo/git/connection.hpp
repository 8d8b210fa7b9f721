// connection.hpp: a handle of a run's repository that is opened anew when what it knows has gone.
// Why:      libgit2 keeps packs open that another process has deleted, and does not always find where their
//           objects went; a fresh handle does.
// Use:      Connection connection("runs/a");
//           connection.reading([&](git_repository* repo) { return tree_at(repo, id, root); });
//           if (connection.packs_went()) connection.disconnect();
// Promises: reading() does its work anew when storage fails, since somebody may have folded packs meanwhile:
//           so the work must be repeatable. A clone that lacks objects is not asked again while its packs
//           are the same: nobody has moved what is missing.
// Throws:   StorageError naming the run.
// Threads:  one thread an object.
// Tests:    tests/evo/git/run_repository_test.cpp, tests/evo/git/other_writers_test.cpp
#pragma once

#include <filesystem>
#include <set>
#include <utility>

#include "evo/base/error.hpp"
#include "evo/objects/clone_kind.hpp"
#include "evo/objects/handles.hpp"

namespace evo {

class Connection {
 public:
  explicit Connection(std::filesystem::path root) : root_(std::move(root)) {}
  Connection(std::filesystem::path root, GitRepository opened);

  const std::filesystem::path& root() const { return root_; }
  void move_to(std::filesystem::path root);  // where the run has been renamed to

  // Connects when needed, so that disconnect() is enough to start anew.
  git_repository* repository();
  void disconnect() { handle_.reset(); }

  const CloneKind& kind();

  // Whether a pack that was there when the handle was opened is not any more.
  bool packs_went() const;

  template <class Work>
  auto reading(Work&& work) {
    constexpr int kAttempts = 4;
    for (int attempt = 1;; ++attempt) {
      try {
        return work(repository());
      } catch (const StorageError&) {
        if (attempt == kAttempts || lacks_it_still()) fail_as_it_is();
        disconnect();
      }
    }
  }

 private:
  // Whether what is missing was missing from the start.
  bool lacks_it_still() const;

  // Throws the failure at hand on, saying what a clone like this lacks.
  [[noreturn]] void fail_as_it_is();

  std::filesystem::path root_;
  GitRepository handle_;
  CloneKind kind_;  // as the next, when the handle was opened
  std::set<std::filesystem::path> packs_;
};

}  // namespace evo
