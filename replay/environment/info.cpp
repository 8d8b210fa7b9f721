#include "replay/environment/info.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <utility>

#include "genome/base/check.hpp"
#include "replay/environment/ordering.hpp"

namespace replay {
namespace {

constexpr std::size_t kOrderings = 100;

double percent(std::size_t part, std::size_t whole) {
  return whole == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

double quantile(const std::vector<std::int64_t>& sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  const auto low = static_cast<double>(sorted[below]);
  return low + (place - std::floor(place)) * (static_cast<double>(sorted[above]) - low);
}

LengthSummary summarize(std::vector<std::int64_t> lengths) {
  if (lengths.empty()) return {};
  std::sort(lengths.begin(), lengths.end());
  double sum = 0;
  for (const std::int64_t tokens : lengths) sum += static_cast<double>(tokens);
  return {.branches = lengths.size(),
          .mean = sum / static_cast<double>(lengths.size()),
          .percentile_10 = quantile(lengths, 0.1),
          .median = quantile(lengths, 0.5),
          .percentile_90 = quantile(lengths, 0.9)};
}

// The final answer with the most votes among these branches; a tie goes to the one seen first.
AnswerId winner(const Question& question, std::span<const std::uint32_t> voters) {
  std::vector<int> votes(question.answers.size(), 0);
  for (const std::uint32_t voter : voters) {
    ++votes[static_cast<std::size_t>(question.branches[voter].final_answer)];
  }
  AnswerId best = kNoAnswer;
  int most = 0;
  for (const std::uint32_t voter : voters) {  // in the order seen, so that only more votes displace
    const AnswerId answer = question.branches[voter].final_answer;
    const int count = votes[static_cast<std::size_t>(answer)];
    if (count > most) {
      best = answer;
      most = count;
    }
  }
  return best;
}

SelfConsistency self_consistency(const Environment& environment, const Orderings& orderings,
                                 std::size_t branches) {
  std::size_t right = 0;
  for (const Question& question : environment.questions) {
    if (question.gold_id == kNoAnswer) continue;
    for (std::size_t i = 0; i < orderings.count(); ++i) {
      const auto dealt = orderings.at(i, question.branches.size());
      if (winner(question, dealt.first(branches)) == question.gold_id) ++right;
    }
  }
  return {branches, percent(right, environment.questions.size() * orderings.count())};
}

// Of all pairs of one of each, the share in which the right one is larger, ties half.
double larger_share(const std::vector<double>& right, std::vector<double> wrong) {
  std::ranges::sort(wrong);
  double larger = 0;
  for (const double mean : right) {
    const auto [first, last] = std::ranges::equal_range(wrong, mean);
    larger += static_cast<double>(first - wrong.begin()) + 0.5 * static_cast<double>(last - first);
  }
  return larger / (static_cast<double>(right.size()) * static_cast<double>(wrong.size()));
}

SignalSummary signal_summary(const Environment& environment, std::size_t signal) {
  SignalSummary summary{.name = environment.signals[signal]};
  double sum = 0;
  for (const Question& question : environment.questions) {
    std::vector<double> right, wrong;
    for (const Branch& branch : question.branches) {
      const double mean = question.signals[signal].mean[branch.first_signal + branch.probes + 1];
      (branch.final_answer == question.gold_id ? right : wrong).push_back(mean);
    }
    if (right.empty() || wrong.empty()) continue;
    sum += larger_share(right, std::move(wrong));
    ++summary.questions;
  }
  if (summary.questions > 0) summary.auc = sum / static_cast<double>(summary.questions);
  return summary;
}

// What is added up over questions before shares are taken.
struct Counts {
  std::vector<std::int64_t> right, wrong;  // lengths
  std::size_t solvable = 0, probes = 0, blank_probes = 0, blank_ends = 0;

  void add(const Question& question) {
    const auto blank = [&](AnswerId id) { return question.blank[static_cast<std::size_t>(id)] != 0; };
    bool any_right = false;
    for (const Branch& branch : question.branches) {
      const bool is_right = branch.final_answer == question.gold_id;
      (is_right ? right : wrong).push_back(branch.tokens);
      any_right = any_right || is_right;
      if (blank(branch.final_answer)) ++blank_ends;
    }
    if (any_right) ++solvable;
    probes += question.probes.size();
    blank_probes +=
        static_cast<std::size_t>(std::count_if(question.probes.begin(), question.probes.end(), blank));
  }
};

}  // namespace

EnvironmentInfo describe(const Environment& environment) {
  EVOTTS_CHECK(!environment.questions.empty());
  EnvironmentInfo info;
  info.questions = environment.questions.size();
  info.fewest_branches = std::numeric_limits<std::size_t>::max();
  info.smallest_interval = std::numeric_limits<std::int64_t>::max();
  Counts counts;
  std::vector<std::size_t> sizes;
  for (const Question& question : environment.questions) {
    sizes.push_back(question.branches.size());
    info.fewest_branches = std::min(info.fewest_branches, sizes.back());
    info.most_branches = std::max(info.most_branches, sizes.back());
    info.smallest_interval = std::min(info.smallest_interval, question.interval);
    info.largest_interval = std::max(info.largest_interval, question.interval);
    counts.add(question);
  }
  info.branches = counts.right.size() + counts.wrong.size();
  info.answers = counts.probes + info.branches;
  info.right_lengths = summarize(counts.right);
  info.wrong_lengths = summarize(counts.wrong);
  info.right_percent = percent(counts.right.size(), info.branches);
  info.ceiling_percent = percent(counts.solvable, info.questions);
  info.blank_probe_percent = percent(counts.blank_probes, counts.probes);
  info.blank_end_percent = percent(counts.blank_ends, info.branches);
  counts.right.insert(counts.right.end(), counts.wrong.begin(), counts.wrong.end());
  info.lengths = summarize(std::move(counts.right));

  const Orderings orderings(0, kOrderings, sizes);
  for (const std::size_t branches : {1U, 4U, 16U, 64U}) {
    if (branches > info.fewest_branches) break;
    info.self_consistency.push_back(self_consistency(environment, orderings, branches));
  }
  for (std::size_t s = 0; s < environment.signals.size(); ++s)
    info.signals.push_back(signal_summary(environment, s));
  return info;
}

}  // namespace replay
