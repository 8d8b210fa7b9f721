#include "tests/bench/specialised_two_stage.hpp"

#include <algorithm>
#include <cmath>

#include "genome/base/arithmetic.hpp"

namespace bench {

using replay::bit;
using replay::first_lanes;
using replay::for_each_lane;

SpecialisedTwoStage::SpecialisedTwoStage(double beta) {
  const auto whole = [](double x) { return static_cast<std::size_t>(std::nearbyint(x)); };
  width_ = std::min(whole(5 * std::pow(25, beta)), replay::kMaxOpened);
  cohort_ = std::min(whole(2 + 8 * beta), width_);
  const double level = 0.6 + 0.5 * beta;
  for (std::size_t a = 0; a < kCounts; ++a) {
    for (std::size_t b = 0; b < kCounts; ++b) {
      const auto confidence = genome::beta_confidence(static_cast<double>(a), static_cast<double>(b));
      sure_[a * kCounts + b] = a + b >= 2 && confidence >= level;
    }
  }
  for (std::size_t depth = 1; depth < one_over_.size(); ++depth)
    one_over_[depth] = 1 / static_cast<double>(depth);
}

// ---- votes

inline void SpecialisedTwoStage::Votes::add(std::int32_t answer, double weight) {
  Count& count = by_answer[static_cast<std::size_t>(answer)];
  count.weight += weight;
  if (count.number++ == 0) seen[static_cast<std::size_t>(distinct++)] = answer;
  if (answer == leader) {
    most = count.number;
  } else if (count.number > most) {
    second = most;
    most = count.number;
    leader = answer;
  } else {
    second = std::max(second, count.number);
  }
}

void SpecialisedTwoStage::Votes::clear() {
  for (std::int32_t i = 0; i < distinct; ++i)
    by_answer[static_cast<std::size_t>(seen[static_cast<std::size_t>(i)])] = {};
  distinct = most = second = 0;
  leader = -1;
}

// The answer with the largest weight; of several the one seen first.
std::int32_t SpecialisedTwoStage::Votes::winner() const {
  std::int32_t winner = -1;
  double largest = -1;
  for (std::int32_t i = 0; i < distinct; ++i) {
    const std::int32_t answer = seen[static_cast<std::size_t>(i)];
    const double weight = by_answer[static_cast<std::size_t>(answer)].weight;
    if (weight > largest) {
      largest = weight;
      winner = answer;
    }
  }
  return winner;
}

// ---- branches

void SpecialisedTwoStage::begin(const CompactQuestion& question, std::span<const std::uint32_t> ordering) {
  question_ = &question;
  ordering_ = ordering;
  votes_.clear();
  if (votes_.by_answer.size() < question.answers) votes_.by_answer.resize(question.answers);
  opened_ = 0;
  ends_ = 0;
  finished_ = 0;
  steps_ = last_costs_ = latency_ = 0;
}

// Opens until there are `width` branches. Every round advances all by one, so their lengths tell when they
// end. The result is when the last of them does; 0 when none was opened.
inline int SpecialisedTwoStage::open(std::size_t width, int moment) {
  const std::size_t until = std::min(width, ordering_.size());
  int last = 0;
  for (; opened_ < until; ++opened_) {
    const int end = moment + row(opened_).length;
    last = std::max(last, end);
    const auto at = static_cast<std::size_t>(std::min(end, kNever));
    ending_[at] = ((ends_ & bit(at)) != 0 ? ending_[at] : 0) | bit(opened_);
    ends_ |= bit(at);
  }
  return last;
}

inline void SpecialisedTwoStage::end_at(int moment) {
  const replay::Mask ending = ending_[static_cast<std::size_t>(moment)];
  std::int64_t longest = 0;
  for_each_lane(ending, [&](std::size_t lane) {
    const CompactQuestion::Branch& branch = row(lane);
    steps_ += branch.length;
    last_costs_ += branch.last_cost;
    longest = std::max(longest, branch.last_cost);
    votes_.add(branch.final_answer, one_over_[static_cast<std::size_t>(branch.length)]);
  });
  finished_ |= ending;
  const bool others = finished_ != first_lanes(opened_);  // which took a whole step
  latency_ +=
      others ? std::max<std::int64_t>(0, longest - question_->interval) : longest - question_->interval;
}

// Ends all branches that do so from one moment on and until another one. The result is the moment when the
// vote became sure, which ends the episode, or `until`.
inline int SpecialisedTwoStage::end_branches(int from, int until) {
  const Moments asked =
      first_lanes(static_cast<std::size_t>(until) + 1) & ~first_lanes(static_cast<std::size_t>(from));
  for (Moments left = ends_ & asked; left != 0; left &= left - 1) {
    const int moment = std::countr_zero(left);
    end_at(moment);
    if (is_sure()) return moment;
  }
  return until;
}

// ---- the episode

replay::EpisodeResult SpecialisedTwoStage::run(const CompactQuestion& question,
                                               std::span<const std::uint32_t> ordering) {
  begin(question, ordering);
  int last = open(cohort_, 0);
  // The others come when one is far, or when there is none any more; a sure vote before leaves them out.
  const int second_stage = std::clamp(last, 1, kFar - 1);
  const int sure = end_branches(0, second_stage - 1);
  if (is_sure()) return result(sure, second_stage);
  const int others = open(width_, second_stage);
  last = std::max(last, others);
  // It is given up when all that go on are long: the others, or the cohort once the others have ended.
  const int others_long = second_stage + kLong - 1;
  const int given_up = std::max(kLong - 1, std::min(others, others_long));
  return result(end_branches(second_stage, std::min(last, given_up)), second_stage);
}

// Of an episode that ends at this moment.
replay::EpisodeResult SpecialisedTwoStage::result(int moment, int second_stage) {
  const int depth = moment + 1, depth_of_others = depth - second_stage;  // of those that go on
  const replay::Mask active = first_lanes(opened_) & ~finished_, cohort = first_lanes(cohort_);
  steps_ += std::popcount(active & cohort) * depth + std::popcount(active & ~cohort) * depth_of_others;
  if (finished_ == 0) {
    for_each_lane(active, [&](std::size_t lane) {
      const int taken = lane < cohort_ ? depth : depth_of_others;
      votes_.add(question_->rows[static_cast<std::size_t>(row(lane).first + taken - 1)], 1);
    });
  }
  const std::int32_t answer = votes_.winner();
  return {static_cast<replay::AnswerId>(answer), answer >= 0 && answer == question_->gold,
          steps_ * question_->interval + last_costs_, depth * question_->interval + latency_, depth};
}

}  // namespace bench
