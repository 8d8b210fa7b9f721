// maintenance_lock.hpp: packs are deleted only while `git maintenance` does not look at them.
// Why:      it writes an index of several packs from the list it made at its start; packs that go meanwhile
//           leave that index wrong, and git reading from what is gone.
// Use:      const MaintenanceLock lock("runs/a");
//           if (lock.is_ours()) ...                   // else later: somebody maintains the run now
// How:      git's own lock for this, .git/objects/maintenance.lock, which exists while it is held.
// Promises: one that a killed process left is taken over: a writer's, which says so, at once; git's after an
//           hour. Only with the lock of the run.
// Threads:  one thread an object.
// Tests:    tests/evo/git/other_writers_test.cpp
#pragma once

#include <filesystem>

namespace evo {

class MaintenanceLock {
 public:
  explicit MaintenanceLock(const std::filesystem::path& run);
  ~MaintenanceLock();
  MaintenanceLock(const MaintenanceLock&) = delete;
  MaintenanceLock& operator=(const MaintenanceLock&) = delete;

  bool is_ours() const { return ours_; }

 private:
  std::filesystem::path file_;
  bool ours_ = false;
};

}  // namespace evo
