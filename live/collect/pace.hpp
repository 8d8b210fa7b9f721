// pace.hpp: how many requests a server is given at a time.
// Why:      too few leave it idle; too many wait in its queue until they time out, or are refused.
// Use:      Pace pace(256);
//           pace.refused(now);                                  // the server is busy, as it says
//           upstream.limit(pace.at(now, tokens_so_far, full));  // now and then
// How:      it begins with few. Each window of some seconds in which all of them were under way gives a rate
//           of tokens. While the rate rises with the number, the number is doubled; when it no longer does,
//           the smaller number is gone back to and kept for a while, then tried again. A refusal halves the
//           number at once, and from then on it grows slowly.
// Promises: between 1 and `most`. Only what it is told counts: it has no clock.
// Threads:  one at a time.
// Tests:    tests/live/collect/pace_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>

namespace live {

class Pace {
 public:
  explicit Pace(std::size_t most);

  std::size_t limit() const { return limit_; }

  // A request was refused because the server is busy. `now` is in seconds, from any beginning.
  void refused(double now);

  // The number from now on. `tokens`: generated so far; `full`: whether all that were allowed are under way.
  std::size_t at(double now, std::int64_t tokens, bool full);

 private:
  void begin_window(double now, std::int64_t tokens);
  void judge(double now, double rate);

  const std::size_t most_;
  std::size_t limit_, before_;             // before_: the number that limit_ is compared with
  double rate_before_ = 0;                 // of tokens, at that number
  bool trying_ = false, refused_ = false;  // trying_: limit_ is new, and to be judged
  double window_begin_ = -1, hold_until_ = 0, last_refusal_ = -1e9;
  std::int64_t tokens_at_begin_ = 0;
};

}  // namespace live
