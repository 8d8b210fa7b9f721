// vote_count.hpp: votes of branches of an episode as an instruction asks for them, kept until it asks again.
// Why:      a round asks for the votes of the same sets as the one before, and most branches still give the
//           same answer, with the same weight.
// Use:      VoteCount count;
//           count.begin(question.answers.size());
//           count.count(episode, set, as_finished, weights, kernels);
//           count.tally().top();
// Promises: the same as if all votes were counted anew.
// Threads:  one thread at a time.
// Tests:    tests/replay/machine/vote_count_test.cpp
#pragma once

#include <array>
#include <cstdint>

#include "replay/machine/episode.hpp"
#include "replay/machine/vote_tally.hpp"

namespace replay {

// Votes of one weight each, or of a weight for each branch.
struct Weights {
  const double* lanes = nullptr;
  double all = 1;
  bool equal = true;  // all 1
};

class VoteCount {
 public:
  // A new episode, of a question with so many answers.
  void begin(std::size_t answers) {
    fit(answers);
    tally_.clear();
    weighed_ = Weighed::kNot;
    as_finished_ = false;
  }
  void fit(std::size_t answers) { tally_.fit(answers); }

  // Of opened branches none of which is hidden, in order of opening or of finishing.
  void count(const Episode& episode, Mask set, bool as_finished, const Weights& weights,
             const LaneKernels& kernels);
  Tally& tally() { return tally_; }
  const Tally& tally() const { return tally_; }

 private:
  enum class Weighed : std::uint8_t { kNot, kEqually, kByAll, kByEach };
  bool only_adds(const Episode& episode, Mask set) const;
  bool group_finished(const Episode& episode, Mask set, const LaneKernels& kernels);
  bool is_weighed(Mask set, std::size_t opened, const Weights& weights, const LaneKernels& kernels) const;
  void weigh(std::size_t opened, const Weights& weights);

  Tally tally_;
  Weighed weighed_ = Weighed::kNot;
  double all_ = 1;
  NumberLanes each_;  // by branch
  // In order of finishing: the branches that had finished then, who of them votes, and in which order.
  bool as_finished_ = false;
  Mask set_ = 0, finished_ = 0;
  std::size_t finish_count_ = 0, late_answers_ = 0, voters_ = 0;
  std::array<std::uint8_t, kMaxOpened> voter_{};
};

}  // namespace replay
