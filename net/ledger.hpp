// ledger.hpp: what was spent on models, what may still be charged, and what is allowed.
// Why:      a budget that is looked at when the bill has come is none: every call must be allowed before it
//           is made, at the most it may cost, with those under way counted as well.
// Use:      if (!ledger.reserve(worst)) return;   // too dear
//           ... ask ...;  ledger.settle(worst, spent);
// Promises: spent plus reserved never passes a limit through reserve().
// Threads:  any.
// Tests:    tests/net/ledger_test.cpp
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>

namespace net {

struct Amount {
  double money = 0;
  std::int64_t input = 0, cached = 0, output = 0;  // tokens; those cached are of the input
  std::int64_t tokens() const { return input + output; }
  Amount& operator+=(const Amount& other) {
    money += other.money;
    input += other.input;
    cached += other.cached;
    output += other.output;
    return *this;
  }
  friend Amount operator*(int times, const Amount& amount) {
    return {times * amount.money, times * amount.input, times * amount.cached, times * amount.output};
  }
  friend bool operator==(const Amount&, const Amount&) = default;
};

struct SpendingLimits {
  std::optional<double> money;
  std::optional<std::int64_t> tokens;
};

class Ledger {
 public:
  explicit Ledger(SpendingLimits limits) : limits_(limits) {}

  // Sets what was spent before, as it is known from the run.
  void begin(const Amount& spent) {
    const std::scoped_lock lock(mutex_);
    spent_ = spent;
  }
  // False, and nothing is reserved, when a limit could be passed.
  bool reserve(const Amount& worst) {
    const std::scoped_lock lock(mutex_);
    const bool money = !limits_.money || spent_.money + reserved_.money + worst.money <= *limits_.money;
    const bool tokens =
        !limits_.tokens || spent_.tokens() + reserved_.tokens() + worst.tokens() <= *limits_.tokens;
    if (money && tokens) reserved_ += worst;
    return money && tokens;
  }
  // Reserves what was allowed before, whatever the limits.
  void hold(const Amount& worst) {
    const std::scoped_lock lock(mutex_);
    reserved_ += worst;
  }
  // What was reserved has come to this.
  void settle(const Amount& reserved, const Amount& spent) {
    const std::scoped_lock lock(mutex_);
    reserved_ += -1 * reserved;
    spent_ += spent;
  }
  Amount spent() const {
    const std::scoped_lock lock(mutex_);
    return spent_;
  }
  Amount reserved() const {
    const std::scoped_lock lock(mutex_);
    return reserved_;
  }
  const SpendingLimits& limits() const { return limits_; }

 private:
  const SpendingLimits limits_;
  mutable std::mutex mutex_;
  Amount spent_, reserved_;
};

}  // namespace net
