// inbox.hpp: what other threads have to tell the one that collects.
// Why:      replies come on the thread of the upstream, which must not wait for a disk.
// Use:      inbox.put([this, reply] { take(reply); });   // there
//           inbox.run(0.2);                               // here: waits for the first, then runs all
// Promises: in the order in which they were put, each once. A task may put others, which run next time.
// Threads:  put() from any; run() from one.
// Tests:    tests/live/collect/collector_test.cpp
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <utility>
#include <vector>

namespace live {

class Inbox {
 public:
  using Task = std::function<void()>;

  void put(Task task) {
    {
      const std::scoped_lock lock(mutex_);
      tasks_.push_back(std::move(task));
    }
    some_.notify_one();
  }

  void run(double seconds) {
    std::vector<Task> tasks;
    {
      std::unique_lock lock(mutex_);
      some_.wait_for(lock, std::chrono::duration<double>(seconds), [&] { return !tasks_.empty(); });
      tasks.swap(tasks_);
    }
    for (const Task& task : tasks) task();
  }

 private:
  std::mutex mutex_;
  std::condition_variable some_;
  std::vector<Task> tasks_;
};

}  // namespace live
