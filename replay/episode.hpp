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
  // takes every admitted action when given.
  void begin(const Question& question, std::span<const std::uint32_t> ordering, const EpisodeOptions& options,
             ActionLog* log = nullptr);

  bool branch();                   // BRANCH: opens the next branch as lane opened() - 1
  bool read();                     // READ: opens the next branch and takes it to its end
  bool advance(std::size_t lane);  // CONTINUE
  bool probe(std::size_t lane);    // PROBE
  bool prune(std::size_t lane);    // PRUNE

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
  void finish(std::size_t lane);
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

}  // namespace replay
