#include "replay/episode.hpp"

#include <algorithm>

namespace replay {

void Episode::begin(const Question& question, std::span<const std::uint32_t> ordering, const EpisodeOptions& options) {
  question_ = &question;
  ordering_ = ordering;
  limited_ = options.budget.has_value();
  budget_ = options.budget.value_or(0);
  probe_cost_ = options.probe_cost;
  spent_ = latency_ = stage_longest_ = 0;
  round_ = 0;
  opened_ = finish_count_ = 0;
  active = finished = pruned = probed_ = 0;
  moved_ = false;
}

bool Episode::more_to_open() const { return opened_ < std::min(kMaxOpened, ordering_.size()); }

std::int64_t Episode::step_cost(const Branch& branch, std::uint32_t depth_now) const {
  if (depth_now < branch.probes) return question_->interval;
  return std::max<std::int64_t>(0, branch.tokens - question_->interval * branch.probes);
}

std::size_t Episode::open_lane() {
  const std::size_t lane = opened_++;
  steps_[lane] = 0;
  stage_tokens_[lane] = 0;
  opened_in_[lane] = round_;
  depth[lane] = tokens[lane] = age[lane] = streak[lane] = changes[lane] = 0;
  answer[lane] = kNoAnswer;
  active |= bit(lane);
  return lane;
}

void Episode::charge(std::size_t lane, std::int64_t cost) {
  moved_ = true;
  spent_ += cost;
  tokens[lane] += static_cast<double>(cost);
  stage_tokens_[lane] += cost;
  stage_longest_ = std::max(stage_longest_, stage_tokens_[lane]);
}

void Episode::finish(std::size_t lane) {
  active &= ~bit(lane);
  finished |= bit(lane);
  finish_order_[finish_count_++] = static_cast<std::uint8_t>(lane);
}

void Episode::reveal(std::size_t lane, AnswerId answer_now) {
  probed_ |= bit(lane);
  if (streak[lane] == 0) {  // the first reveal
    streak[lane] = 1;
  } else if (answer[lane] == answer_now) {
    streak[lane] += 1;
  } else {
    streak[lane] = 1;
    changes[lane] += 1;
  }
  answer[lane] = answer_now;
}

bool Episode::branch() {
  if (!more_to_open() || !admits(step_cost(branch_of(opened_), 0))) return false;
  return advance(open_lane());
}

bool Episode::read() {
  if (!more_to_open() || !admits(branch_of(opened_).tokens)) return false;
  const std::size_t lane = open_lane();
  const Branch& branch = branch_of(lane);
  charge(lane, branch.tokens);
  steps_[lane] = branch.probes;
  depth[lane] = branch.probes;
  finish(lane);
  reveal(lane, branch.final_answer);
  return true;
}

bool Episode::advance(std::size_t lane) {
  if ((active & bit(lane)) == 0) return false;
  const Branch& branch = branch_of(lane);
  const std::int64_t cost = step_cost(branch, steps_[lane]);
  if (!admits(cost)) return false;
  charge(lane, cost);
  probed_ &= ~bit(lane);
  if (steps_[lane] < branch.probes) depth[lane] = ++steps_[lane];
  else finish(lane);
  return true;
}

bool Episode::probe(std::size_t lane) {
  if ((probed_ & bit(lane)) != 0 || !admits(probe_cost_)) return false;
  spent_ += probe_cost_;
  const Branch& branch = branch_of(lane);
  const bool at_end = (finished & bit(lane)) != 0;
  reveal(lane, at_end ? branch.final_answer : question_->probes[branch.first_probe + steps_[lane] - 1]);
  return true;
}

bool Episode::prune(std::size_t lane) {
  if ((active & bit(lane)) == 0) return false;
  active &= ~bit(lane);
  pruned |= bit(lane);
  return true;
}

void Episode::begin_stage(int round) {
  round_ = round;
  moved_ = false;
  stage_longest_ = 0;
  for (std::size_t lane = 0; lane < opened_; ++lane) {
    stage_tokens_[lane] = 0;
    age[lane] = round - opened_in_[lane];
  }
}

void Episode::end_stage() { latency_ += stage_longest_; }

bool Episode::exhausted() const {
  if (!limited_) return false;
  bool fits = false;
  for_each_lane(active, [&](std::size_t lane) { fits = fits || admits(step_cost(branch_of(lane), steps_[lane])); });
  if (!fits && more_to_open()) {
    const Branch& next = branch_of(opened_);
    fits = admits(std::min(step_cost(next, 0), next.tokens));
  }
  return !fits;
}

}  // namespace replay
