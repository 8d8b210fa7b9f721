// info.hpp: what an environment holds, in figures.
// Why:      before scoring controllers one wants to know how hard the questions are, how long branches
//           get, and what plain voting would reach.
// Use:      EnvironmentInfo info = describe(env);
//           for (const auto& sc : info.self_consistency) print(sc.branches, sc.percent);
// Promises: self-consistency is the accuracy of voting over the final answers of the first k branches
//           under orderings 0 to 99, exactly that of the controller `sc`. Quantiles interpolate
//           between neighbours. Percentages are of 100; those of nothing are 0. What a signal tells is the
//           area under its ROC curve: the share of pairs of a right and a wrong branch of one question in
//           which the right one has the larger mean, ties half (Hanley and McNeil, Radiology 143, 1982,
//           29-36), averaged over the questions that have both.
// Threads:  pure function.
// Tests:    tests/replay/environment/info_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "replay/environment/environment.hpp"

namespace replay {

// Lengths of branches in tokens; all zero when there are none.
struct LengthSummary {
  std::size_t branches = 0;
  double mean = 0;
  double percentile_10 = 0;
  double median = 0;
  double percentile_90 = 0;
  friend bool operator==(const LengthSummary&, const LengthSummary&) = default;
};

struct SelfConsistency {
  std::size_t branches = 0;  // how many vote
  double percent = 0;
  friend bool operator==(const SelfConsistency&, const SelfConsistency&) = default;
};

// How well the mean of a signal over a whole branch tells right from wrong.
struct SignalSummary {
  std::string name;
  double auc = 0.5;           // below a half: right branches have the smaller means
  std::size_t questions = 0;  // that have both kinds; none: auc says nothing
  friend bool operator==(const SignalSummary&, const SignalSummary&) = default;
};

struct EnvironmentInfo {
  std::size_t questions = 0;
  std::size_t fewest_branches = 0;  // of a question
  std::size_t most_branches = 0;
  std::size_t branches = 0;  // of all questions
  std::size_t answers = 0;   // recorded: at probes and at ends
  std::int64_t smallest_interval = 0;
  std::int64_t largest_interval = 0;
  LengthSummary lengths, right_lengths, wrong_lengths;
  double right_percent = 0;                       // of branches
  double ceiling_percent = 0;                     // of questions with any right branch
  double blank_probe_percent = 0;                 // of probes at which no answer could be read
  double blank_end_percent = 0;                   // of branches without an answer at their end
  std::vector<SelfConsistency> self_consistency;  // of 1, 4, 16, 64, as far as every question has them
  std::vector<SignalSummary> signals;             // by name
  friend bool operator==(const EnvironmentInfo&, const EnvironmentInfo&) = default;
};

EnvironmentInfo describe(const Environment& environment);

}  // namespace replay
