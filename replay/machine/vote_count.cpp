#include "replay/machine/vote_count.hpp"

#include <algorithm>
#include <bit>

#include "genome/base/arithmetic.hpp"
#include "replay/machine/sums.hpp"

namespace replay {
namespace {

// So many times the same number, added to 0.
double sum_of_equal(double value, double count) {
  double sum = 0;
  for (; count > 0; --count) sum = genome::add(sum, value);
  return sum;
}

}  // namespace

void VoteCount::count(const Episode& episode, Mask set, bool as_finished, const Weights& weights,
                      const LaneKernels& kernels) {
  const bool added = as_finished && only_adds(episode, set) && weights.equal && weighed_ == Weighed::kEqually;
  const bool moved = as_finished ? group_finished(episode, set, kernels)
                                 : tally_.group(episode.answer.at.data(), set, episode.opened(), kernels);
  const bool other_order = as_finished != as_finished_;
  as_finished_ = as_finished;
  if (added) return;
  if (!moved && !other_order && is_weighed(set, episode.opened(), weights, kernels)) return;
  weigh(episode.opened(), weights);
  tally_.close();
}

// Whether the voters are those of the last count, and others who finished later, behind them.
bool VoteCount::only_adds(const Episode& episode, Mask set) const {
  return as_finished_ && late_answers_ == episode.late_answers() && (set & finished_) == set_;
}

bool VoteCount::group_finished(const Episode& episode, Mask set, const LaneKernels& kernels) {
  const auto order = episode.finish_order();
  const bool goes_on = only_adds(episode, set);
  if (goes_on && set == set_ && order.size() == finish_count_) return false;
  const std::size_t before = goes_on ? voters_ : 0;
  voters_ = before;
  for (const std::uint8_t lane : order.subspan(goes_on ? finish_count_ : 0)) {
    if ((set & bit(lane)) == 0) continue;
    if (goes_on) tally_.add(voters_, episode.answer[lane]);
    voter_[voters_++] = lane;
  }
  const bool others = set != set_;  // who may have the same answers at the same places, and other weights
  set_ = set;
  finished_ = episode.finished;
  finish_count_ = order.size();
  late_answers_ = episode.late_answers();
  if (goes_on) return voters_ > before;
  AnswerLanes answers;
  for (std::size_t i = 0; i < voters_; ++i) answers[i] = episode.answer[voter_[i]];
  const bool moved = tally_.group(answers.at.data(), first_lanes(voters_), voters_, kernels);
  return moved || others;
}

// Whether the votes weigh what they did when they were last counted, those who vote and their answers being
// the same.
bool VoteCount::is_weighed(Mask set, std::size_t opened, const Weights& weights,
                           const LaneKernels& kernels) const {
  if (weights.equal) return weighed_ == Weighed::kEqually;
  if (weights.lanes == nullptr)
    return weighed_ == Weighed::kByAll &&
           std::bit_cast<std::uint64_t>(all_) == std::bit_cast<std::uint64_t>(weights.all);
  return weighed_ == Weighed::kByEach &&
         (kernels.other_numbers(weights.lanes, each_.at.data(), opened) & set) == 0;
}

void VoteCount::weigh(std::size_t opened, const Weights& weights) {
  if (weights.equal) {
    weighed_ = Weighed::kEqually;
    return tally_.weigh_equally();
  }
  if (weights.lanes == nullptr) {
    weighed_ = Weighed::kByAll;
    all_ = weights.all;
    return tally_.weigh([this](Mask, double votes) { return sum_of_equal(all_, votes); });
  }
  weighed_ = Weighed::kByEach;
  std::copy_n(weights.lanes, opened, each_.at.begin());
  const double* by_place = weights.lanes;
  std::array<double, kMaxOpened> cast;
  if (as_finished_) {
    for (std::size_t i = 0; i < voters_; ++i) cast[i] = weights.lanes[voter_[i]];
    by_place = cast.data();
  }
  tally_.weigh([by_place](Mask voters, double) { return sum_of(0, by_place, voters); });
}

}  // namespace replay
