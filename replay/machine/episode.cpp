#include "replay/machine/episode.hpp"

#include <utility>

namespace replay {

namespace slots = genome::slots;

void Episode::begin(const Question& question, std::span<const std::uint32_t> ordering,
                    const EpisodeOptions& options, ActionLog* log, std::uint32_t watched) {
  question_ = &question;
  ordering_ = ordering;
  interval_ = question.interval;
  limited_ = options.budget.has_value();
  foresight_ = options.foresight;
  one_by_one_ = options.one_by_one;
  budget_ = options.budget.value_or(0);
  probe_cost_ = options.probe_cost;
  spent_ = latency_ = stage_longest_ = 0;
  round_ = stage_ = 0;
  log_ = log;
  watched_ = watched;
  free_ = !limited_ && log_ == nullptr && !one_by_one_ && !watches_each_reveal();
  opened_ = finish_count_ = late_answers_ = 0;
  probed_ = hidden_ = cut_ = losing_ = stepped_ = 0;
#define BRANCH_TRUTH(identifier, name, ...) name = 0;
#include "genome/tree/observed.def"
  revised = ~Mask{0};
  moved_ = false;
  behind_ = behind_in_stage_ = 0;
  part();
}

// ---- one by one

std::size_t Episode::open_lane() {
  const std::uint32_t dealt = ordering_[opened_];
  const Branch& branch = question_->branches[dealt];
  const std::size_t lane = opened_++;
  recorded_[lane] = &branch;
  first_signal_[lane] = branch.first_signal;
  steps_.first[lane] = static_cast<std::int32_t>(branch.first_probe);
  steps_.length[lane] = static_cast<std::int32_t>(branch.probes);
  steps_.taken[lane] = steps_.shown[lane] = steps_.before[lane] = 0;
  opened_in_[lane] = round_;
  if (watched_ != 0) {
#define BRANCH_NUMBER(identifier, name, ...) name[lane] = 0;
#include "genome/tree/observed.def"
  }
  answer[lane] = kNoAnswer;
  active |= bit(lane);
  return lane;
}

inline void Episode::charge(std::size_t lane, std::int64_t cost) {
  moved_ = true;
  spent_ += cost;
  if (watches(slots::kTokens)) tokens[lane] += static_cast<double>(cost);
}

inline void Episode::reveal(std::size_t lane, AnswerId answer_now) {
  probed_ |= bit(lane);
  hidden_ &= ~bit(lane);
  revised |= bit(lane);
  late_answers_ += finished >> lane & 1;
  const bool first = streak[lane] == 0;
  const bool same = answer[lane] == answer_now && !first;
  streak[lane] = same ? streak[lane] + 1 : 1;
  changes[lane] += same || first ? 0 : 1;
  answer[lane] = answer_now;
}

// Before the first move of the branch in a stage.
inline void Episode::keep_before(std::size_t lane) {
  if ((stepped_ & bit(lane)) != 0) return;
  steps_.before[lane] = steps_.taken[lane];
  stepped_ |= bit(lane);
}

inline void Episode::lengthen_stage(std::size_t lane, std::int64_t last) {
  const std::int64_t steps = steps_.taken[lane] - steps_.before[lane];
  stage_longest_ = std::max(stage_longest_, steps * interval_ + last);
}

// The branch comes to its end, wherever it stands, by a step of this cost. REQUIRES: its `before` is there.
inline void Episode::finish(std::size_t lane, std::int64_t last) {
  steps_.taken[lane] = steps_.length[lane];
  if (watches(slots::kDepth)) depth[lane] = steps_.length[lane];
  lengthen_stage(lane, last);
  active &= ~bit(lane);
  finished |= bit(lane);
  finish_order_[finish_count_++] = static_cast<std::uint8_t>(lane);
}

// The budget ends within a step of the branch: all that is left is spent on it, and nobody sees any of that.
void Episode::cut(std::size_t lane) {
  cut_ |= bit(lane);
  give_up(lane, left());
}

void Episode::give_up(std::size_t lane, std::int64_t cost) {
  charge(lane, cost);
  lengthen_stage(lane, cost);
  active &= ~bit(lane);
  pruned |= bit(lane);
  probed_ |= bit(lane);
}

bool Episode::advance(std::size_t lane) {
  if ((active & bit(lane)) == 0) return false;
  part();
  const std::int64_t cost = step_cost(lane);
  if (!admits(cost)) return false;
  const std::int64_t before = spent_;
  keep_before(lane);
  if (!affords(cost)) {
    cut(lane);
  } else if ((losing_ & bit(lane)) != 0 && steps_.taken[lane] == steps_.length[lane]) {
    give_up(lane, cost);
  } else {
    charge(lane, cost);
    probed_ &= ~bit(lane);
    if (steps_.taken[lane] < steps_.length[lane]) {
      depth[lane] = ++steps_.taken[lane];
      lengthen_stage(lane, 0);
    } else {
      finish(lane, cost);
    }
  }
  if (log_ != nullptr) note(ActionKind::kContinue, lane, before, kNoAnswer);
  return true;
}

bool Episode::probe(std::size_t lane) {
  if (lane >= opened_ || (probed_ & bit(lane)) != 0 || !affords(probe_cost_)) return false;
  catch_up();
  const std::int64_t before = spent_;
  spent_ += probe_cost_;
  steps_.shown[lane] = steps_.taken[lane];
  const bool ended = (finished & bit(lane)) != 0;
  reveal(lane, ended ? recorded_[lane]->final_answer : recorded_answer(lane, steps_.taken[lane]));
  if (log_ != nullptr) note(ActionKind::kProbe, lane, before, answer[lane]);
  return true;
}

bool Episode::branch() {
  if (!more_to_open() || !admits(first_cost(next_branch()))) return false;
  part();
  const std::size_t lane = open_lane();
  ActionLog* const log = std::exchange(log_, nullptr);  // its first step is part of BRANCH, not a CONTINUE
  const std::int64_t before = spent_;
  advance(lane);
  log_ = log;
  if (log_ != nullptr) note(ActionKind::kBranch, lane, before, kNoAnswer);
  return true;
}

bool Episode::read() {
  if (!more_to_open() || !admits(next_branch().tokens)) return false;
  part();
  const Branch& branch = next_branch();
  const std::size_t lane = open_lane();
  const std::int64_t before = spent_;
  if (!affords(branch.tokens)) {
    cut(lane);
  } else if ((losing_ & bit(lane)) != 0) {
    give_up(lane, branch.tokens);
  } else {
    charge(lane, branch.tokens);
    steps_.before[lane] = steps_.length[lane];
    reveal(lane, branch.final_answer);
    finish(lane, branch.tokens);
  }
  if (log_ != nullptr) note(ActionKind::kRead, lane, before, answer[lane]);
  return true;
}

bool Episode::prune(std::size_t lane) {
  if ((active & bit(lane)) == 0) return false;
  part();
  active &= ~bit(lane);
  pruned |= bit(lane);
  if (log_ != nullptr) note(ActionKind::kPrune, lane, spent_, kNoAnswer);
  return true;
}

void Episode::note(ActionKind kind, std::size_t lane, std::int64_t before, AnswerId answer_now) {
  log_->push_back({.kind = kind,
                   .lane = static_cast<std::uint8_t>(lane),
                   .finished = kind != ActionKind::kProbe && (finished & bit(lane)) != 0,
                   .cut = (cut_ & bit(lane)) != 0,
                   .round = stage_ - 2,
                   .cost = spent_ - before,
                   .answer = answer_now});
}

// ---- many at once

// Lanes from `first` to `end`, and what else is in their cache lines behind them.
template <typename Array>
inline void fill_lanes(Array& lanes, std::size_t first, std::size_t end, auto value) {
  std::fill(lanes.begin() + first, lanes.begin() + ((end + 7) & ~std::size_t{7}), value);
}

void Episode::open_freely(std::size_t count) {
  const std::size_t first = opened_, end = std::min({kMaxOpened, ordering_.size(), first + count});
  if (first >= end) return;
  part();
  const Branch* const branches = question_->branches.data();
  bool any_ended = false;  // at its first step
  for (std::size_t lane = first; lane < end; ++lane) {
    const Branch& branch = branches[ordering_[lane]];
    recorded_[lane] = &branch;
    first_signal_[lane] = branch.first_signal;
    steps_.first[lane] = static_cast<std::int32_t>(branch.first_probe);
    steps_.length[lane] = static_cast<std::int32_t>(branch.probes);
    any_ended |= branch.probes == 0;
  }
  if (any_ended) return open_step_by_step(end - first);
  fill_lanes(steps_.taken, first, end, 1);
  fill_lanes(steps_.shown, first, end, 1);
  fill_lanes(steps_.before, first, end, 0);
  fill_lanes(opened_in_, first, end, round_);
  if (watched_ != 0) {
    // Those that count reveals are kept together.
    const std::uint32_t kept = watches_answers() ? watched_ | slots::kByReveals : watched_;
#define BRANCH_NUMBER(identifier, name, ...) \
  if ((kept >> slots::k##identifier & 1) != 0) fill_lanes(name.at, first, end, 0.0);
#include "genome/tree/observed.def"
    if (watches(slots::kDepth)) fill_lanes(depth.at, first, end, 1.0);
    if (watches(slots::kTokens)) fill_lanes(tokens.at, first, end, static_cast<double>(interval_));
  }
  const Mask added = first_lanes(end) & ~first_lanes(first);
  opened_ = end;
  active |= added;
  probed_ |= added;
  stepped_ |= added;
  moved_ = true;
  spent_ += static_cast<std::int64_t>(end - first) * (interval_ + probe_cost_);
  stage_longest_ = std::max(stage_longest_, interval_);
  if (!watches_answers()) {
    fill_lanes(answer.at, first, end, kNoAnswer);
    hidden_ |= added;
    return;
  }
  for (std::size_t lane = first; lane < end; ++lane) answer[lane] = recorded_answer(lane, 1);
  fill_lanes(streak.at, first, end, 1.0);
  revised |= added;
}

// The same where a branch ends with its first step.
void Episode::open_step_by_step(std::size_t count) {
  for (; count > 0; --count) {
    branch();
    probe(opened_ - 1);
  }
}

// With the numbers that somebody watches.
void Episode::tell(Advance& asked) {
  if (watches(slots::kDepth)) asked.depth = depth.at.data();
  if (watches(slots::kTokens)) asked.tokens = tokens.at.data();
  asked.interval = static_cast<double>(interval_);
  asked.stepped = stepped_;
}

void Episode::advance_freely(Advance& asked, const double* key) {
  if (goes_together(asked)) {
    if (!advance_together(asked.set, asked.by_all)) advance_to_an_end(asked.by_all, key);
    return;
  }
  part();
  tell(asked);
  if (asked.probing && watches_answers()) return advance_revealing(asked, key);
  const Advanced done = kernels_->advance(steps_, asked);
  if (done.moving == 0) return;
  if (asked.probing) hidden_ |= done.moving & ~done.ending;
  settle(done, asked);
  // Where keys are among the lanes that have moved, those of who ends are still as they were.
  if (done.ending != 0) end_freely(done.ending, asked.probing, key);
}

// What it costs, and what is to be seen of it.
inline void Episode::settle(const Advanced& done, const Advance& asked) {
  moved_ |= done.moving != 0;
  stepped_ |= done.moving & ~done.ending;
  spent_ += done.steps * (asked.probing ? interval_ + probe_cost_ : interval_);
  stage_longest_ = std::max(stage_longest_, done.longest * interval_);
  probed_ = asked.probing ? probed_ | done.moving : probed_ & ~done.moving;
}

// Of branches that come to their end by one statement, the one with the largest key does so first.
void Episode::end_freely(Mask ending, bool probing, const double* key) {
  std::array<std::uint8_t, kMaxOpened> queue;
  std::size_t count = 0;
  for_each_lane(ending, [&](std::size_t lane) {
    std::size_t at = count++;
    if (key != nullptr) {
      for (; at > 0 && key[queue[at - 1]] < key[lane]; --at) queue[at] = queue[at - 1];
    }
    queue[at] = static_cast<std::uint8_t>(lane);
  });
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t lane = queue[i];
    const std::int64_t steps = steps_.length[lane] - steps_.taken[lane];
    const std::int64_t last = last_cost(*recorded_[lane]);
    keep_before(lane);
    charge(lane, steps * interval_ + last);
    const AnswerId now = recorded_[lane]->final_answer;
    if (probing && watches_answers()) reveal(lane, now);
    finish(lane, last);
    if (!probing) continue;
    spent_ += (steps + 1) * probe_cost_;
    if (watches_answers()) continue;
    if ((hidden_ & bit(lane)) != 0 || answer[lane] != now) revised |= bit(lane);
    answer[lane] = now;
    hidden_ &= ~bit(lane);
  }
}

// So many steps of one branch, or those before its last one; whether that one was asked for, too.
bool Episode::run_revealing(std::size_t lane, std::int32_t asked) {
  const std::int32_t left = steps_.length[lane] - steps_.taken[lane];
  const std::int32_t steps = std::min(asked, left);
  const AnswerId* const shown = question_->probes.data() + steps_.first[lane] + steps_.taken[lane];
  keep_before(lane);
  AnswerId now = answer[lane];
  double same = streak[lane], changed = changes[lane];
  for (std::int32_t i = 0; i < steps; ++i) {
    const bool stays = shown[i] == now;
    changed += stays || same == 0 ? 0 : 1;
    same = stays ? same + 1 : 1;
    now = shown[i];
  }
  answer[lane] = now;
  streak[lane] = same;
  changes[lane] = changed;
  revised |= bit(lane);
  steps_.taken[lane] += steps;
  steps_.shown[lane] = steps_.taken[lane];
  depth[lane] = steps_.taken[lane];
  if (watches(slots::kTokens)) tokens[lane] = static_cast<double>(steps_.taken[lane] * interval_);
  spent_ += steps * (interval_ + probe_cost_);
  lengthen_stage(lane, 0);
  moved_ = true;
  probed_ |= bit(lane);
  return asked > left;
}

// Where somebody watches how answers change, every one of them is looked at: a step at a time.
void Episode::advance_revealing(const Advance& asked, const double* key) {
  std::array<double, kMaxOpened> keys;  // they may be among the numbers that change here
  if (key != nullptr) std::copy_n(key, opened_, keys.begin());
  std::array<std::int32_t, kMaxOpened> by;
  Mask ending = 0;
  Advance step = asked;
  if (asked.by != nullptr)
    for_each_lane(asked.set, [&](std::size_t lane) { by[lane] = steps_from(asked.by[lane]); });
  step.by = nullptr;
  step.by_all = 1;
  for (std::int32_t taken = 0; asked.by != nullptr || taken < asked.by_all; ++taken) {
    if (asked.by != nullptr) {
      for_each_lane(step.set, [&](std::size_t lane) {
        if (by[lane] <= taken) step.set &= ~bit(lane);
      });
    }
    if (step.set == 0) break;
    // A few branches that go far are quicker one after another than step by step beside all others.
    if (std::popcount(step.set) <= kFew) {
      for_each_lane(step.set, [&](std::size_t lane) {
        const std::int32_t asked_for = asked.by == nullptr ? asked.by_all : by[lane];
        if (run_revealing(lane, asked_for - taken)) ending |= bit(lane);
      });
      break;
    }
    const Advanced done = kernels_->advance(steps_, step);
    settle(done, step);
    ending |= done.ending;
    step.set &= ~done.ending;
    step.stepped = stepped_;
    revised |= kernels_->show_counted(steps_, step.set, opened_, question_->probes.data(), answer.at.data(),
                                      {streak.at.data(), changes.at.data()});
  }
  if (ending != 0) end_freely(ending, true, key == nullptr ? nullptr : keys.data());
}

void Episode::show() {
  const Behind behind{.set = behind_ == 0 ? 0 : active, .steps = static_cast<std::int32_t>(behind_)};
  revised |= kernels_->show(steps_, hidden_, opened_, question_->probes.data(), answer.at.data(), behind);
  hidden_ = 0;
}

// ---- a question that grows

void Episode::reread(std::size_t lane) {
  first_signal_[lane] = recorded_[lane]->first_signal;
  steps_.first[lane] = static_cast<std::int32_t>(recorded_[lane]->first_probe);
  steps_.length[lane] = static_cast<std::int32_t>(recorded_[lane]->probes);
}

void Episode::correct(std::size_t lane, AnswerId answer_now) {
  answer[lane] = answer_now;
  ++late_answers_;
  revised |= bit(lane);
}

// ---- stages and budget

void Episode::grow_older() {
  for (std::size_t lane = 0; lane < opened_; ++lane) age[lane] = round_ - opened_in_[lane];
}

bool Episode::anything_fits() const {
  bool fits = false;
  for_each_lane(active, [&](std::size_t lane) { fits = fits || admits(step_cost(lane)); });
  if (!fits && more_to_open()) fits = admits(std::min(first_cost(next_branch()), next_branch().tokens));
  return fits;
}

}  // namespace replay
