#include "replay/episode.hpp"

#include <algorithm>
#include <utility>

namespace replay {

void Episode::begin(const Question& question, std::span<const std::uint32_t> ordering,
                    const EpisodeOptions& options, ActionLog* log, std::uint32_t watched) {
  question_ = &question;
  ordering_ = ordering;
  interval_ = question.interval;
  limited_ = options.budget.has_value();
  budget_ = options.budget.value_or(0);
  probe_cost_ = options.probe_cost;
  spent_ = latency_ = stage_longest_ = 0;
  round_ = stage_ = 0;
  log_ = log;
  watched_ = watched;
  opened_ = finish_count_ = 0;
  active = finished = pruned = probed_ = 0;
  revised = ~Mask{0};
  moved_ = false;
}

bool Episode::more_to_open() const { return opened_ < std::min(kMaxOpened, ordering_.size()); }

std::int64_t Episode::last_cost(const Branch& branch) const {
  return std::max<std::int64_t>(0, branch.tokens - interval_ * branch.probes);
}

std::size_t Episode::open_lane() {
  const Branch& branch = next_branch();
  const std::size_t lane = opened_++;
  recorded_[lane] = {question_->probes.data() + branch.first_probe, branch.probes, 0, last_cost(branch),
                     branch.final_answer};
  stage_tokens_[lane] = 0;
  opened_in_[lane] = round_;
  depth[lane] = tokens[lane] = age[lane] = streak[lane] = changes[lane] = 0;
  answer[lane] = kNoAnswer;
  active |= bit(lane);
  return lane;
}

bool Episode::branch() {
  if (!more_to_open() || !admits(first_cost(next_branch()))) return false;
  const std::size_t lane = open_lane();
  ActionLog* const log = std::exchange(log_, nullptr);  // its first step is part of BRANCH, not a CONTINUE
  const std::int64_t before = spent_;
  advance(lane);
  log_ = log;
  if (log_ != nullptr) note(ActionKind::kBranch, lane, spent_ - before, kNoAnswer);
  return true;
}

bool Episode::read() {
  if (!more_to_open() || !admits(next_branch().tokens)) return false;
  const Branch& branch = next_branch();
  const std::size_t lane = open_lane();
  charge(lane, branch.tokens);
  recorded_[lane].steps = branch.probes;
  depth[lane] = branch.probes;
  finish(lane);
  reveal(lane, branch.final_answer);
  if (log_ != nullptr) note(ActionKind::kRead, lane, branch.tokens, branch.final_answer);
  return true;
}

bool Episode::prune(std::size_t lane) {
  if ((active & bit(lane)) == 0) return false;
  active &= ~bit(lane);
  pruned |= bit(lane);
  if (log_ != nullptr) note(ActionKind::kPrune, lane, 0, kNoAnswer);
  return true;
}

void Episode::note(ActionKind kind, std::size_t lane, std::int64_t cost, AnswerId answer_now) {
  const bool ended = kind != ActionKind::kProbe && (finished & bit(lane)) != 0;
  log_->push_back({kind, static_cast<std::uint8_t>(lane), ended, stage_ - 2, cost, answer_now});
}

void Episode::begin_stage(int round) {
  round_ = round;
  ++stage_;
  moved_ = false;
  stage_longest_ = 0;
  std::fill_n(stage_tokens_.begin(), opened_, 0);
  if ((watched_ & kAge) != 0) {
    for (std::size_t lane = 0; lane < opened_; ++lane) age[lane] = round - opened_in_[lane];
  }
}

void Episode::end_stage() { latency_ += stage_longest_; }

bool Episode::exhausted() const {
  if (!limited_) return false;
  bool fits = false;
  for_each_lane(active, [&](std::size_t lane) { fits = fits || admits(step_cost(recorded_[lane])); });
  if (!fits && more_to_open()) {
    fits = admits(std::min(first_cost(next_branch()), next_branch().tokens));
  }
  return !fits;
}

}  // namespace replay
