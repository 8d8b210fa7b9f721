#include "llm_mutators/journal/model_choice.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "genome/base/check.hpp"

namespace llm_mutators {
namespace {

constexpr double kPriorGain = 0.05;  // a model that brought nothing yet may still do so

}  // namespace

std::size_t choose(std::span<const Arm> arms) {
  EVOTTS_CHECK(!arms.empty());
  double all_pulls = 0, all_cost = 0;
  for (const Arm& arm : arms) all_pulls += arm.pulls, all_cost += arm.cost;
  const double usual_cost = all_cost > 0 ? all_cost / std::max(all_pulls, 1.0) : 1;
  std::vector<double> rates;
  for (const Arm& arm : arms) {
    if (arm.pulls <= 0) return rates.size();
    // Where nothing costs anything, a pull is what counts; a free model beside dear ones costs a little.
    const double cost = all_cost > 0 ? std::max(arm.cost, arm.pulls * usual_cost * 0.01) : arm.pulls;
    rates.push_back((arm.gain + kPriorGain) / cost);
  }
  const double best_rate = *std::max_element(rates.begin(), rates.end());
  std::size_t best = 0;
  double best_index = -1;
  for (std::size_t i = 0; i < arms.size(); ++i) {
    const double bonus = kExploration * std::sqrt(2 * std::log(1 + all_pulls) / arms[i].pulls);
    const double index = rates[i] / best_rate + bonus;
    if (index <= best_index) continue;
    best_index = index;
    best = i;
  }
  return best;
}

}  // namespace llm_mutators
