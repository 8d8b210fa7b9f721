// episode.hpp: one question under one ordering: its state, and the six actions with what they reveal and
// cost.
// Why:      the rules of the replay environment in one place, whoever decides on the actions.
// Use:      Episode episode;
//           episode.begin(question, ordering, {});
//           if (episode.branch()) episode.probe(0);
// Promises: an inadmissible action (precondition, branches or budget) does nothing and returns false. With a
//           budget a step is taken while an interval of it is left; what would cost more than is left is cut
//           there, reveals nothing and ends the branch as a PRUNE does (docs/environments.md).
//           Costs are whole tokens, so sums are exact. State of the branches lies in lanes that a machine
//           reads in place.
// Threads:  one thread at a time; reuse it for the next episode, begin() forgets everything.
// Tests:    tests/replay/machine/episode_test.cpp
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <utility>

#include "genome/tree/observed.hpp"
#include "replay/machine/action_log.hpp"
#include "replay/machine/frame.hpp"
#include "replay/machine/lane_kernels.hpp"
#include "replay/machine/lanes.hpp"

namespace replay {

struct EpisodeOptions {
  std::optional<std::int64_t> budget;  // tokens; none: without limit
  std::int64_t probe_cost = 0;         // tokens of one PROBE
  // The rule of an earlier program, for its runs: a step is taken when all that it will cost is left, which
  // nobody can know beforehand, so nothing is ever cut.
  bool foresight = false;
  // Actions are taken one by one even where none has to wait for another: for questions that grow.
  bool one_by_one = false;
};

class Episode : private SeenBranches {
 public:
#define BRANCH_TRUTH(identifier, name, ...) using SeenBranches::name;
#define BRANCH_ANSWER(identifier, name, ...) using SeenBranches::name;
#define BRANCH_NUMBER(identifier, name, ...) using SeenBranches::name;
#include "genome/tree/observed.def"
  using SeenBranches::revised;
  SeenBranches& branches() { return *this; }

  explicit Episode(const LaneKernels& kernels = lane_kernels()) : kernels_(&kernels) {}

  // `ordering` deals the branches of `question`; both must outlive the episode, as must `log`, which
  // takes every admitted action when given. `watched` says which numbers of branches anybody will read, bit s
  // for slot s, as Program::watched; others may not be kept up to date.
  void begin(const Question& question, std::span<const std::uint32_t> ordering, const EpisodeOptions& options,
             ActionLog* log = nullptr, std::uint32_t watched = ~0U);

  // ---- the actions

  bool branch();                   // BRANCH: opens the next branch as lane opened() - 1
  bool read();                     // READ: opens the next branch and takes it to its end
  bool advance(std::size_t lane);  // CONTINUE
  bool probe(std::size_t lane);    // PROBE
  bool prune(std::size_t lane);    // PRUNE

  // ---- many actions at once: the same as one by one, where none has to wait for another

  // No budget to run out, nobody who wants to know the order or to look at each reveal.
  bool is_free() const { return free_; }
  bool is_limited() const { return limited_; }
  bool is_told() const { return log_ != nullptr; }

  // BRANCH and PROBE, so many times. REQUIRES: is_free().
  void open_freely(std::size_t count);
  // CONTINUE, with PROBE after each step when asked, the branches of a set by falling key (none: as
  // opened): without a budget only the order of finishing depends on theirs. REQUIRES: is_free(), all of the
  // set are active, asked.opened is opened(). What the kernels are to tell the episode is filled in.
  void advance_freely(Advance& asked, const double* key);
  // PRUNE each. REQUIRES: !is_told().
  void prune_freely(Mask set) {
    part();
    pruned |= set & active;
    active &= ~set;
  }

  // ---- all active branches at once, which is quicker: their lanes are written when somebody reads them (see
  // together.cpp)

  // advance_freely() of so many steps each with probes, where `set` is all active branches, none of them
  // ends by it, and that is known beforehand. False: nothing was done. REQUIRES: is_free().
  bool advance_together(Mask set, std::int32_t by) {
    if (set != active || by > together_ || by <= 0 || (stepped_ & active) != 0) return false;
    take_together(by);
    return true;
  }
  // Writes the lanes of active branches that have gone on together.
  void catch_up() {
    if (behind_ != 0) write_steps();
  }
  // Of the active branches, 0 where there is none.
  std::int64_t least_depth() { return knows_depths() ? least_depth_ : survey_active().first; }
  std::int64_t most_depth() { return knows_depths() ? most_depth_ : survey_active().second; }

