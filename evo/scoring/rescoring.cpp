#include "evo/scoring/rescoring.hpp"

#include <fmt/format.h>
#include <set>
#include <utility>

#include "evo/base/error.hpp"
#include "evo/population/selection.hpp"
#include "genome/base/check.hpp"
#include "genome/text/checker.hpp"

namespace evo {
namespace {

// One alone: successive halving rejects nobody who has no rival.
Individual scored_alone(const Individual& individual, Scorer& scorer) {
  std::vector<Individual> one;
  one.push_back(unscored(individual));
  Work uncounted;
  scorer.score(one, {}, uncounted);
  EVOTTS_CHECK(scorer.complete(one.front()));
  return std::move(one.front());
}

std::optional<std::string> difference(const char* figure, double recorded, double again) {
  if (recorded == again) return std::nullopt;
  return fmt::format("{} is recorded as {} and comes out as {}", figure, recorded, again);
}

std::optional<std::string> curve_difference(const Individual& recorded, const Individual& again,
                                            bool latency) {
  if (recorded.curve.size() != again.curve.size()) return "the curve has other settings";
  for (std::size_t i = 0; i < recorded.curve.size(); ++i) {
    const CurvePoint &a = recorded.curve[i], &b = again.curve[i];
    const std::string at = fmt::format(" at beta {}", a.beta);
    if (auto found = difference(("accuracy" + at).c_str(), a.accuracy, b.accuracy)) return found;
    if (auto found = difference(("tokens" + at).c_str(), a.tokens, b.tokens)) return found;
    if (!latency) continue;
    if (auto found = difference(("latency" + at).c_str(), a.latency_tokens, b.latency_tokens)) return found;
  }
  return std::nullopt;
}

}  // namespace

Individual rescored(const Individual& individual, Scorer& scorer) {
  Individual again = scored_alone(individual, scorer);
  if (individual.validated && scorer.experiment().validation_orderings > 0) {
    Individual* one[] = {&again};
    Work uncounted;
    scorer.validation().measure(one, uncounted);
  }
  return again;
}

std::optional<std::string> score_difference(const Individual& recorded, const Individual& again) {
  const bool has_sums = !recorded.sums.empty();
  if (auto found = curve_difference(recorded, again, has_sums)) return found;
  if (auto found = difference("score", recorded.score, again.score)) return found;
  if (auto found = difference("fitness", recorded.fitness, again.fitness)) return found;
  if (has_sums && recorded.sums != again.sums) return "the sums of its episodes are others";
  if (has_sums && recorded.level != again.level)
    return "the fitness after a slice of its orderings is another";
  if (recorded.validated)
    return difference("the fitness on the validation orderings", *recorded.validated,
                      again.validated.value_or(0));
  return std::nullopt;
}

State rescored_population(const State& state, Scorer& scorer) {
  const Experiment& experiment = scorer.experiment();
  const BudgetRange range = budgets_of(experiment);
  State next = state;
  next.environments.clear();
  for (const replay::Environment& each : scorer.evaluator().environments())
    next.environments.push_back({each.name, each.digest});
  std::vector<Individual> living, all;
  std::set<std::string> ids;
  for (const Individual& each : state.population) {
    living.push_back(scored_alone(each, scorer));
    ids.insert(each.id);
  }
  all = living;
  for (const auto& [id, text] : state.archive.texts()) {
    if (!ids.insert(id).second) continue;
    const auto checked = genome::check_text(text).controller;
    if (!checked) throw RunError(fmt::format("the archived controller {} does not check", id));
    all.push_back(scored_alone(make_individual(*checked, {}), scorer));
  }
  next.archive = Archive();
  next.archive.offer(all, range);
  next.population =
      survivors(std::move(living), static_cast<std::size_t>(experiment.population), range, experiment.niche);
  next.champion.clear();
  next.counters.evaluations += all.size();
  for (const Individual& each : all) {
    for (const Sums& sums : each.sums) next.counters.episodes += static_cast<std::uint64_t>(sums.episodes);
  }
  return next;
}

}  // namespace evo
