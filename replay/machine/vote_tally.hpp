// vote_tally.hpp: the votes of a set of branches: who has which answer, and what each answer's votes weigh.
// Why:      top, support, runner_up, votes, distinct, entropy and confidence are all read off one tally. From
//           round to round few branches change their answer, so those alone are counted anew.
// Use:      if (tally.group(answers, set, lanes, kernels)) tally.weigh_equally();
//           tally.close(); tally.top();
// Promises: answers come in the order in which they are first seen, and a tie goes to the first of them; a
//           voter without an answer does not vote. A place is an index into the answers that are given; what
//           places mean, branches or votes in some order, is the caller's.
// Threads:  one thread at a time.
// Tests:    tests/replay/machine/vote_tally_test.cpp
#pragma once

#include <array>
#include <limits>
#include <vector>

#include "genome/base/arithmetic.hpp"
#include "replay/machine/lane_kernels.hpp"
#include "replay/machine/lanes.hpp"

namespace replay {

class Tally {
 public:
  // Answers are ids below `answers`; call before all else for a question, and again when there are more.
  void fit(std::size_t answers) {
    if (entry_of_.size() <= answers) entry_of_.resize(answers + 1, kNone);
    answers_known_ = answers;
  }
  void clear();

  // The voters are the places of `set`, each with the answer that it has here. So many `places` count, but
  // all kMaxOpened of `answers`, aligned as Lanes, may be read. False: each answer has its votes at the same
  // places as before.
  bool group(const AnswerId* answers, Mask set, std::size_t places, const LaneKernels& kernels);
  // One more voter, at a place behind all others. Where all votes weigh the same and close() was called, it
  // need not be called again.
  void add(std::size_t place, AnswerId answer) {
    if (const std::size_t entry = put_vote(place, answer); entry < count_ && equally_) close_with(entry);
  }

  // What the votes of each answer weigh: 1 each; or weight(voters, how many), from their places.
  void weigh_equally() { equally_ = true; }
  template <typename Weight>
  void weigh(Weight weight) {
    equally_ = false;
    for (std::size_t i = 0; i < count_; ++i) weighed_[i] = weight(voters_[i], votes_[i]);
  }
  // Finds the winner and the second; to be called when all is weighed.
  void close();

  AnswerId top() const { return count_ == 0 ? kNoAnswer : answers_[best_]; }
  double support() const { return count_ == 0 ? 0 : weights()[best_]; }
  double runner_up() const { return second_; }
  double votes(AnswerId answer) const { return weights()[entry_of_[index_of(answer)]]; }
  // Those of the answers of a set of opened branches.
  void votes_of_each(const AnswerId* of, Mask set, std::size_t opened, double* to) const;
  double distinct() const;
  double entropy() const;  // nats, of the shares of answers with a positive weight
  // Of the two largest weights; NaN while nobody has asked.
  double known_confidence() const { return confidence_; }
  double confidence() { return confidence_ = genome::beta_confidence(support(), second_); }

 private:
  static constexpr std::uint8_t kNone = 2 * kMaxOpened;  // where no answer is, and no vote
  static constexpr std::size_t index_of(AnswerId answer) { return static_cast<std::size_t>(answer) + 1; }
  void group_all(const AnswerId* answers, Mask set, std::size_t places, const LaneKernels& kernels);
  void move(std::size_t place, bool voted, bool votes, AnswerId answer);
  std::size_t put_vote(std::size_t place, AnswerId answer);
  void close_with(std::size_t entry);
  void put_in_order();
  void put(std::size_t at, AnswerId answer, Mask voters, double votes) {
    answers_[at] = answer;
    voters_[at] = voters;
    votes_[at] = votes;
    entry_of_[index_of(answer)] = static_cast<std::uint8_t>(at);
  }
  const double* weights() const { return equally_ ? votes_.data() : weighed_.data(); }

  std::vector<std::uint8_t> entry_of_;  // by index_of() an answer: its index below, or kNone
  std::size_t answers_known_ = 0;
  Mask set_ = 0;
  AnswerLanes answer_of_;  // by place, of set_
  // The answers that have votes, and their voters; while votes move, those that lost theirs, too.
  std::size_t count_ = 0, best_ = 0;
  std::array<AnswerId, 2 * kMaxOpened> answers_{};
  std::array<Mask, 2 * kMaxOpened> voters_{};
  std::array<double, kNone + 1> votes_{};
  bool equally_ = true;
  std::array<double, kNone + 1> weighed_{};
  double second_ = 0;
  double confidence_ = std::numeric_limits<double>::quiet_NaN();
};

}  // namespace replay
