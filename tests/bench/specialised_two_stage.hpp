// specialised_two_stage.hpp: the controller two_stage written by hand in C++, for one beta.
// Why:      a third yardstick: few branches first, many later, and once one has ended the ended alone vote.
//           It is what genome/library/two_stage.ctl says, with no budget and free probes.
// Use:      SpecialisedTwoStage two_stage(0.5);
//           replay::EpisodeResult r = two_stage.run(CompactQuestion(question), ordering);
// Promises: the result equals that of replay::Machine::run for the program at that beta. Every round advances
//           all branches by one, so it goes from end to end of a branch rather than from round to round, and
//           takes the steps in between as one.
// Threads:  one thread at a time; its buffers are used again.
// Tests:    tests/replay/evaluation/hand_written_test.cpp
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "replay/machine/lanes.hpp"
#include "replay/machine/machine.hpp"
#include "tests/bench/compact_question.hpp"

namespace bench {

class SpecialisedTwoStage {
 public:
  static constexpr std::string_view kController = "two_stage";  // in the library

  explicit SpecialisedTwoStage(double beta);
  replay::EpisodeResult run(const CompactQuestion& question, std::span<const std::uint32_t> ordering);
  // In the last episode.
  std::int64_t probes() const { return steps_ + std::popcount(finished_); }

 private:
  // A moment is the end of a stage: 0 that of the start, m + 1 that of round m.
  using Moments = std::uint64_t;                                  // a set of them
  static constexpr int kFar = 16, kLong = 40;                     // depths of the controller
  static constexpr int kNever = 63;                               // comes after the end of any episode
  static constexpr std::size_t kCounts = replay::kMaxOpened + 1;  // of votes for one answer
  static_assert(kFar - 1 + kLong - 1 < kNever);

  // The votes so far: their weights by answer, the largest and the second largest number.
  struct Votes {
    struct Count {
      double weight = 0;
      std::int32_t number = 0;
    };
    void add(std::int32_t answer, double weight);
    void clear();
    std::int32_t winner() const;

    std::vector<Count> by_answer;
    std::array<std::int32_t, replay::kMaxOpened> seen{};
    std::int32_t distinct = 0, leader = -1, most = 0, second = 0;
  };

  void begin(const CompactQuestion& question, std::span<const std::uint32_t> ordering);
  int open(std::size_t width, int moment);
  int end_branches(int from, int until);
  void end_at(int moment);
  bool is_sure() const {
    return sure_[static_cast<std::size_t>(votes_.most) * kCounts + static_cast<std::size_t>(votes_.second)];
  }
  const CompactQuestion::Branch& row(std::size_t lane) const { return question_->branches[ordering_[lane]]; }
  replay::EpisodeResult result(int moment, int second_stage);

  std::size_t cohort_, width_;
  std::array<bool, kCounts * kCounts> sure_;   // by the two largest numbers of votes
  std::array<double, kNever + 1> one_over_{};  // by depth

  const CompactQuestion* question_ = nullptr;
  std::span<const std::uint32_t> ordering_;
  std::size_t opened_ = 0;
  Moments ends_ = 0;                               // when some branch ends
  std::array<replay::Mask, kNever + 1> ending_{};  // by moment in ends_: those that end then
  replay::Mask finished_ = 0;
  Votes votes_;
  std::int64_t steps_ = 0;  // of Δ tokens: of finished branches, and of all in the end
  std::int64_t last_costs_ = 0;
  std::int64_t latency_ = 0;  // beyond Δ tokens a stage
};

}  // namespace bench
