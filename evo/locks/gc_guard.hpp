// gc_guard.hpp: tells git that a run is being written, so that its garbage collection waits.
// Why:      `git gc` takes a pack that nothing refers to yet, or an index whose pack is just coming, for
//           garbage; at the wrong instant that is a generation.
// Use:      GcGuard guard("runs/a", lock.killed_holder());   // as long as one writes
//           guard.keep();                    // once in a while: git believes in it for twelve hours
// How:      git's own lock for this: .git/gc.pid says which process on which machine collects garbage, and
//           git refuses (or, with --auto, leaves it) while that process lives. A dead one is taken over. What
//           a killed writer of the run left is known by a third word, which git does not read, or by the
//           process that the lock of the run still named. Only the holder of that lock writes such a file, so
//           it is taken over wherever that process ran, in another container or on another machine.
// Promises: a collection that is under way is waited for, half a minute at most; then it is RunError, naming
//           its process and machine.
// Throws:   RunError; StorageError when the file cannot be written.
// Threads:  one thread an object.
// Tests:    tests/evo/locks/gc_guard_test.cpp
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <sys/types.h>

namespace evo {

class GcGuard {
 public:
  // Only with the lock of the run. `killed`: who had that lock before, if it did not give it back.
  explicit GcGuard(const std::filesystem::path& run, std::optional<pid_t> killed = {},
                   std::chrono::milliseconds patience = std::chrono::seconds(30));
  ~GcGuard();
  GcGuard(const GcGuard&) = delete;
  GcGuard& operator=(const GcGuard&) = delete;

  void keep() const;

 private:
  int folder_ = -1;  // .git, wherever the run is moved to
};

}  // namespace evo
