#include "evo/population/niche.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace evo {

Niche niche_of(const Individual& individual) {
  Niche niche;
  if (!individual.curve.empty()) {
    const CurvePoint& middle = individual.curve[individual.curve.size() / 2];
    const double width = middle.tokens / std::max(middle.latency_tokens, 1.0);
    niche.width = std::clamp(static_cast<int>(std::floor(std::log2(std::max(width, 1.0)))), 0, 6);
  }
  const auto& round = individual.controller.tree().round;
  const auto has = [&](std::initializer_list<genome::Verb> verbs) {
    return std::any_of(round.begin(), round.end(), [&](const genome::Statement& s) {
      return std::find(verbs.begin(), verbs.end(), s.verb) != verbs.end();
    });
  };
  if (has({genome::Verb::kPrune}))
    niche.handling = 2;
  else if (has({genome::Verb::kAdvance, genome::Verb::kContinue}))
    niche.handling = 1;
  return niche;
}

NichePlaces::NichePlaces(std::span<const Individual> living, int places)
    : places_(static_cast<std::size_t>(places)),
      last_(living.empty() ? -std::numeric_limits<double>::infinity() : living.back().fitness) {
  if (places_ == 0) return;
  for (const Individual& each : living) {
    std::vector<double>& held = held_[niche_of(each)];
    if (held.size() < places_) held.push_back(each.fitness);
  }
}

double NichePlaces::least(Niche niche) const {
  if (places_ == 0) return std::numeric_limits<double>::infinity();
  const auto at = held_.find(niche);
  return at == held_.end() || at->second.size() < places_ ? last_ : at->second.back();
}

}  // namespace evo
