// checks.hpp: what an audit compares, and sums of it.
// Why:      an episode at a server and one in replay are alike only if all that they show is counted alike.
// Use:      Tally tally{};
//           tally[place_of(Check::kLengths)] += {.sum = 720, .count = 1};
// Promises: each check is the mean of something: a sum over a number of things, which are episodes, branches
//           that ended, intervals or looks.
// Threads:  values and pure functions.
// Tests:    tests/live/audit/recorded_pool_test.cpp
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace live {

enum class Check : std::uint8_t {
  kAccuracy,     // of episodes, answered right
  kTokens,       // of episodes, as their controller counts them
  kEnds,         // of intervals, in which the branch ended
  kLengths,      // of branches that ended, their tokens
  kFinalsRight,  // of branches that ended, right
  kFinalsAgree,  // of branches that ended, the chance that a recorded one ended alike
  kFinalsBlank,  // of branches that ended, without an answer
  kLooksAgree,   // of looks at branches that ended with an answer, those that showed that one
  kLooksBlank,   // of looks, without an answer
  kLogprob,      // of intervals, the signal of this name
  kEntropy,
  kConfidence,
};
inline constexpr std::size_t kChecks = 12;

constexpr std::size_t place_of(Check check) { return static_cast<std::size_t>(check); }

// The signals that a server can be asked for, in the order of their checks.
inline constexpr std::array<std::string_view, 3> kAuditSignals = {"logprob", "entropy", "confidence"};
constexpr Check check_of_signal(std::size_t signal) {
  return static_cast<Check>(place_of(Check::kLogprob) + signal);
}

struct Part {
  double sum = 0, count = 0;
  Part& operator+=(const Part& more) {
    sum += more.sum;
    count += more.count;
    return *this;
  }
  friend bool operator==(const Part&, const Part&) = default;
};

using Tally = std::array<Part, kChecks>;

inline Tally& operator+=(Tally& tally, const Tally& more) {
  for (std::size_t i = 0; i < kChecks; ++i) tally[i] += more[i];
  return tally;
}

// A branch of an episode at a server, as far as the episode saw it.
struct SeenBranch {
  bool whole = false;     // it was asked for whole: it has no looks
  bool finished = false;  // else it was pruned, or the episode ended before it
  std::size_t intervals = 0;
  std::vector<std::string> looks;                                 // by interval; empty: nobody looked there
  std::array<std::vector<double>, kAuditSignals.size()> signals;  // by interval, or empty: not told
  std::int64_t tokens = 0;                                        // of a finished one
  std::string answer;                                             // likewise
};

struct SeenEpisode {
  std::string answer;  // empty: none
  std::int64_t tokens = 0;
  std::vector<SeenBranch> branches;
};

}  // namespace live
