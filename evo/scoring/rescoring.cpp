#include "evo/scoring/rescoring.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <string_view>
#include <utility>

#include "evo/base/error.hpp"
#include "evo/population/exact_means.hpp"
#include "evo/population/selection.hpp"
#include "genome/base/check.hpp"
#include "genome/text/checker.hpp"

namespace evo {
namespace {

// One alone: successive halving rejects nobody who has no rival.
Individual scored_alone(const Individual& individual, IslandScorer& scorer) {
  std::vector<Individual> one;
  one.push_back(unscored(individual));
  Work uncounted;
  scorer.score(one, {}, uncounted);
  EVOTTS_CHECK(scorer.complete(one.front()));
  return std::move(one.front());
}

class Comparison {
 public:
  explicit Comparison(Digits digits) : digits_(digits) {}

  bool same(double recorded, double again) const {
    return recorded == again || (digits_ == Digits::kRounded && same_but_for_rounding(recorded, again));
  }

  // Keeps the first difference.
  void compare(std::string_view figure, double recorded, double again) {
    if (!found && !same(recorded, again))
      found = fmt::format("{} is recorded as {} and comes out as {}", figure, recorded, again);
  }

  std::optional<std::string> found;

 private:
  Digits digits_;
};

void compare_curves(Comparison& comparison, const Individual& recorded, const Individual& again) {
  if (recorded.curve.size() != again.curve.size()) {
    comparison.found = "the curve has other settings";
    return;
  }
  for (std::size_t i = 0; i < recorded.curve.size(); ++i) {
    const CurvePoint &a = recorded.curve[i], &b = again.curve[i];
    const std::string at = fmt::format(" at beta {}", a.beta);
    comparison.compare("accuracy" + at, a.accuracy, b.accuracy);
    comparison.compare("tokens" + at, a.tokens, b.tokens);
    if (!recorded.sums.empty()) comparison.compare("latency" + at, a.latency_tokens, b.latency_tokens);
  }
}

// The archived controllers that do not live, scored.
std::vector<Individual> archived_alone(const State& state, Scorer& scorer) {
  std::vector<Individual> archived;
  for (const auto& [id, text] : state.archive.texts()) {
    if (island_of(state, id) < state.islands.size()) continue;
    const auto checked = genome::check_text(text).controller;
    if (!checked) throw RunError(fmt::format("the archived controller {} does not check", id));
    archived.push_back(scored_alone(make_individual(*checked, {}), scorer));
  }
  return archived;
}

// The points of an archive, measured anew; they keep their order, so that the earlier of equal ones stays.
std::vector<ArchivePoint> measured_anew(const Archive& archive, const std::vector<Individual>& scored) {
  std::vector<ArchivePoint> points;
  for (const ArchivePoint& p : archive.points()) {
    const auto owner = std::ranges::find(scored, p.id, &Individual::id);
    if (owner == scored.end()) continue;
    const auto at = std::ranges::find(owner->curve, p.beta, &CurvePoint::beta);
    if (at == owner->curve.end()) continue;
    const Measured sums = measured_at(*owner, static_cast<std::size_t>(at - owner->curve.begin()));
    points.push_back({p.id, p.beta, at->accuracy, at->tokens, {sums.begin(), sums.end()}});
  }
  return points;
}

}  // namespace

Individual rescored(const Individual& individual, Scorer& scorer, std::size_t island) {
  Individual again = scored_alone(individual, scorer.island(island));
  if (individual.validated && scorer.experiment().validation_orderings > 0) {
    Individual* one[] = {&again};
    Work uncounted;
    scorer.validation().measure(one, uncounted);
  }
  return again;
}

bool same_but_for_rounding(double a, double b) {
  constexpr double kRounding = 1e-9;  // of a figure, or of a point
  return std::abs(a - b) <= kRounding * std::max({1.0, std::abs(a), std::abs(b)});
}

std::optional<std::string> score_difference(const Individual& recorded, const Individual& again,
                                            Digits digits) {
  const bool has_sums = !recorded.sums.empty();
  Comparison comparison(digits);
  compare_curves(comparison, recorded, again);
  comparison.compare("score", recorded.score, again.score);
  comparison.compare("fitness", recorded.fitness, again.fitness);
  if (comparison.found) return comparison.found;
  if (has_sums && recorded.sums != again.sums) return "the sums of its episodes are others";
  const auto same = [&](double a, double b) { return comparison.same(a, b); };
  if (has_sums && !std::ranges::equal(recorded.level, again.level, same))
    return "the fitness after a slice of its orderings is another";
  if (recorded.validated)
    comparison.compare("the fitness on the validation orderings", *recorded.validated,
                       again.validated.value_or(0));
  return comparison.found;
}

State rescored_population(const State& state, Scorer& scorer) {
  State next = state;
  next.environments.clear();
  for (const replay::Environment& each : scorer.evaluator().environments())
    next.environments.push_back({each.name, each.digest});
  next.exact = true;
  next.charge = scorer.experiment().charge;
  next.limited.reset();  // chosen anew in the next generation
  std::vector<Individual> all, contributed;
  for (std::size_t i = 0; i < next.islands.size(); ++i) {
    Island& island = next.islands[i];
    const Experiment& own = scorer.island(i).experiment();
    for (Individual& each : island.population) each = scored_alone(each, scorer.island(i));
    all.insert(all.end(), island.population.begin(), island.population.end());
    if (island.contributes)
      contributed.insert(contributed.end(), island.population.begin(), island.population.end());
    island.population = survivors(std::move(island.population), static_cast<std::size_t>(own.population),
                                  budgets_of(own), own.niche);
  }
  for (const Individual& each : archived_alone(state, scorer)) {
    all.push_back(each);
    contributed.push_back(each);
  }
  next.archive = Archive();
  next.archive.offer(contributed, budgets_of(scorer.experiment()));
  next.champion.clear();
  next.counters.evaluations += all.size();
  for (const Individual& each : all) {
    for (const Sums& sums : each.sums) next.counters.episodes += static_cast<std::uint64_t>(sums.episodes);
  }
  return next;
}

State scored_exactly(const State& state, Scorer& scorer) {
  State next = state;
  next.exact = true;
  std::vector<Individual> all;
  for (std::size_t i = 0; i < next.islands.size(); ++i) {
    std::vector<Individual>& living = next.islands[i].population;
    for (Individual& each : living) each = rescored(each, scorer, i);
    std::ranges::sort(living, fitter);
    all.insert(all.end(), living.begin(), living.end());
  }
  for (Individual& each : archived_alone(state, scorer)) all.push_back(std::move(each));
  next.archive = Archive(measured_anew(state.archive, all), state.archive.texts());
  next.archive.offer(all, budgets_of(scorer.experiment()));
  return next;
}

}  // namespace evo
