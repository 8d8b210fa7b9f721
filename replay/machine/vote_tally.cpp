#include "replay/machine/vote_tally.hpp"

#include <cmath>

namespace replay {

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

}  // namespace replay
