// want.hpp: what a session wants of its branches, and what comes of it.
// Why:      sessions know no server and no clock: whoever drives them carries these to a model and back.
// Use:      Want{.kind = Want::Kind::kAdvance, .branch = 3, .depth = 2, .intervals = 5, .look = true}
//           Result{.branch = 3, .steps = {{"41"}, {"42"}}, .finished = true, .answer = "42", .tokens = 2210}
// Promises: plain data, as include/evotts/session.hpp explains them.
// Threads:  values.
// Tests:    tests/live/session/session_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace live {

struct Want {
  enum class Kind { kOpen, kAdvance, kLook, kRead, kPrune };
  Kind kind = Kind::kOpen;
  std::size_t branch = 0;
  std::int64_t depth = 0;
  std::int64_t intervals = 0;
  bool look = false;
  std::optional<std::int64_t> most_tokens = std::nullopt;
  friend bool operator==(const Want&, const Want&) = default;
};

struct SeenStep {
  std::optional<std::string> answer = std::nullopt;
  std::vector<double> signals = {};
  friend bool operator==(const SeenStep&, const SeenStep&) = default;
};

struct Result {
  std::size_t branch = 0;
  std::vector<SeenStep> steps = {};
  bool finished = false;
  std::string answer = {};
  std::vector<double> signals = {};
  std::int64_t tokens = 0;
  bool lost = false;
  std::int64_t look_tokens = 0;
  friend bool operator==(const Result&, const Result&) = default;
};

}  // namespace live
