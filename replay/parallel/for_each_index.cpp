#include "replay/parallel/for_each_index.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>
#include <thread>
#include <vector>

#include "replay/parallel/interruption.hpp"

namespace replay {
namespace {

thread_local std::size_t own_threads = 0;  // 0: loops run in the arena

// One loop on threads of its own: each takes the next index until none is left.
class OwnLoop {
 public:
  OwnLoop(std::size_t count, const LoopStep& step) : count_(count), step_(step) {}

  void run(std::size_t threads) {
    {
      std::vector<std::jthread> others;
      for (std::size_t slot = 1; slot < std::min(threads, count_); ++slot) {
        try {
          others.emplace_back([this, slot] { work(slot); });
        } catch (const std::system_error&) {
          break;  // there are no more threads to be had
        }
      }
      work(0);
    }
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  void work(std::size_t slot) {
    const OwnThreads alone(1);  // a loop within the loop
    const LooksAt looks(looked_at_);
    for (std::size_t i = next_++; i < count_; i = next_++) {
      try {
        step_(i, slot);
      } catch (...) {
        const std::lock_guard lock(failing_);
        if (!failure_) failure_ = std::current_exception();
        next_ = count_;
      }
    }
  }

  std::size_t count_;
  const LoopStep& step_;
  Interruptible* looked_at_ = detail::looked_at;
  std::atomic<std::size_t> next_{0};
  std::mutex failing_;
  std::exception_ptr failure_;
};

}  // namespace

void for_each_index(std::size_t count, const LoopStep& step) {
  if (own_threads > 0) return OwnLoop(count, step).run(own_threads);
  tbb::parallel_for(
      tbb::blocked_range<std::size_t>(0, count, 1), [&](const tbb::blocked_range<std::size_t>& range) {
        const auto slot = static_cast<std::size_t>(tbb::this_task_arena::current_thread_index());
        for (std::size_t i = range.begin(); i != range.end(); ++i) step(i, slot);
      });
}

std::size_t loop_slots() {
  if (own_threads > 0) return own_threads;
  return static_cast<std::size_t>(tbb::this_task_arena::max_concurrency());
}

OwnThreads::OwnThreads(int threads) : before_(own_threads) {
  own_threads = threads > 0 ? static_cast<std::size_t>(threads)
                            : std::max<std::size_t>(1, std::thread::hardware_concurrency());
}

OwnThreads::~OwnThreads() { own_threads = before_; }

}  // namespace replay
