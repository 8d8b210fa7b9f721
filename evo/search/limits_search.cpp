#include "evo/search/limits_search.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "evo/objective/service_level.hpp"
#include "evo/population/exact_means.hpp"
#include "evo/sharing/job_runner.hpp"
#include "genome/base/check.hpp"

namespace evo {
namespace {

constexpr std::size_t kLookedAt = 64;  // who are looked at, each generation
constexpr int kMeasured = 24;          // settings, after which nobody else is begun with in a generation
constexpr int kProbe = 4;              // orderings that tell a percentile roughly
constexpr double kRoughly = 0.9;       // of that percentile: in favour of the candidate
constexpr int kAtOnce = 64;            // orderings, whose episodes are in memory together

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

genome::CheckedController controller_of(const LimitsCandidate& candidate) {
  if (candidate.controller != nullptr) return *candidate.controller;
  const auto checked = genome::check_text(std::string(candidate.text)).controller;
  EVOTTS_CHECK(checked.has_value());  // it was, when it was born
  return *checked;
}

}  // namespace

// One controller, whose settings are measured. It must outlive this.
class LimitsSearch::Measuring {
 public:
  Measuring(const LimitsSearch& search, const genome::CheckedController& controller, Work& work)
      : search_(search), work_(work) {
    const genome::CheckedController* const one = &controller;
    compiled_ = std::move(search.runner_.compiled(std::span(&one, 1)).front());
  }

  bool has(double beta) const { return place_of(beta) < compiled_.settings.size(); }

  ServiceResult at(double beta, OrderingSlice orderings) const {
    const EpisodeRunner& runner = search_.runner_;
    const Compiled::Setting& setting = compiled_.settings.at(place_of(beta));
    const std::size_t environments = runner.questions().size();
    ServiceResult result{.beta = beta, .orderings = orderings.count};
    Episodes all;
    for (int done = 0; done < orderings.count; done += kAtOnce) {
      std::vector<replay::EvaluationJob> jobs;
      for (int s = done; s < std::min(done + kAtOnce, orderings.count); ++s)
        jobs.push_back({&setting.bound, static_cast<std::size_t>(orderings.first + s), 1});
      const std::vector<const genome::Controller*> controllers(jobs.size(), compiled_.controller);
      const auto cells = run_jobs(runner.evaluator(), jobs, controllers, runner.questions());
      for (std::size_t j = 0; j < jobs.size(); ++j) {
        const auto of_job = std::span(cells).subspan(j * environments, environments);
        Episodes alone;
        alone.add(of_job);
        all.add(of_job);
        if (excess(limits(), alone.figures()) == 0) ++result.kept;
      }
    }
    work_.episodes += all.latencies.size();
    result.figures = all.figures();
    result.excess = excess(limits(), result.figures);
    return result;
  }

 private:
  const Limits& limits() const { return search_.experiment_->limits; }
  std::size_t place_of(double beta) const {
    const std::vector<double>& betas = search_.experiment_->betas;
    return static_cast<std::size_t>(std::ranges::find(betas, beta) - betas.begin());
  }

  const LimitsSearch& search_;
  Work& work_;
  Compiled compiled_;
};

LimitsSearch::LimitsSearch(const Experiment& experiment, const replay::Evaluator& evaluator)
    : experiment_(&experiment),
      candidates_(experiment),
      runner_(experiment, evaluator, recorded(evaluator, experiment.reweightings.size())),
      orderings_{.first = 0, .count = experiment.orderings} {
  EVOTTS_CHECK(experiment.limits.any());
  if (experiment.validation_orderings > 0)
    orderings_ = {.first = experiment.orderings, .count = experiment.validation_orderings};
}

std::optional<ServiceResult> LimitsSearch::measured(const genome::CheckedController& controller, double beta,
                                                    Work& work) {
  const Measuring measuring(*this, controller, work);
  return measuring.has(beta) ? std::optional(measuring.at(beta, orderings_)) : std::nullopt;
}

void LimitsSearch::choose(Step& step, Scorer& scorer) {
  std::optional<LimitsChoice>& chosen = step.state.limited;
  std::vector<LimitsCandidate> candidates = candidates_.found_in(step, scorer);
  if (candidates.size() > kLookedAt) candidates.resize(kLookedAt);
  std::set<std::string> looked_at;
  Work work;
  if (experiment_->limits.latency_p95) {
    const OrderingSlice few{.first = orderings_.first, .count = std::min(kProbe, orderings_.count)};
    for (LimitsCandidate& each : candidates) {
      looked_at.emplace(each.id);
      const genome::CheckedController controller = controller_of(each);
      const Measuring measuring(*this, controller, work);
      for (ServiceResult& setting : each.settings) {
        setting.figures.latency_p95 = kRoughly * measuring.at(setting.beta, few).figures.latency_p95;
        setting.excess = excess(experiment_->limits, setting.figures);
      }
    }
    candidates_.keep_better(candidates, chosen);
  }
  int measurements = 0;
  for (const LimitsCandidate& each : candidates) {
    if (measurements >= kMeasured) {
      looked_at.erase(std::string(each.id));
      continue;
    }
    looked_at.emplace(each.id);
    const genome::CheckedController controller = controller_of(each);
    const Measuring measuring(*this, controller, work);
    for (const ServiceResult& setting : each.settings) {
      if (chosen && !candidates_.better(setting, chosen->result)) break;
      const ServiceResult result = measuring.at(setting.beta, orderings_);
      ++measurements;
      if (!chosen)
        chosen = LimitsChoice{std::string(each.id), std::string(each.text), controller, result};
      else if (candidates_.better(result, chosen->result))
        chosen = LimitsChoice{std::string(each.id), std::string(each.text), controller, result,
                              chosen->measured,     chosen->looked_at};
    }
  }
  step.state.counters.episodes += work.episodes;
  if (!chosen) return;
  chosen->measured += measurements;
  chosen->looked_at.merge(looked_at);
  const std::set<std::string> there = still_there(step.state);
  std::erase_if(chosen->looked_at, [&](const std::string& id) { return !there.contains(id); });
}

std::optional<ServiceResult> kept_on(const genome::CheckedController& controller, double beta,
                                     const Experiment& experiment, const replay::Evaluator& evaluator) {
  Experiment there = experiment;
  there.orderings = static_cast<int>(evaluator.options().orderings);
  there.validation_orderings = 0;
  there.reweightings.clear();
  Work uncounted;
  return LimitsSearch(there, evaluator).measured(controller, beta, uncounted);
}

}  // namespace evo
