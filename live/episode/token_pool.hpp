// token_pool.hpp: what may still be generated for a question.
// Why:      a ceiling is kept only if what is under way counts before it has come.
// Use:      TokenPool pool(20'000);
//           if (pool.left(kept_back) >= 500) pool.reserve(500);
//           pool.settle(500, 312);   // 312 of them were used
// Promises: left() is what is neither used nor reserved nor kept back, 0 at least.
// Threads:  one at a time.
// Tests:    tests/live/episode/episode_test.cpp
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>

namespace live {

class TokenPool {
 public:
  // Without a ceiling there is always enough.
  explicit TokenPool(std::optional<std::int64_t> ceiling) : ceiling_(ceiling) {}

  std::int64_t left(std::int64_t kept_back = 0) const {
    if (!ceiling_) return std::numeric_limits<std::int64_t>::max();
    return std::max<std::int64_t>(0, *ceiling_ - used_ - reserved_ - kept_back);
  }
  bool limited() const { return ceiling_.has_value(); }
  void reserve(std::int64_t tokens) { reserved_ += tokens; }
  void settle(std::int64_t reserved, std::int64_t used) {
    reserved_ -= reserved;
    used_ += used;
  }

 private:
  std::optional<std::int64_t> ceiling_;
  std::int64_t used_ = 0, reserved_ = 0;
};

}  // namespace live