  // A stage is the start or a round: latency counts the longest advance of each (see latency_tokens).
  void begin_stage(int round) {
    round_ = round;
    ++stage_;
    moved_ = false;
    stage_longest_ = 0;
    stepped_ = 0;
    behind_in_stage_ = 0;
    if (watches(genome::slots::kAge)) grow_older();
  }
  void end_stage() { latency_ += stage_longest_; }

  // ---- what can be seen

  const Question& question() const { return *question_; }
  std::size_t opened() const { return opened_; }
  std::int64_t spent() const { return spent_; }
  // Infinite without a budget.
  double remaining() const {
    return limited_ ? static_cast<double>(budget_ - spent_) : std::numeric_limits<double>::infinity();
  }
  // Whether a BRANCH, READ or CONTINUE happened since begin_stage().
  bool moved() const { return moved_; }
  // Whether the budget admits no further CONTINUE, BRANCH or READ.
  bool exhausted() const { return limited_ && (foresight_ ? !anything_fits() : left() < interval_); }
  // Summed over the stages so far: the most tokens any one branch was advanced in the stage.
  std::int64_t latency_tokens() const { return latency_; }
  // Lanes in the order in which they finished.
  std::span<const std::uint8_t> finish_order() const { return {finish_order_.data(), finish_count_}; }
  // Another number when the answer of a branch that had finished before has become another one.
  std::size_t late_answers() const { return late_answers_; }

  // What each opened branch shows of a signal now, a number a lane: seen(first, steps), of where the branch
  // begins in the tables and the steps behind it. REQUIRES: catch_up() was called.
  template <class Seen>
  void gather(double* to, Seen seen) const {
    for (std::size_t lane = 0; lane < opened_; ++lane) {
      const auto steps = static_cast<std::size_t>(steps_.taken[lane]) + (finished >> lane & 1);
      to[lane] = seen(std::size_t{first_signal_[lane]}, steps);
    }
  }

  Mask hidden() const { return hidden_; }
  void show();

  // ---- a question that grows, of which `branches` stay where they are (see live/session)

  // What its recording holds of the branch has changed.
  void reread(std::size_t lane);
  // What these branches have instead of an end: there they are given up, and reveal nothing.
  void lose_at_end(Mask set) { losing_ |= set; }
  // The answer that the latest probe of the branch showed, when it was not known then. REQUIRES: nobody reads
  // numbers that count reveals.
  void correct(std::size_t lane, AnswerId answer_now);
  std::int32_t steps_taken(std::size_t lane) const { return steps_.taken[lane]; }
  std::int32_t steps_at_probe(std::size_t lane) const { return steps_.shown[lane]; }
  Mask probed() const { return probed_; }  // at the present depth
  // Whether every answer counts for the program, not only the latest of a branch.
  bool watches_answers() const { return (watched_ & genome::slots::kByReveals) != 0; }

