// episode.hpp: one question under one ordering: its state, and the six actions with what they reveal and
// cost. Why:      the rules of the replay environment in one place, whoever decides on the actions. Use:
// Episode episode;  episode.begin(question, ordering, {});
//           if (episode.branch()) episode.probe(0);
// Promises: an inadmissible action (precondition, branches or budget) does nothing and returns false.
//           Costs are whole tokens, so sums are exact. State of the branches lies in lanes that a machine
//           reads in place.
// Threads:  one thread at a time; reuse it for the next episode, begin() forgets everything.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>

#include "replay/action_log.hpp"
#include "replay/lanes.hpp"

namespace replay {

struct EpisodeOptions {
  std::optional<std::int64_t> budget;  // tokens; none: without limit
  std::int64_t probe_cost = 0;         // tokens of one PROBE
};

class Episode {
 public:
  // `ordering` deals the branches of `question`; both must outlive the episode, as must `log`, which
  // takes every admitted action when given. `watched` says which numbers of branches anybody will read, as
  // bits kDepth to kChanges; others may not be kept up to date.
  void begin(const Question& question, std::span<const std::uint32_t> ordering, const EpisodeOptions& options,
             ActionLog* log = nullptr, std::uint32_t watched = ~0U);

  bool branch();                   // BRANCH: opens the next branch as lane opened() - 1
  bool read();                     // READ: opens the next branch and takes it to its end
  bool advance(std::size_t lane);  // CONTINUE
  bool probe(std::size_t lane);    // PROBE
  bool prune(std::size_t lane);    // PRUNE
  void prune_all(Mask set) {       // PRUNE each. REQUIRES: !is_told()
    pruned |= set & active;
    active &= ~set;
  }

  // Whether no action has to wait for another: no budget to run out, nobody who wants to know the order.
  bool is_free() const { return !limited_ && log_ == nullptr; }
  bool is_told() const { return log_ != nullptr; }
  // CONTINUE, with PROBE after each step when `probing`, steps(lane) times each active branch of `set`,
  // by falling key (none: as opened). The same as doing so one by one, in one sweep over the lanes, because
  // without a budget only the order of finishing depends on theirs. REQUIRES: is_free().
  template <typename Steps>
  void advance_freely(Mask set, Steps steps, bool probing, const double* key);

  // A stage is the start or a round: latency counts the longest advance of each (see latency_tokens).
  void begin_stage(int round);
  void end_stage();

  const Question& question() const { return *question_; }
  std::size_t opened() const { return opened_; }
  std::int64_t spent() const { return spent_; }
  // Infinite without a budget.
  double remaining() const {
    return limited_ ? static_cast<double>(budget_ - spent_) : std::numeric_limits<double>::infinity();
  }
  // Whether a BRANCH, READ or CONTINUE happened since begin_stage().
  bool moved() const { return moved_; }
  // Whether no further CONTINUE, BRANCH or READ fits into the budget.
  bool exhausted() const;
  // Summed over the stages so far: the most tokens any one branch was advanced in the stage.
  std::int64_t latency_tokens() const { return latency_; }
  // Lanes in the order in which they finished.
  std::span<const std::uint8_t> finish_order() const { return {finish_order_.data(), finish_count_}; }

  Mask active = 0, finished = 0, pruned = 0;
  NumberLanes depth, tokens, age, streak, changes;
  static constexpr std::uint32_t kDepth = 1, kTokens = 2, kAge = 4, kStreak = 8, kChanges = 16;
  // Branches whose answer has changed since somebody last cleared their bit.
  Mask revised = 0;
  AnswerLanes answer;

 private:
  // What the recording says of an opened branch, where the hot loop finds it at once.
  struct Recorded {
    const AnswerId* probes = nullptr;  // p1 .. pL
    std::uint32_t length = 0;          // L
    std::uint32_t steps = 0;           // d
    std::int64_t last_cost = 0;        // of the step from d = L
    AnswerId final_answer = kNoAnswer;
  };

  const Branch& next_branch() const { return question_->branches[ordering_[opened_]]; }
  bool admits(std::int64_t cost) const { return !limited_ || cost <= budget_ - spent_; }
  bool more_to_open() const;
  std::int64_t last_cost(const Branch& branch) const;
  std::int64_t first_cost(const Branch& branch) const {
    return branch.probes > 0 ? interval_ : last_cost(branch);
  }
  std::int64_t step_cost(const Recorded& branch) const {
    return branch.steps < branch.length ? interval_ : branch.last_cost;
  }
  std::size_t open_lane();
  void charge(std::size_t lane, std::int64_t cost);
  void reveal(std::size_t lane, AnswerId answer_now);
  void finish(std::size_t lane) {
    active &= ~bit(lane);
    finished |= bit(lane);
    finish_order_[finish_count_++] = static_cast<std::uint8_t>(lane);
  }
  void note(ActionKind kind, std::size_t lane, std::int64_t cost, AnswerId answer_now);

