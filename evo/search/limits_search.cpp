#include "evo/search/limits_search.hpp"

#include <algorithm>
#include <utility>

#include "evo/objective/service_level.hpp"
#include "evo/population/exact_means.hpp"
#include "genome/base/check.hpp"

namespace evo {
namespace {

constexpr int kContenders = 3;  // who are measured, each generation
constexpr int kAtOnce = 64;     // orderings, whose episodes are in memory together

// Environments without their variants, each of which follows it.
replay::QuestionSet recorded(const replay::Evaluator& evaluator, std::size_t variants) {
  replay::QuestionSet found;
  for (const replay::EnvironmentPart& part : replay::all_questions(evaluator.environments())) {
    if (part.environment % (1 + variants) == 0) found.push_back(part);
  }
  return found;
}

// Episodes of one controller at one setting, as they come in.
struct Episodes {
  std::vector<Sums> sums;  // by environment
  std::vector<WeighedLatency> latencies;

  // One ordering, of the cells of its environments.
  void add(std::span<const replay::Cell> cells) {
    sums.resize(cells.size());
    for (std::size_t e = 0; e < cells.size(); ++e) {
      const auto questions = static_cast<std::int64_t>(cells[e].questions.size());
      for (const replay::QuestionSums& episode : cells[e].questions) {
        sums[e] += {.right = episode.right,
                    .tokens = episode.tokens,
                    .latency_tokens = episode.latency_tokens,
                    .episodes = 1};
        latencies.push_back({episode.latency_tokens, 1 / static_cast<double>(questions)});
      }
    }
  }
  ServiceFigures figures() const {
    const CurvePoint mean = point_of(0, sums);
    return {.accuracy = mean.accuracy,
            .tokens = mean.tokens,
            .latency_tokens = mean.latency_tokens,
            .latency_p95 = percentile_95(latencies)};
  }
};

// Of the 95th percentile of latency over its mean, as far as that is known.
double ratio_of(const std::optional<LimitsChoice>& choice) {
  if (!choice || choice->result.figures.latency_tokens <= 0) return 1;
  return choice->result.figures.latency_p95 / choice->result.figures.latency_tokens;
}

// Everybody who could be chosen now.
std::vector<const Individual*> candidates_in(const Step& step, const Scorer& scorer) {
  const std::vector<Island>& islands = step.state.islands;
  std::vector<const Individual*> all;
  for (const Individual& each : step.born) {
    const auto island = static_cast<std::size_t>(std::max(each.birth.island, 1)) - 1;
    if (scorer.complete(each) && islands[island].contributes) all.push_back(&each);
  }
  if (step.state.limited) return all;
  for (const Island& island : islands) {
    if (!island.contributes) continue;
    for (const Individual& each : island.population) {
      if (std::ranges::find(all, each.id, &Individual::id) == all.end()) all.push_back(&each);
    }
  }
  return all;
}

}  // namespace

LimitsSearch::LimitsSearch(const Experiment& experiment, const replay::Evaluator& evaluator)
    : experiment_(&experiment),
      runner_(experiment, evaluator, recorded(evaluator, experiment.reweightings.size())),
      orderings_{.first = 0, .count = experiment.orderings} {
  EVOTTS_CHECK(experiment.limits.any());
  if (experiment.validation_orderings > 0)
    orderings_ = {.first = experiment.orderings, .count = experiment.validation_orderings};
}

ServiceResult LimitsSearch::measured_at(const Compiled::Setting& setting, double beta) const {
  ServiceResult result{.beta = beta, .orderings = orderings_.count};
  const std::size_t environments = runner_.questions().size();
  Episodes all;
  for (int done = 0; done < orderings_.count; done += kAtOnce) {
    std::vector<replay::EvaluationJob> jobs;
    for (int s = done; s < std::min(done + kAtOnce, orderings_.count); ++s)
      jobs.push_back({&setting.bound, static_cast<std::size_t>(orderings_.first + s), 1});
    const std::vector<replay::Cell> cells = runner_.evaluator().run(jobs, runner_.questions());
    for (std::size_t j = 0; j < jobs.size(); ++j) {
      const auto of_job = std::span(cells).subspan(j * environments, environments);
      Episodes alone;
      alone.add(of_job);
      all.add(of_job);
      if (excess(experiment_->limits, alone.figures()) == 0) ++result.kept;
    }
  }
  result.figures = all.figures();
  result.excess = excess(experiment_->limits, result.figures);
  return result;
}

ServiceResult LimitsSearch::measured(const genome::CheckedController& controller, Work& work) {
  const genome::CheckedController* const one = &controller;
  const std::vector<Compiled> compiled = runner_.compiled(std::span(&one, 1));
  work.episodes += runner_.episodes(orderings_.count);
  std::optional<ServiceResult> best;
  for (std::size_t b = 0; b < experiment_->betas.size(); ++b) {
    const ServiceResult result = measured_at(compiled.front().settings[b], experiment_->betas[b]);
    if (!best || better(result, *best)) best = result;
  }
  return *best;
}

std::optional<std::size_t> LimitsSearch::nearest(std::span<const Individual* const> candidates,
                                                 double ratio) const {
  std::optional<std::size_t> found;
  std::optional<ServiceResult> best;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    for (const CurvePoint& p : candidates[i]->curve) {
      ServiceResult seeming{.beta = p.beta,
                            .figures = {.accuracy = p.accuracy,
                                        .tokens = p.tokens,
                                        .latency_tokens = p.latency_tokens,
                                        .latency_p95 = p.latency_tokens * ratio}};
      seeming.excess = excess(experiment_->limits, seeming.figures);
      if (best && !better(seeming, *best)) continue;
      best = seeming;
      found = i;
    }
  }
  return found;
}

bool LimitsSearch::better(const ServiceResult& a, const ServiceResult& b) const {
  return better_within(experiment_->limits, experiment_->charge, a, b);
}

void LimitsSearch::choose(Step& step, Scorer& scorer) {
  std::optional<LimitsChoice>& chosen = step.state.limited;
  std::vector<const Individual*> candidates = candidates_in(step, scorer);
  Work work;
  for (int i = 0; i < kContenders; ++i) {
    const auto place = nearest(candidates, ratio_of(chosen));
    if (!place) break;
    const Individual& candidate = *candidates[*place];
    candidates.erase(candidates.begin() + static_cast<std::ptrdiff_t>(*place));
    const ServiceResult result = measured(candidate.controller, work);
    if (!chosen || better(result, chosen->result)) chosen = LimitsChoice{candidate, result};
  }
  step.state.counters.episodes += work.episodes;
}

}  // namespace evo
