// interruption.hpp: the end of long work that is no longer wanted, such as by Ctrl-C in a program of Python.
// Why:      reading, scoring and making recordings take seconds to minutes, and a caller may not be kept
//           waiting. A thread cannot be ended from outside, so loops look whether they are to go on.
// Use:      const Interruptible work([] { return !asked_to_end; });   // loops of this thread look from here
//           for (const Item& each : items) { take_breath(); ... }     // in a loop of milliseconds or more
// Promises: `wanted` is called in the thread that made the Interruptible, every 20 ms or so. Once it says
//           no, take_breath() throws Interrupted, in that thread and in those of its own loops
//           (for_each_index.hpp), but for a Search, which is Undisturbed. Where nobody asked for it,
//           take_breath() is one comparison.
// Threads:  each Interruptible belongs to the thread that made it.
// Tests:    tests/replay/parallel/interruption_test.cpp
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <thread>

namespace replay {

// No std::exception: nobody who takes those for bad input may take it.
struct Interrupted {};

class Interruptible {
 public:
  explicit Interruptible(std::function<bool()> wanted);
  ~Interruptible();
  Interruptible(const Interruptible&) = delete;
  Interruptible& operator=(const Interruptible&) = delete;

  void look();

 private:
  std::function<bool()> wanted_;
  std::thread::id owner_ = std::this_thread::get_id();
  std::int64_t next_;  // in milliseconds of a clock that is cheap to read
  std::atomic<bool> unwanted_{false};
  Interruptible* before_;
};

namespace detail {
extern constinit thread_local Interruptible* looked_at;
}  // namespace detail

inline void take_breath() {
  if (detail::looked_at != nullptr) detail::looked_at->look();
}

// While it lives, loops of this thread look at `other`, which may belong to another thread, or at none.
class LooksAt {
 public:
  explicit LooksAt(Interruptible* other) : before_(detail::looked_at) { detail::looked_at = other; }
  ~LooksAt() { detail::looked_at = before_; }
  LooksAt(const LooksAt&) = delete;
  LooksAt& operator=(const LooksAt&) = delete;

 private:
  Interruptible* before_;
};

// While it lives, work of this thread is done to its end.
class Undisturbed : LooksAt {
 public:
  Undisturbed() : LooksAt(nullptr) {}
};

}  // namespace replay
