// comparison.hpp: episodes at a server against replay: how far each check is off, and how likely that is.
// Why:      thirty questions differ by chance alone; only a difference that the right model would hardly show
//           says that replay promises something else than the server keeps.
// Use:      std::vector<CheckResult> results = compare(questions, distinct, {.seed = 1});
//           if (flagged(results)) ...
// How:      Of each question, what an episode at the server adds to a check beyond replay's mean is compared
//           with what episodes of replay add. If the recording is of the same model, episodes at the server
//           and blocks of recorded branches, as many as an episode opens, are draws of one kind. So sums over
//           questions are drawn again and again out of both together, the recording's own chance included.
//           Looks at one branch, and branches of one episode, stay together in this.
// Promises: a function of its arguments. `p` is the share of sums drawn that are as far off, on either side;
//           `adjusted` holds for all checks together (Holm, 1979). Intervals are over questions, as those of
//           evotts compare. Checks with nothing to compare are left out.
// Threads:  uses the threads of the calling TBB arena.
// Tests:    tests/live/audit/comparison_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "live/audit/checks.hpp"
#include "live/audit/replays.hpp"
#include "replay/environment/distinct_questions.hpp"
#include "replay/evaluation/intervals.hpp"

namespace live {

inline constexpr double kFlag = 0.001;  // of `adjusted`

struct AuditedQuestion {
  Replays replays;
  std::size_t recorded = 0;  // branches
  std::vector<Tally> live;   // of episodes
};

struct CheckResult {
  Check check = Check::kAccuracy;
  double live = 0, replay = 0;  // means over the same questions, with as many episodes of each
  double difference = 0;        // live minus replay
  replay::Interval interval;    // of the difference, 95%
  double count = 0;             // of what the mean is over, at the server
  double score = 0;             // the difference in standard errors that replay would have
  double p = 1, adjusted = 1;

  bool flagged() const { return adjusted < kFlag; }
};

struct ComparisonOptions {
  std::uint64_t seed = 0;
  std::size_t draws = 25'000;  // of each check, at most
};

// `distinct` is of the one environment that the questions are.
std::vector<CheckResult> compare(const std::vector<AuditedQuestion>& questions,
                                 const replay::DistinctQuestions& distinct, const ComparisonOptions& options);

bool flagged(const std::vector<CheckResult>& results);

}  // namespace live
