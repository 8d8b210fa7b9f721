#include "evo/search/limits_candidates.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "evo/objective/service_level.hpp"

namespace evo {
namespace {

constexpr double kDoubtedPoints = 2;  // of accuracy
constexpr double kDoubted = 0.98;     // of tokens and latency

LimitsCandidate unjudged(const Individual& individual) {
  return {.id = individual.id, .text = individual.text, .controller = &individual.controller, .settings = {}};
}

// The settings of each controller on the frontier that the archive has kept.
std::map<std::string_view, std::vector<CurvePoint>> curves_on_frontier(const Archive& archive) {
  std::map<std::string_view, std::vector<CurvePoint>> curves;
  for (const ArchivePoint& p : archive.points()) curves[p.id].push_back(curve_point_of(p));
  return curves;
}

}  // namespace

bool LimitsCandidates::better(const ServiceResult& a, const ServiceResult& b) const {
  return better_within(experiment_->limits, experiment_->charge, a, b);
}

// The curve is of other orderings than those measured, so that it is doubted in favour of the candidate. The
// percentile of latency is taken for the mean until it is known.
ServiceResult LimitsCandidates::seeming(const CurvePoint& point) const {
  ServiceResult result{.beta = point.beta,
                       .figures = {.accuracy = std::min(100.0, point.accuracy + kDoubtedPoints),
                                   .tokens = point.tokens * kDoubted,
                                   .latency_tokens = point.latency_tokens * kDoubted,
                                   .latency_p95 = point.latency_tokens * kDoubted}};
  result.excess = excess(experiment_->limits, result.figures);
  return result;
}

std::vector<LimitsCandidate> LimitsCandidates::found_in(const Step& step, const Scorer& scorer) const {
  const std::optional<LimitsChoice>& chosen = step.state.limited;
  std::vector<LimitsCandidate> all;
  std::set<std::string_view> seen;
  const auto add = [&](LimitsCandidate candidate, const std::vector<CurvePoint>& curve) {
    if (chosen && chosen->looked_at.contains(std::string(candidate.id))) return;
    if (!seen.insert(candidate.id).second) return;
    for (const CurvePoint& p : curve) candidate.settings.push_back(seeming(p));
    all.push_back(std::move(candidate));
  };
  const std::vector<Island>& islands = step.state.islands;
  for (const Individual& each : step.born) {
    const auto island = static_cast<std::size_t>(std::max(each.birth.island, 1)) - 1;
    if (scorer.complete(each) && islands[island].contributes) add(unjudged(each), each.curve);
  }
  for (const Island& island : islands) {
    if (!island.contributes) continue;
    for (const Individual& each : island.population) add(unjudged(each), each.curve);
  }
  for (const auto& [id, curve] : curves_on_frontier(step.state.archive))
    add({.id = id, .text = step.state.archive.texts().at(std::string(id)), .settings = {}}, curve);
  keep_better(all, chosen);
  return all;
}

void LimitsCandidates::keep_better(std::vector<LimitsCandidate>& candidates,
                                   const std::optional<LimitsChoice>& chosen) const {
  const auto before = [this](const ServiceResult& a, const ServiceResult& b) { return better(a, b); };
  for (LimitsCandidate& each : candidates) {
    std::erase_if(each.settings,
                  [&](const ServiceResult& seen) { return chosen && !better(seen, chosen->result); });
    std::ranges::stable_sort(each.settings, before);
  }
  std::erase_if(candidates, [](const LimitsCandidate& each) { return each.settings.empty(); });
  std::ranges::stable_sort(
      candidates, before, [](const LimitsCandidate& each) -> const auto& { return each.settings.front(); });
}

std::set<std::string> still_there(const State& state) {
  std::set<std::string> ids;
  for (const Island& island : state.islands) {
    for (const Individual& each : island.population) ids.insert(each.id);
  }
  for (const ArchivePoint& p : state.archive.points()) ids.insert(p.id);
  return ids;
}

}  // namespace evo
