#include "replay/tally.hpp"

#include <cmath>

namespace replay {

void Tally::clear() {
  for (std::size_t i = 0; i < count_; ++i) place_[static_cast<std::size_t>(answers_[i])] = kNowhere;
  count_ = best_ = 0;
  second_ = 0;
}

void Tally::close() {
  for (std::size_t i = 1; i < count_; ++i) {
    if (weights_[i] > weights_[best_]) best_ = i;
  }
  bool found = false;
  for (std::size_t i = 0; i < count_; ++i) {
    if (i == best_) continue;
    if (!found || weights_[i] > second_) second_ = weights_[i];
    found = true;
  }
}

double Tally::votes(AnswerId answer) const {
  if (answer == kNoAnswer) return 0;
  for (std::size_t i = 0; i < count_; ++i) {
    if (answers_[i] == answer) return weights_[i];
  }
  return 0;
}

double Tally::distinct() const {
  double positive = 0;
  for (std::size_t i = 0; i < count_; ++i) positive += weights_[i] > 0 ? 1 : 0;
  return positive;
}

double Tally::entropy() const {
  double whole = 0;
  for (std::size_t i = 0; i < count_; ++i) whole += weights_[i] > 0 ? weights_[i] : 0;
  double sum = 0;
  for (std::size_t i = 0; i < count_; ++i) {
    if (weights_[i] > 0) sum += -(weights_[i] / whole) * std::log(weights_[i] / whole);
  }
  return genome::number_or_zero(sum);
}

double Tally::confidence() const { return genome::beta_confidence(support(), second_); }

}  // namespace replay