 private:
  const Branch& next_branch() const { return question_->branches[ordering_[opened_]]; }
  std::int64_t left() const { return budget_ - spent_; }
  bool affords(std::int64_t cost) const { return !limited_ || cost <= left(); }
  // Whether a BRANCH, READ or CONTINUE of this cost may begin.
  bool admits(std::int64_t cost) const {
    return foresight_ || !limited_ ? affords(cost) : left() >= interval_;
  }
  bool more_to_open() const { return opened_ < std::min(kMaxOpened, ordering_.size()); }
  bool anything_fits() const;
  bool watches(genome::Slot branch_number) const { return (watched_ >> branch_number & 1) != 0; }
  // Whether some number that counts them has no kernel, so that reveal() alone keeps it up to date.
  bool watches_each_reveal() const { return (watched_ & genome::slots::kByReveals & ~Runs::kSlots) != 0; }
  std::int64_t last_cost(const Branch& branch) const {
    return std::max<std::int64_t>(0, branch.tokens - interval_ * branch.probes);
  }
  std::int64_t first_cost(const Branch& branch) const {
    return branch.probes > 0 ? interval_ : last_cost(branch);
  }
  std::int64_t step_cost(std::size_t lane) const {
    return steps_.taken[lane] < steps_.length[lane] ? interval_ : last_cost(*recorded_[lane]);
  }
  std::size_t open_lane();
  void open_step_by_step(std::size_t count);
  void cut(std::size_t lane);
  void give_up(std::size_t lane, std::int64_t cost);
  void charge(std::size_t lane, std::int64_t cost);
  void reveal(std::size_t lane, AnswerId answer_now);
  void finish(std::size_t lane, std::int64_t last);
  void keep_before(std::size_t lane);
  void lengthen_stage(std::size_t lane, std::int64_t last);
  void tell(Advance& asked);
  void settle(const Advanced& done, const Advance& asked);
  void end_freely(Mask ending, bool probing, const double* key);
  // ---- see together.cpp
  bool goes_together(const Advance& asked) const {
    return asked.probing && asked.by == nullptr && asked.set == active && (stepped_ & active) == 0 &&
           !watches_answers();
  }
  void take_together(std::int32_t by) {
    behind_ += by;
    behind_in_stage_ += by;
    together_ -= by;
    least_depth_ += by;
    most_depth_ += by;
    spent_ += cost_together_ * by;
    stage_longest_ = std::max(stage_longest_, behind_in_stage_ * interval_);
    probed_ |= active;
    hidden_ |= active;
    moved_ = true;
  }
  void advance_to_an_end(std::int32_t by, const double* key);
  void write_steps();
  void write_steps_of(std::size_t lane);
  bool knows_depths() const { return least_depth_ >= 0; }
  void know_depths(const Surveyed& seen);
  std::pair<std::int64_t, std::int64_t> survey_active();
  // `age` of each. part(): active branches stand where the steps together do not say, or others are active.
  void grow_older();
  void part() {
    catch_up();
    least_depth_ = most_depth_ = kUnknown;
    together_ = -1;
  }
  static constexpr int kFew = 6;
  bool run_revealing(std::size_t lane, std::int32_t asked);
  void advance_revealing(const Advance& asked, const double* key);
  AnswerId recorded_answer(std::size_t lane, std::int32_t step) const {
    return question_->probes[static_cast<std::size_t>(steps_.first[lane] + step - 1)];
  }
  void note(ActionKind kind, std::size_t lane, std::int64_t before, AnswerId answer_now);

  const LaneKernels* kernels_;
  const Question* question_ = nullptr;
  std::span<const std::uint32_t> ordering_;
  bool limited_ = false;
  bool foresight_ = false;
  bool one_by_one_ = false;
  bool free_ = false;  // see is_free()
  bool moved_ = false;
  std::int64_t budget_ = 0, probe_cost_ = 0;
  std::int64_t interval_ = 0;
  std::int64_t latency_ = 0;
  std::int64_t stage_longest_ = 0;  // tokens that one branch has taken in this stage, at most
  int round_ = 0;
  int stage_ = 0;  // 1 in the start, r + 2 in round r
  ActionLog* log_ = nullptr;
  std::uint32_t watched_ = ~0U;
  std::size_t finish_count_ = 0, late_answers_ = 0;
  Mask probed_ = 0;   // probed at the present depth, or cut
  Mask cut_ = 0;      // cut by the budget: at most one
  Mask losing_ = 0;   // see lose_at_end()
  Mask stepped_ = 0;  // has moved in this stage: see Advance
  StepLanes steps_;
  std::array<const Branch*, kMaxOpened> recorded_{};
  std::array<std::uint32_t, kMaxOpened> first_signal_{};
  std::array<std::int32_t, kMaxOpened> opened_in_{};
  std::array<std::uint8_t, kMaxOpened> finish_order_{};

  // ---- see together.cpp
  std::int32_t together_ = -1;        // steps that active branches take together before one of them ends
  std::int64_t cost_together_ = 0;    // tokens of one such step of all of them, where depths are known
  std::int32_t behind_in_stage_ = 0;  // of behind_, those taken in this stage
};

}  // namespace replay
