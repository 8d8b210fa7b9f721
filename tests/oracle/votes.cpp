#include "tests/oracle/votes.hpp"

#include <cmath>
#include <cstddef>
#include <optional>

#include "tests/oracle/values.hpp"

namespace oracle {
namespace {

// The place of the largest weight, leaving out place `but`.
std::optional<std::size_t> place_of_largest(const Tally& tally, std::optional<std::size_t> but) {
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < tally.size(); ++i) {
    if (but == i) continue;
    if (!best || tally[i].weight > tally[*best].weight) best = i;
  }
  return best;
}

}  // namespace

Tally count_votes(const std::vector<Ballot>& ballots) {
  Tally tally;
  for (const Ballot& ballot : ballots) {
    if (ballot.answer == replay::kNoAnswer) continue;
    bool known = false;
    for (Share& share : tally) {
      if (share.answer != ballot.answer) continue;
      share.weight = add(share.weight, ballot.weight);
      known = true;
    }
    if (!known) tally.push_back({ballot.answer, ballot.weight});
  }
  return tally;
}

replay::AnswerId top(const Tally& tally) {
  const auto winner = place_of_largest(tally, std::nullopt);
  return winner ? tally[*winner].answer : replay::kNoAnswer;
}

double support(const Tally& tally) {
  const auto winner = place_of_largest(tally, std::nullopt);
  return winner ? tally[*winner].weight : 0;
}

double runner_up(const Tally& tally) {
  const auto winner = place_of_largest(tally, std::nullopt);
  if (!winner) return 0;
  const auto second = place_of_largest(tally, winner);
  return second ? tally[*second].weight : 0;
}

double votes_for(const Tally& tally, replay::AnswerId answer) {
  for (const Share& share : tally) {
    if (share.answer == answer) return share.weight;
  }
  return 0;
}

double distinct(const Tally& tally) {
  double answers = 0;
  for (const Share& share : tally) answers += share.weight > 0 ? 1 : 0;
  return answers;
}

double entropy(const Tally& tally) {
  double whole = 0;
  for (const Share& share : tally) {
    if (share.weight > 0) whole += share.weight;
  }
  double nats = 0;
  for (const Share& share : tally) {
    if (share.weight > 0) nats += -(share.weight / whole) * std::log(share.weight / whole);
  }
  return tidy(nats);
}

double confidence(const Tally& tally) { return beta_confidence(support(tally), runner_up(tally)); }

}  // namespace oracle
