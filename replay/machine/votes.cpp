// Reductions over a set of branches, and the votes of one.
#include <bit>

#include "genome/base/arithmetic.hpp"
#include "genome/program/instruction_flow.hpp"
#include "replay/machine/machine.hpp"
#include "replay/machine/sums.hpp"

namespace replay {

using genome::Code;

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

double Machine::reduce(const Instruction& in) {
  if (genome::asks_for_extreme_depth(in))
    return static_cast<double>(in.code == Code::kSmallest ? episode_.least_depth() : episode_.most_depth());
  episode_.catch_up();
  return reduce(in.code, number_lanes_[in.a], *masks_[in.b]);
}

void Machine::tally(Mask set, bool as_finished, const Weights& weights, std::size_t count) {
  set &= opened_mask();
  const auto order = as_finished ? NativeFrame::kFinishingOrder : NativeFrame::kOpeningOrder;
  if ((episode_.hidden() & set) != 0) episode_.show();
  // The same voters with the same answers: their votes are counted already. (Their order is the same, too:
  // who has finished keeps the place.)
  if (weights.equal && frame_.counted == order && frame_.voters == set && (episode_.revised & set) == 0)
    return;
  if ((begun_counts_ >> count & 1) == 0) counts_[count].begin(episode_.question().answers.size());
  begun_counts_ |= 1U << count;
  counts_[count].count(episode_, set, as_finished, weights, *kernels_);
  counted_ = count;
  const Tally& tally = last_tally();
  frame_.counted = weights.equal ? order : NativeFrame::kUncounted;
  frame_.voters = set;
  episode_.revised &= ~set;
  frame_.top = tally.top();
  frame_.support = tally.support();
  frame_.runner_up = tally.runner_up();
  frame_.confidence = tally.known_confidence();
}

}  // namespace replay
