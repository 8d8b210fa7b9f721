// Reductions over a set of branches, and the votes of one.
#include <array>
#include <bit>
#include <cmath>
#include <limits>

#include "genome/base/arithmetic.hpp"
#include "replay/machine/machine.hpp"

namespace replay {

using genome::Code;

namespace {

// genome::add() over the set, one branch after another. There a sum that is no number becomes 0 and goes on.
// In plain additions it stays none, or infinite, so their result tells whether that ever came about.
double sum_of(double first, const double* value, Mask set) {
  double sum = first;
  for_each_lane(set, [&](std::size_t lane) { sum += value[lane]; });
  if (std::isfinite(sum)) [[likely]]
    return sum;
  sum = first;
  for_each_lane(set, [&](std::size_t lane) { sum = genome::add(sum, value[lane]); });
  return sum;
}

// So many times the same number, added to 0.
double sum_of_equal(double value, double count) {
  double sum = 0;
  for (; count > 0; --count) sum = genome::add(sum, value);
  return sum;
}

}  // namespace

double Machine::reduce(Code code, const double* value, Mask set) const {
  set &= opened_mask();
  if (set == 0) return 0;
  const auto sum = [&] { return sum_of(value[std::countr_zero(set)], value, set & (set - 1)); };
  switch (code) {
    case Code::kSmallest: return kernels_->smallest(value, set, episode_.opened());
    case Code::kLargest: return kernels_->largest(value, set, episode_.opened());
    case Code::kSum: return sum();
    default: return genome::divide(sum(), std::popcount(set));
  }
}

void Machine::tally(Mask set, bool as_finished, const Weights& weights) {
  set &= opened_mask();
  const auto order = as_finished ? NativeFrame::kFinishingOrder : NativeFrame::kOpeningOrder;
  if ((episode_.hidden() & set) != 0) episode_.show();
  // The same voters with the same answers: their votes are counted already. (Their order is the same, too:
  // who has finished keeps the place.)
  if (weights.equal && frame_.counted == order && frame_.voters == set && (episode_.revised & set) == 0)
    return;
  if (weights.equal && as_finished && only_adds_to_votes(set)) {
    for (const std::uint8_t lane : episode_.finish_order().subspan(finish_count_then_)) {
      if ((set & bit(lane)) != 0) tally_.add_one(episode_.answer[lane]);
    }
  } else {
    count_votes(set, as_finished, weights);
  }
  tally_.close();
  frame_.counted = weights.equal ? order : NativeFrame::kUncounted;
  frame_.voters = set;
  episode_.revised &= ~set;
  finished_then_ = episode_.finished;
  finish_count_then_ = episode_.finish_order().size();
  frame_.top = tally_.top();
  frame_.support = tally_.support();
  frame_.runner_up = tally_.runner_up();
  frame_.confidence = std::numeric_limits<double>::quiet_NaN();
}

// Whether a count in order of finishing goes on where the last one ended.
bool Machine::only_adds_to_votes(Mask set) const {
  const Mask before = frame_.voters;
  return frame_.counted == NativeFrame::kFinishingOrder && (set & finished_then_) == before &&
         (episode_.revised & before) == 0;
}

void Machine::count_votes(Mask set, bool as_finished, const Weights& weights) {
  std::size_t lanes = episode_.opened();
  const AnswerId* answers = episode_.answer.at.data();
  const double* each = weights.lanes;
  if (as_finished) {  // voters side by side in that order
    lanes = 0;
    for (const std::uint8_t lane : episode_.finish_order()) {
      if ((set & bit(lane)) == 0) continue;
      cast_answers_[lanes] = answers[lane];
      if (each != nullptr) cast_weights_[lanes] = each[lane];
      ++lanes;
    }
    set = first_lanes(lanes);
    answers = cast_answers_.at.data();
    if (each != nullptr) each = cast_weights_.at.data();
  }
  tally_.set([&](AnswerId* seen, double* votes) {
    std::array<Mask, kMaxOpened> voters;
    const std::size_t known = tally_.answers_known();
    const std::size_t count = kernels_->group_votes(answers, set, lanes, known, {seen, voters.data(), votes});
    if (weights.equal) return count;
    for (std::size_t i = 0; i < count; ++i)
      votes[i] = each != nullptr ? sum_of(0, each, voters[i]) : sum_of_equal(weights.all, votes[i]);
    return count;
  });
}

}  // namespace replay
