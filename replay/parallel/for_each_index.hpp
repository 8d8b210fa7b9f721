// for_each_index.hpp: a loop whose steps run side by side, in the arena of TBB or on threads of its own.
// Why:      the program keeps one set of threads for all its work. A library in somebody else's process
//           must not: threads that stay behind do not survive fork(), and a child would wait for them for
//           ever.
// Use:      std::vector<std::optional<Machine>> machines(loop_slots());
//           for_each_index(blocks.size(), [&](std::size_t i, std::size_t slot) { ... machines[slot] ... });
//           const OwnThreads threads(4);     // from here on loops of this thread have threads of their own
// Promises: each index below `count` is a step once. No two steps that run at once have the same slot. When
//           steps throw, no further ones begin, and one of the exceptions is passed on when all are done.
//           Steps of OwnThreads look at the Interruptible of the thread that began the loop
//           (interruption.hpp). With OwnThreads nothing of TBB is used, and no thread is left when the loop
//           returns; fewer threads do when the system has no more.
// Threads:  any; loops at once are independent.
// Tests:    tests/replay/parallel/for_each_index_test.cpp
#pragma once

#include <cstddef>
#include <functional>

namespace replay {

using LoopStep = std::function<void(std::size_t index, std::size_t slot)>;

void for_each_index(std::size_t count, const LoopStep& step);

// Slots of loops that this thread begins are below this number.
std::size_t loop_slots();

// While it lives, loops of the thread that made it run on that thread and on others that end with the loop.
class OwnThreads {
 public:
  explicit OwnThreads(int threads);  // in all; 0: as many as there are processors. REQUIRES: not negative
  ~OwnThreads();
  OwnThreads(const OwnThreads&) = delete;
  OwnThreads& operator=(const OwnThreads&) = delete;

 private:
  std::size_t before_;
};

}  // namespace replay
