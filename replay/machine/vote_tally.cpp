#include "replay/machine/vote_tally.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace replay {

void Tally::clear() {
  for (std::size_t i = 0; i < count_; ++i) entry_of_[index_of(answers_[i])] = kNone;
  count_ = best_ = 0;
  set_ = 0;
  second_ = 0;
}

// ---- who has which answer

bool Tally::group(const AnswerId* answers, Mask set, std::size_t places, const LaneKernels& kernels) {
  const Mask both = set & set_;
  const Mask other = both == 0 ? 0 : kernels.other_answers(answers, answer_of_.at.data(), places);
  const Mask moved = (set ^ set_) | (other & both);
  if (moved == 0) return false;
  // To move a vote takes a few times as long as to look for all that have one answer.
  constexpr std::size_t kTimes = 4;
  if (kTimes * static_cast<std::size_t>(std::popcount(moved)) > count_ + kTimes) {
    group_all(answers, set, places, kernels);
  } else {
    for_each_lane(moved, [&](std::size_t place) {
      move(place, (set_ & bit(place)) != 0, (set & bit(place)) != 0, answers[place]);
    });
    put_in_order();
  }
  set_ = set;
  return true;
}

void Tally::group_all(const AnswerId* answers, Mask set, std::size_t places, const LaneKernels& kernels) {
  clear();
  count_ = kernels.group_votes(answers, set, places, answers_known_,
                               {answers_.data(), voters_.data(), votes_.data()});
  for (std::size_t i = 0; i < count_; ++i) entry_of_[index_of(answers_[i])] = static_cast<std::uint8_t>(i);
  std::copy_n(answers, places, answer_of_.at.begin());
}

// `voted` and `votes`: whether the place is of the set before and now.
inline void Tally::move(std::size_t place, bool voted, bool votes, AnswerId answer) {
  if (voted && answer_of_[place] != kNoAnswer) {
    const std::uint8_t before = entry_of_[index_of(answer_of_[place])];
    voters_[before] &= ~bit(place);
    votes_[before] -= 1;
  }
  if (votes) put_vote(place, answer);
}

// Returns where the answer is; what no answer has for a voter without one.
std::size_t Tally::put_vote(std::size_t place, AnswerId answer) {
  set_ |= bit(place);
  answer_of_[place] = answer;
  if (answer == kNoAnswer) return answers_.size();
  const std::uint8_t entry = entry_of_[index_of(answer)];
  if (entry == kNone) {
    put(count_, answer, bit(place), 1);
    return count_++;
  }
  voters_[entry] |= bit(place);
  votes_[entry] += 1;
  return entry;
}

// Answers by the first place that has them, and without those that nobody has any more. Most are in order.
void Tally::put_in_order() {
  const auto first = [](Mask voters) { return voters & -voters; };
  std::size_t kept = 0;
  for (std::size_t i = 0; i < count_; ++i) {
    const AnswerId answer = answers_[i];
    const Mask voters = voters_[i];
    const double votes = votes_[i];
    if (voters == 0) {
      entry_of_[index_of(answer)] = kNone;
      continue;
    }
    std::size_t at = kept++;
    if (at == i && (at == 0 || first(voters_[at - 1]) < first(voters))) continue;
    for (; at > 0 && first(voters_[at - 1]) > first(voters); --at)
      put(at, answers_[at - 1], voters_[at - 1], votes_[at - 1]);
    put(at, answer, voters, votes);
  }
  count_ = kept;
}

// ---- what is read off

void Tally::close() {
  best_ = 0;
  second_ = 0;
  confidence_ = std::numeric_limits<double>::quiet_NaN();
  if (count_ == 0) return;
  const double* const weights = this->weights();
  double best = weights[0];
  bool found = false;
  for (std::size_t i = 1; i < count_; ++i) {
    // The best so far that is beaten becomes the second: nothing seen before was larger.
    const double weight = weights[i];
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

// One of the answers has a vote more, all of which weigh the same.
void Tally::close_with(std::size_t entry) {
  const double votes = votes_[entry];
  confidence_ = std::numeric_limits<double>::quiet_NaN();
  if (entry == best_) return;
  const double most = votes_[best_];
  second_ = std::max(second_, std::min(votes, most));
  if (votes > most || (votes == most && entry < best_)) best_ = entry;
}

void Tally::votes_of_each(const AnswerId* of, Mask set, std::size_t opened, double* to) const {
  const double* const weights = this->weights();
  const std::uint8_t* const entry_of = entry_of_.data();
  const Mask all = first_lanes(opened);
  if ((set & all) != all)
    return for_each_lane(set & all, [&](std::size_t i) { to[i] = weights[entry_of[index_of(of[i])]]; });
  for (std::size_t i = 0; i < opened; ++i) to[i] = weights[entry_of[index_of(of[i])]];
}

double Tally::distinct() const {
  const double* const weights = this->weights();
  double positive = 0;
  for (std::size_t i = 0; i < count_; ++i) positive += weights[i] > 0 ? 1 : 0;
  return positive;
}

double Tally::entropy() const {
  const double* const weights = this->weights();
  double whole = 0;
  for (std::size_t i = 0; i < count_; ++i) whole += weights[i] > 0 ? weights[i] : 0;
  double sum = 0;
  for (std::size_t i = 0; i < count_; ++i) {
    if (weights[i] > 0) sum += -(weights[i] / whole) * std::log(weights[i] / whole);
  }
  return genome::number_or_zero(sum);
}

}  // namespace replay
