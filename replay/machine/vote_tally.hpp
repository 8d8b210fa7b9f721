// vote_tally.hpp: the votes of a set of branches: weights by answer in the order the answers were first seen.
// Why:      top, support, runner_up, votes, distinct, entropy and confidence are all read off one tally.
// Use:      tally.set(count); tally.add_one(answer); ...; tally.close(); tally.top();
// Promises: a tie goes to the answer seen first; a voter without an answer does not vote. At most kMaxOpened
//           voters.
// Threads:  one thread at a time.
#pragma once

#include <array>
#include <vector>

#include "genome/base/arithmetic.hpp"
#include "replay/machine/lanes.hpp"

namespace replay {

class Tally {
 public:
  // Answers are ids below `answers`; call before the first tally of a question, and when there are more.
  void fit(std::size_t answers) {
    if (place_.size() < answers) place_.resize(answers, kNowhere);
  }
  std::size_t answers_known() const { return place_.size(); }
  void clear() {
    for (std::size_t i = 0; i < count_; ++i) place_[static_cast<std::size_t>(answers_[i])] = kNowhere;
    count_ = best_ = 0;
    second_ = 0;
  }
  // One more vote of weight 1; whole numbers need no care.
  void add_one(AnswerId answer) {
    if (answer != kNoAnswer) weights_[place_of(answer)] += 1;
  }
  // All votes anew: count(answers, weights) fills in the answers in the order in which they are first seen,
  // each with its weight, and returns how many there are.
  template <typename Count>
  void set(Count count) {
    clear();
    count_ = count(answers_.data(), weights_.data());
    for (std::size_t i = 0; i < count_; ++i)
      place_[static_cast<std::size_t>(answers_[i])] = static_cast<std::uint8_t>(i);
  }
  // Finds the winner and the second; to be called after set() and after the last add_one().
  void close() {
    best_ = 0;
    second_ = 0;
    if (count_ == 0) return;
    double best = weights_[0];
    bool found = false;
    for (std::size_t i = 1; i < count_; ++i) {
      // The best so far that is beaten becomes the second: nothing seen before was larger.
      const double weight = weights_[i];
      if (weight > best) {
        second_ = best;
        best = weight;
        best_ = i;
      } else if (!found || weight > second_) {
        second_ = weight;
      }
      found = true;
    }
  }

  AnswerId top() const { return count_ == 0 ? kNoAnswer : answers_[best_]; }
  double support() const { return count_ == 0 ? 0 : weights_[best_]; }
  double runner_up() const { return second_; }
  double votes(AnswerId answer) const {
    if (answer == kNoAnswer) return 0;
    const std::uint8_t place = place_[static_cast<std::size_t>(answer)];
    return place == kNowhere ? 0 : weights_[place];
  }
  double distinct() const;
  double entropy() const;  // nats, of the shares of answers with a positive weight
  double confidence() const { return genome::beta_confidence(support(), second_); }

 private:
  static constexpr std::uint8_t kNowhere = 0xFF;

  std::size_t place_of(AnswerId answer) {
    std::uint8_t& place = place_[static_cast<std::size_t>(answer)];
    if (place == kNowhere) {
      place = static_cast<std::uint8_t>(count_);
      answers_[count_] = answer;
      weights_[count_++] = 0;
    }
    return place;
  }

  std::vector<std::uint8_t> place_;  // by answer: its index below, or kNowhere
  std::array<AnswerId, kMaxOpened> answers_{};
  std::array<double, kMaxOpened> weights_{};
  std::size_t count_ = 0, best_ = 0;
  double second_ = 0;
};

}  // namespace replay
