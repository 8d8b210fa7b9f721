// run_lock.hpp: one writer to a run at a time.
// Why:      two processes that commit to one run would interleave their generations.
// Use:      RunLock lock("runs/a");          // RunError when another process writes to the run
//           RunLock::holder("runs/a");       // the pid of the writer, if there is one
// How:      RUN/.git/evotts.lock is held with flock, which the kernel gives back when its process ends
//           in whatever way. The file says who holds it: the pid, and the time the process started, as
//           pids are used again. Where the file system has no flock, that text alone decides.
// Promises: a lock left behind by a process that is gone is taken over; the file stays in place and is
//           emptied on release, since removing it would let two processes lock two different files.
// Threads:  one thread an object; two objects of one process exclude each other too.
// Tests:    tests/evo/locks/run_lock_test.cpp
#pragma once

#include <filesystem>
#include <optional>
#include <sys/types.h>

namespace evo {

class RunLock {
 public:
  // Takes the lock of the run, or throws RunError naming the pid that has it, or why nobody here may write.
  explicit RunLock(const std::filesystem::path& run);
  ~RunLock();
  RunLock(RunLock&& other) noexcept;
  RunLock& operator=(RunLock&& other) noexcept;

  // The process that had the lock before and was killed, as the file still named it.
  std::optional<pid_t> killed_holder() const { return killed_; }

  // Whether any program of ours has ever written there, as far as is still to be seen.
  static bool ever_taken(const std::filesystem::path& run);

  // The process that writes to the run now, as far as the lock file tells.
  static std::optional<pid_t> holder(const std::filesystem::path& run);

 private:
  int file_ = -1;
  std::optional<pid_t> killed_;
};

}  // namespace evo
