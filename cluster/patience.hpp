// patience.hpp: how a rank waits for messages without taking a processor core from those that work.
// Why:      MPI's own waiting calls turn round and round at full load. A rank that only looks now and then
//           sleeps between, and the longer nothing came, the longer.
// Use:      Patience patience;
//           while (...) transport.receive() ? patience.forget() : patience.wait();
// Promises: the first looks are 40 microseconds apart, so that an answer is not waited for in vain; a rank
//           that has nothing to do for seconds looks a thousand times a second.
// Threads:  a value.
#pragma once

#include <algorithm>
#include <chrono>
#include <sys/prctl.h>
#include <thread>

namespace cluster {

class Patience {
 public:
  // Linux lets a thread sleep 50 microseconds longer than it asked for, to save power.
  Patience() {
    static thread_local const int asked = prctl(PR_SET_TIMERSLACK, 1UL);
    static_cast<void>(asked);
  }
  void forget() { pause_ = kShortest; }
  void wait() {
    std::this_thread::sleep_for(pause_);
    slept_ = pause_ == kShortest ? pause_ : slept_ + pause_;
    // Between two calls, some milliseconds, pauses stay at about 0.1 ms: a rank is soon back at work.
    pause_ = std::clamp<Duration>(slept_ / 40, kShortest + Duration(1), kLongest);
  }

 private:
  using Duration = std::chrono::microseconds;
  static constexpr Duration kShortest{40}, kLongest{1000};
  Duration pause_ = kShortest, slept_{0};
};

}  // namespace cluster
