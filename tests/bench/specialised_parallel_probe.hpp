// specialised_parallel_probe.hpp: the controller parallel_probe written by hand in C++, for one beta.
// Why:      a second yardstick beside cmc: all branches in step, every latest answer voting in every round.
//           It is what genome/library/parallel_probe.ctl says, with no budget and free probes.
// Use:      SpecialisedParallelProbe probe(1.0);          // 64 branches
//           replay::EpisodeResult r = probe.run(CompactQuestion(question), ordering);
// Promises: the result equals that of replay::Machine::run for the program at that beta.
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

class SpecialisedParallelProbe {
 public:
  static constexpr std::string_view kController = "parallel_probe";  // in the library

  explicit SpecialisedParallelProbe(double beta);
  replay::EpisodeResult run(const CompactQuestion& question, std::span<const std::uint32_t> ordering);
  // In the last episode.
  std::int64_t probes() const { return steps_ + std::popcount(finished_); }

 private:
  static constexpr int kRounds = 100, kJudgesFrom = 15, kStrikes = 7, kStable = 40;

  void open(std::span<const std::uint32_t> ordering);
  void step();
  void reveal(std::size_t lane, std::uint16_t answer);
  void finish(std::size_t lane);
  void judge(std::int32_t leader);
  std::int32_t leader() const;

  const std::size_t width_;

  const CompactQuestion* question_ = nullptr;
  replay::Mask active_ = 0, finished_ = 0;
  std::array<const std::uint16_t*, replay::kMaxOpened> next_{}, end_{};  // in its row
  std::array<std::uint16_t, replay::kMaxOpened> answer_{};               // the latest
  std::array<std::uint8_t, replay::kMaxOpened> strikes_{};
  std::array<std::uint32_t, replay::kMaxOpened> branch_{};
  std::vector<std::uint8_t> votes_;  // by answer, of those that are not pruned
  std::int64_t steps_ = 0;           // of Δ tokens, over all branches
  std::int64_t last_costs_ = 0;
  std::int64_t longest_ = 0;  // of this stage: tokens of the branch that was advanced the most
};

}  // namespace bench
