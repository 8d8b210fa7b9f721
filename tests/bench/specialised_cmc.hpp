// specialised_cmc.hpp: the controller cmc written by hand in C++, for one beta: the yardstick of the machine.
// Why:      how far the machine is from the hardware shows only beside code that knows its one controller:
//           what genome/library/cmc.ctl says, with no budget and free probes, and nothing that it does not.
// Use:      const CompactQuestion compact(question);             // once, outside of what is timed
//           SpecialisedCmc cmc(0.5);
//           replay::EpisodeResult r = cmc.run(compact, ordering);
// Promises: the result equals that of replay::Machine::run for the program of cmc at that beta. It takes
//           every step of every branch and looks only at answers that cmc may see by then, but reads an
//           answer only in the rounds that judge it.
// Threads:  a CompactQuestion is immutable; a SpecialisedCmc belongs to one thread, its buffers are used
//           again.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "replay/machine/lanes.hpp"
#include "replay/machine/machine.hpp"
#include "tests/bench/compact_question.hpp"

namespace bench {

class SpecialisedCmc {
 public:
  static constexpr std::string_view kController = "cmc";  // in the library

  explicit SpecialisedCmc(double beta);
  replay::EpisodeResult run(const CompactQuestion& question, std::span<const std::uint32_t> ordering);
  // In the last episode.
  std::int64_t probes() const { return steps() + votes_.voters; }

  // The schedule at one beta.
  struct Schedule {
    explicit Schedule(double beta);
    int cohort, width, warm_up, patience, horizon, burst, spawn, quorum;
    double alpha, level, slack, trend;
  };

 private:
  static constexpr int kRounds = 500;
  static constexpr std::int32_t kMost = static_cast<std::int32_t>(replay::kMaxOpened);

  // The votes of the finished branches, kept up to date: leader, its votes and the second most.
  struct Votes {
    struct Count {
      std::uint8_t votes = 0;
      std::uint8_t first = 0;  // seen as the so-many-th
    };
    void add(std::int32_t answer);
    void clear();

    std::vector<Count> by_answer;
    std::array<std::int32_t, replay::kMaxOpened> seen{};
    std::int32_t distinct = 0, leader = -1, most = 0, second = 0, voters = 0;
  };

  struct Queue {
    std::size_t size = 0;
    std::array<std::uint8_t, replay::kMaxOpened> at;
  };

  void begin(const CompactQuestion& question);
  void open(int count, std::span<const std::uint32_t> ordering);
  void step_all();
  void judge_and_step(std::int32_t leader);
  void prune(std::int32_t leader);
  void leave(std::size_t place, std::int64_t cost);
  void finish_those_that_leave();
  void close_gaps(replay::Mask gone);
  template <typename Key>
  static Queue in_falling_order(replay::Mask places, Key key);
  std::int32_t depth(std::size_t place) const {
    return at_[place] - question_->branches[branch_[place]].first + 1;
  }
  std::int32_t answer_at_the_end() const;
  std::int64_t steps() const;  // of Δ tokens, over all branches

  const Schedule schedule_;
  std::array<double, 65 * 65> confidence_;  // of the two largest counts, times alpha

  const CompactQuestion* question_ = nullptr;
  Votes votes_;
  // The active branches, in the order in which they were opened.
  std::size_t active_ = 0;
  alignas(64) std::array<std::int32_t, replay::kMaxOpened> at_{};   // index in rows of the latest answer
  alignas(64) std::array<std::int32_t, replay::kMaxOpened> end_{};  // index in rows of the last probe
  alignas(64) std::array<std::int32_t, replay::kMaxOpened> deviance_{};
  alignas(64) std::array<std::uint32_t, replay::kMaxOpened> branch_{};
  std::int32_t most_deviant_ = 0;  // no deviance is larger
  replay::Mask leaving_ = 0;       // places of those that reach their end in this round
  std::int32_t opened_ = 0;
  std::int64_t settled_steps_ = 0;  // of branches that are no longer active
  std::int64_t last_costs_ = 0;
  std::int64_t longest_ = 0;              // of this stage: tokens of the branch that was advanced the most
  std::array<double, kRounds> ema_at_{};  // by round, at its end
};

}  // namespace bench