  const Question* question_ = nullptr;
  std::span<const std::uint32_t> ordering_;
  bool limited_ = false;
  bool moved_ = false;
  std::int64_t budget_ = 0, probe_cost_ = 0;
  std::int64_t interval_ = 0;
  std::int64_t spent_ = 0, latency_ = 0, stage_longest_ = 0;
  int round_ = 0;
  int stage_ = 0;  // 1 in the start, r + 2 in round r
  ActionLog* log_ = nullptr;
  std::uint32_t watched_ = ~0U;
  std::size_t opened_ = 0, finish_count_ = 0;
  Mask probed_ = 0;  // probed at the present depth
  std::array<Recorded, kMaxOpened> recorded_{};
  std::array<std::int64_t, kMaxOpened> stage_tokens_{};
  std::array<std::int32_t, kMaxOpened> opened_in_{};
  std::array<std::uint8_t, kMaxOpened> finish_order_{};
};

// The two steps that an evaluation is made of, inline for the machine's loop.

inline void Episode::charge(std::size_t lane, std::int64_t cost) {
  moved_ = true;
  spent_ += cost;
  tokens[lane] += static_cast<double>(cost);
  stage_tokens_[lane] += cost;
  stage_longest_ = std::max(stage_longest_, stage_tokens_[lane]);
}

inline void Episode::reveal(std::size_t lane, AnswerId answer_now) {
  probed_ |= bit(lane);
  revised |= bit(lane);
  const bool first = streak[lane] == 0;
  const bool same = answer[lane] == answer_now && !first;
  streak[lane] = same ? streak[lane] + 1 : 1;
  changes[lane] += same || first ? 0 : 1;
  answer[lane] = answer_now;
}

inline bool Episode::advance(std::size_t lane) {
  if ((active & bit(lane)) == 0) return false;
  Recorded& branch = recorded_[lane];
  const std::int64_t cost = step_cost(branch);
  if (!admits(cost)) return false;
  charge(lane, cost);
  probed_ &= ~bit(lane);
  if (branch.steps < branch.length)
    depth[lane] = ++branch.steps;
  else
    finish(lane);
  if (log_ != nullptr) [[unlikely]]
    note(ActionKind::kContinue, lane, cost, kNoAnswer);
  return true;
}

inline bool Episode::probe(std::size_t lane) {
  if ((probed_ & bit(lane)) != 0 || !admits(probe_cost_)) return false;
  spent_ += probe_cost_;
  const Recorded& branch = recorded_[lane];
  reveal(lane, (finished & bit(lane)) != 0 ? branch.final_answer : branch.probes[branch.steps - 1]);
  if (log_ != nullptr) [[unlikely]]
    note(ActionKind::kProbe, lane, probe_cost_, answer[lane]);
  return true;
}

template <typename Steps>
void Episode::advance_freely(Mask set, Steps steps, bool probing, const double* key) {
  struct Finisher {
    double key;
    std::uint8_t lane;
  };
  std::array<Finisher, kMaxOpened> finishers;
  std::size_t count = 0;
  const std::int64_t probe_cost = probing ? probe_cost_ : 0;
  const bool counts_runs = (watched_ & (kStreak | kChanges)) != 0;
  std::int64_t spent = spent_, longest = stage_longest_;
  Mask moving = 0;
  for (set &= active; set != 0; set &= set - 1) {
    const auto lane = static_cast<std::size_t>(std::countr_zero(set));
    const std::int64_t asked = steps(lane);
    if (asked <= 0) continue;
    moving |= bit(lane);
    Recorded& branch = recorded_[lane];
    const bool ends = asked > branch.length - branch.steps;
    const std::uint32_t from = branch.steps;
    const std::uint32_t until = ends ? branch.length : from + static_cast<std::uint32_t>(asked);
    std::int64_t cost = (until - from) * interval_;
    if (ends) [[unlikely]] {
      cost += branch.last_cost;
      finishers[count++] = {key == nullptr ? 0.0 : key[lane], static_cast<std::uint8_t>(lane)};
    }
    branch.steps = until;
    if ((watched_ & kDepth) != 0) depth[lane] = until;
    if ((watched_ & kTokens) != 0) tokens[lane] += static_cast<double>(cost);
    spent += cost + probe_cost * (until - from + (ends ? 1 : 0));
    stage_tokens_[lane] += cost;
    longest = std::max(longest, stage_tokens_[lane]);
    if (!probing) continue;
    if (counts_runs) {
      for (std::uint32_t at = from; at < until; ++at) reveal(lane, branch.probes[at]);
      if (ends) reveal(lane, branch.final_answer);
    } else {
      const AnswerId now = ends ? branch.final_answer : branch.probes[until - 1];
      revised |= answer[lane] != now ? bit(lane) : 0;
      answer[lane] = now;
    }
  }
  if (moving == 0) return;
  moved_ = true;
  spent_ = spent;
  stage_longest_ = longest;
  probed_ = probing ? probed_ | moving : probed_ & ~moving;
  // Insertion keeps ties in opening order.
  for (std::size_t i = 0; i < count; ++i) {
    const Finisher finisher = finishers[i];
    std::size_t at = i;
    for (; at > 0 && finishers[at - 1].key < finisher.key; --at) finishers[at] = finishers[at - 1];
    finishers[at] = finisher;
  }
  for (std::size_t i = 0; i < count; ++i) finish(finishers[i].lane);
}

}  // namespace replay
