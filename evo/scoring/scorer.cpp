#include "evo/scoring/scorer.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <tbb/parallel_for.h>
#include <utility>

#include "evo/population/niche.hpp"
#include "evo/scoring/question_folds.hpp"
#include "genome/base/check.hpp"
#include "genome/base/digest.hpp"
#include "genome/program/compiler.hpp"
#include "genome/text/known_controllers.hpp"
#include "genome/text/printer.hpp"

namespace evo {
namespace {

void append(std::vector<std::int32_t>& to, const std::vector<std::int32_t>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

Sums sums_of(const replay::Cell& cell) {
  Sums sums{.episodes = static_cast<std::int64_t>(cell.orderings * cell.questions.size())};
  for (const replay::QuestionSums& q : cell.questions) {
    sums.right += q.right;
    sums.tokens += q.tokens;
    sums.latency_tokens += q.latency_tokens;
  }
  return sums;
}

}  // namespace

std::vector<int> Scorer::slices(const Experiment& experiment) {
  std::vector<int> ends;
  if (experiment.first_rung > 0) {
    for (int end = experiment.first_rung; end < experiment.orderings; end *= 3) ends.push_back(end);
  }
  ends.push_back(experiment.orderings);
  return ends;
}

Scorer::Scorer(const Experiment& experiment, const replay::Evaluator& evaluator)
    : experiment_(&experiment),
      evaluator_(&evaluator),
      slices_(slices(experiment)),
      spread_(evaluator.environments()) {
  EVOTTS_CHECK(evaluator.options().orderings >=
               static_cast<std::size_t>(experiment.orderings + experiment.validation_orderings));
  if (experiment.baseline_regret == 0 && experiment.lower_bound_errors == 0) return;
  baseline_ = measured_baseline(0, experiment.orderings);
  if (experiment.validation_orderings > 0)
    fresh_baseline_ = measured_baseline(experiment.orderings, experiment.validation_orderings);
}

Scorer::~Scorer() = default;

// The questions outside a fold, as an experiment of their own.
struct Scorer::Fold {
  Experiment experiment;
  replay::Evaluator evaluator;
  Scorer scorer;

  Fold(const Experiment& whole, std::vector<replay::Environment> environments,
       const replay::EvaluatorOptions& options)
      : experiment(whole), evaluator(std::move(environments), options), scorer(experiment, evaluator) {
    experiment.folds = 0;
    experiment.validation_orderings = 0;  // optimisers have none, so its baseline need not be measured
    experiment.champion_errors = 0;
  }
};

Scorer& Scorer::outside_fold(std::uint64_t turn) {
  if (experiment_->folds < 2) return *this;
  folds_.resize(static_cast<std::size_t>(experiment_->folds));
  auto& fold = folds_[turn % folds_.size()];
  if (!fold) {
    auto seen = without_fold(evaluator_->environments(), experiment_->folds,
                             static_cast<int>(turn % folds_.size()), experiment_->seed);
    if (seen.empty()) return *this;  // a single question
    fold = std::make_unique<Fold>(*experiment_, std::move(seen), evaluator_->options());
  }
  return fold->scorer;
}

Work Scorer::take_work() {
  Work work = std::exchange(work_, {});
  for (const auto& fold : folds_) {
    if (!fold) continue;
    const Work outside = fold->scorer.take_work();
    work.controllers += outside.controllers;
    work.episodes += outside.episodes;
  }
  return work;
}

std::vector<Scorer::Contestant> Scorer::contestants(
    std::span<const genome::CheckedController* const> controllers) const {
  std::vector<Contestant> all(controllers.size());
  tbb::parallel_for(std::size_t{0}, controllers.size(), [&](std::size_t i) {
    all[i].program = std::make_unique<genome::Program>(genome::compile(*controllers[i]));
    for (const double beta : experiment_->betas) {
      all[i].settings.push_back(
          {experiment_->cache ? behaviour_key(controllers[i]->tree(), beta) : std::string(),
           genome::bind(*all[i].program, beta)});
    }
  });
  return all;
}

Slice Scorer::slice_of(std::span<const replay::Cell> cells) const {
  Slice slice;
  for (const replay::Cell& cell : cells) {
    slice.sums.push_back(sums_of(cell));
    if (!looks_at_questions()) continue;
    for (const replay::QuestionSums& q : cell.questions)
      slice.right.push_back(static_cast<std::int32_t>(q.right));
  }
  return slice;
}

std::vector<Slice> Scorer::run(std::span<const Contestant* const> contestants, int first, int count,
                               std::optional<std::size_t> level) {
  const std::size_t betas = experiment_->betas.size(), environments = evaluator_->environments().size();
  work_.episodes += contestants.size() * betas * static_cast<std::size_t>(count) * spread_.recorded();
  std::vector<std::vector<Slice>> parts(contestants.size(), std::vector<Slice>(betas));
  std::vector<replay::EvaluationJob> jobs;
  std::unordered_map<std::string, std::size_t> job_of;  // by key
  std::vector<std::optional<std::size_t>> wanted(contestants.size() * betas);
  for (std::size_t c = 0; c < contestants.size(); ++c) {
    for (std::size_t b = 0; b < betas; ++b) {
      const Setting& setting = contestants[c]->settings[b];
      if (level && experiment_->cache) {
        if (const auto* known = cache_.find(setting.key, *level)) {
          parts[c][b] = *known;
          continue;
        }
      }
      const auto [at, fresh] =
          experiment_->cache ? job_of.emplace(setting.key, jobs.size()) : std::pair(job_of.end(), true);
      wanted[c * betas + b] = fresh ? jobs.size() : at->second;
      if (fresh)
        jobs.push_back({&setting.bound, static_cast<std::size_t>(first), static_cast<std::size_t>(count)});
    }
  }
  const std::vector<replay::Cell> cells = evaluator_->run(jobs);
  for (std::size_t c = 0; c < contestants.size(); ++c) {
    for (std::size_t b = 0; b < betas; ++b) {
      const auto job = wanted[c * betas + b];
      if (!job) continue;
      parts[c][b] = slice_of(std::span(cells).subspan(*job * environments, environments));
      if (level && experiment_->cache) cache_.put(contestants[c]->settings[b].key, *level, parts[c][b]);
    }
  }
  std::vector<Slice> results(contestants.size());
  for (std::size_t c = 0; c < contestants.size(); ++c) {
    for (const Slice& part : parts[c]) {
      results[c].sums.insert(results[c].sums.end(), part.sums.begin(), part.sums.end());
      append(results[c].right, part.right);
    }
  }
  return results;
}

// What each distinct question adds to the area under the curve that the sums make.
std::vector<double> Scorer::shares_of(std::span<const Sums> sums, std::span<const std::int32_t> right,
                                      int orderings) const {
  const auto curve = mean_curve(sums, experiment_->betas, evaluator_->environments().size());
  const auto weights = area_weights(curve, experiment_->budget_low, experiment_->budget_high);
  return spread_.shares(weights, right, orderings);
}

// Adds a slice to what an individual has, and to what was seen of it.
void Scorer::add(Individual& individual, Seen& seen, const Slice& slice, int orderings,
                 const Baseline& baseline) const {
  individual.sums.resize(slice.sums.size());
  for (std::size_t i = 0; i < slice.sums.size(); ++i) individual.sums[i] += slice.sums[i];
  individual.orderings += orderings;
  seen.right.resize(slice.right.size());
  for (std::size_t i = 0; i < slice.right.size(); ++i) seen.right[i] += slice.right[i];
  seen.orderings += orderings;
  if (experiment_->lower_bound_errors > 0 && !seen.right.empty())
    individual.standard_error =
        standard_error(shares_of(individual.sums, seen.right, seen.orderings), baseline.shares);
  judge(individual, *experiment_, baseline);
  individual.level.push_back(individual.fitness);
}

std::vector<bool> Scorer::may_live(std::span<const Individual* const> born,
                                   std::span<const Individual> living, std::size_t level) const {
  std::vector<double> fitness;
  for (const Individual* each : born) fitness.push_back(each->fitness);
  // Successive halving, by thirds: a longer look for fewer.
  std::vector<double> sorted = fitness;
  std::sort(sorted.begin(), sorted.end(), std::greater<>());
  const double of_batch = sorted[(sorted.size() - 1) / (living.empty() ? 2 : 3)];
  std::vector<bool> may(born.size());
  for (std::size_t i = 0; i < born.size(); ++i) may[i] = fitness[i] >= of_batch;
  double sum = 0, squares = 0, count = 0;
  for (const Individual& each : living) {
    if (level >= each.level.size()) continue;
    const double gain = each.fitness - each.level[level];
    sum += gain;
    squares += gain * gain;
    ++count;
  }
  if (count < 4) return may;
  const double mean = sum / count;
  const double deviation = std::sqrt(std::max(0.0, squares / count - mean * mean));
  const double hope = mean + kMargin * deviation;
  // Without niches a place may be earned by one point on the frontier, which no fitness tells.
  const double better_half =
      experiment_->niche > 0 ? living[(living.size() - 1) / 2].fitness : living.back().fitness;
  const NichePlaces places(living, experiment_->niche);
  for (std::size_t i = 0; i < born.size(); ++i)
    may[i] = may[i] && fitness[i] + hope >= std::min(better_half, places.least(niche_of(*born[i])));
  return may;
}

void Scorer::score(std::vector<Individual>& born, std::span<const Individual> living) {
  std::vector<const genome::CheckedController*> controllers;
  for (const Individual& each : born) controllers.push_back(&each.controller);
  work_.controllers += born.size();
  const std::vector<Contestant> entered = contestants(controllers);
  std::vector<Seen> seen(born.size());
  std::vector<std::size_t> racing;
  for (std::size_t i = 0; i < born.size(); ++i) racing.push_back(i);
  int from = 0;
  for (std::size_t level = 0; level < slices_.size() && !racing.empty(); ++level) {
    std::vector<const Contestant*> running;
    for (const std::size_t i : racing) running.push_back(&entered[i]);
    const auto slices = run(running, from, slices_[level] - from, level);
    std::vector<const Individual*> scored;
    for (std::size_t k = 0; k < racing.size(); ++k) {
      add(born[racing[k]], seen[racing[k]], slices[k], slices_[level] - from, baseline_);
      scored.push_back(&born[racing[k]]);
    }
    from = slices_[level];
    if (level + 1 == slices_.size()) break;
    const std::vector<bool> may = may_live(scored, living, level);
    std::vector<std::size_t> on;
    for (std::size_t k = 0; k < racing.size(); ++k) {
      if (may[k]) on.push_back(racing[k]);
    }
    racing = std::move(on);
  }
}

void Scorer::play_off(std::span<Individual*> individuals) {
  std::vector<Individual*> fresh;
  for (Individual* each : individuals) {
    if (!each->playoff) fresh.push_back(each);
  }
  if (fresh.empty()) return;
  constexpr std::size_t kRemembered = 4096;
  if (fresh_.size() > kRemembered) fresh_.clear();
  std::vector<const genome::CheckedController*> controllers;
  for (const Individual* each : fresh) controllers.push_back(&each->controller);
  const std::vector<Contestant> entered = contestants(controllers);
  std::vector<const Contestant*> all;
  for (const Contestant& each : entered) all.push_back(&each);
  const auto sums = run(all, experiment_->orderings, experiment_->validation_orderings, slices_.size());
  for (std::size_t i = 0; i < fresh.size(); ++i) {
    Individual whole = *fresh[i];
    Seen seen;  // the spread is that of the playoff alone
    add(whole, seen, sums[i], experiment_->validation_orderings, baseline_);
    fresh[i]->playoff = whole.fitness;
    fresh_.insert_or_assign(fresh[i]->id, fresh_of(*fresh[i], sums[i]));
  }
}

Scorer::Fresh Scorer::fresh_of(const Individual& individual, const Slice& slice) const {
  Individual anew{.controller = individual.controller, .size = individual.size};
  Seen seen;
  add(anew, seen, slice, experiment_->validation_orderings, fresh_baseline_);
  Fresh fresh{.fitness = anew.fitness, .shares = {}};
  if (looks_at_questions())
    fresh.shares = shares_of(slice.sums, slice.right, experiment_->validation_orderings);
  return fresh;
}

// Kept from its playoff, or made again in a process that was not there. That is no work of the search, as it
// would depend on what is remembered.
const Scorer::Fresh& Scorer::fresh(const Individual& individual) {
  EVOTTS_CHECK(experiment_->validation_orderings > 0);
  const auto known = fresh_.find(individual.id);
  if (known != fresh_.end()) return known->second;
  const Work before = work_;
  const genome::CheckedController* const controller = &individual.controller;
  const std::vector<Contestant> entered = contestants(std::span(&controller, 1));
  const Contestant* const contestant = &entered.front();
  const auto slices = run(std::span(&contestant, 1), experiment_->orderings,
                          experiment_->validation_orderings, slices_.size());
  work_ = before;
  return fresh_.emplace(individual.id, fresh_of(individual, slices.front())).first->second;
}

double Scorer::fresh_fitness(const Individual& individual) { return fresh(individual).fitness; }

double Scorer::error_between(const Individual& a, const Individual& b) {
  EVOTTS_CHECK(looks_at_questions());
  const Fresh &of_a = fresh(a), &of_b = fresh(b);
  return standard_error(of_a.shares, of_b.shares);
}

std::vector<double> Scorer::fitness_on(std::span<const genome::CheckedController> controllers, int first,
                                       int count) {
  std::vector<const genome::CheckedController*> entering;
  for (const genome::CheckedController& each : controllers) entering.push_back(&each);
  const std::vector<Contestant> entered = contestants(entering);
  work_.controllers += controllers.size();
  std::vector<const Contestant*> all;
  for (const Contestant& each : entered) all.push_back(&each);
  const auto sums = run(all, first, count, std::nullopt);
  std::vector<double> fitness;
  for (std::size_t i = 0; i < controllers.size(); ++i) {
    Individual each{.controller = controllers[i], .size = genome::size_of(controllers[i].tree())};
    Seen seen;
    add(each, seen, sums[i], count, baseline_);
    fitness.push_back(each.fitness);
  }
  return fitness;
}

std::string Scorer::behaviour(const genome::CheckedController& controller) {
  constexpr std::size_t kRemembered = 4096;  // the living are asked about again and again
  if (behaviours_.size() > kRemembered) behaviours_.clear();
  std::string& known = behaviours_[genome::identity(controller.tree())];
  if (!known.empty()) return known;
  const genome::Program program = genome::compile(controller);
  std::vector<genome::BoundProgram> bound;
  for (const double beta : experiment_->betas) bound.push_back(genome::bind(program, beta));
  std::vector<replay::EvaluationJob> jobs;
  for (const auto& each : bound) jobs.push_back({&each, 0, static_cast<std::size_t>(slices_.front())});
  std::string done;
  for (const replay::Cell& cell : evaluator_->run(jobs)) {
    for (const replay::QuestionSums& q : cell.questions)
      done += fmt::format("{} {} {}\n", q.right, q.tokens, q.latency_tokens);
  }
  return known = genome::base::sha1_hex(done);
}

void Scorer::count_behaviour() {
  work_.controllers += 1;
  work_.episodes +=
      experiment_->betas.size() * static_cast<std::size_t>(slices_.front()) * spread_.recorded();
}

Baseline Scorer::measured_baseline(int first, int count) {
  constexpr int kSettings = 11;
  std::vector<double> betas;
  for (int i = 0; i < kSettings; ++i) betas.push_back(static_cast<double>(i) / (kSettings - 1));
  std::vector<genome::Program> programs;
  std::vector<std::string_view> names;
  for (const genome::KnownController& known : genome::known_controllers()) {
    if (known.name != "sc" && known.name != "asc") continue;
    programs.push_back(genome::compile(*genome::check_text(known.text).controller));
    names.push_back(known.name);
  }
  std::vector<genome::BoundProgram> bound;
  for (const genome::Program& program : programs) {
    for (const double beta : betas) bound.push_back(genome::bind(program, beta));
  }
  std::vector<replay::EvaluationJob> jobs;
  for (const auto& each : bound)
    jobs.push_back({&each, static_cast<std::size_t>(first), static_cast<std::size_t>(count)});
  const auto cells = evaluator_->run(jobs);
  const std::size_t environments = evaluator_->environments().size();
  Baseline baseline{std::vector<std::vector<double>>(environments, std::vector<double>(kBaselinePoints, 0.0)),
                    {}};
  for (std::size_t p = 0; p < programs.size(); ++p) {
    std::vector<Sums> sums;
    std::vector<std::int32_t> right;
    for (std::size_t b = 0; b < betas.size(); ++b) {
      const auto slice =
          slice_of(std::span(cells).subspan((p * betas.size() + b) * environments, environments));
      sums.insert(sums.end(), slice.sums.begin(), slice.sums.end());
      append(right, slice.right);
    }
    for (std::size_t e = 0; e < environments; ++e) {
      const auto values =
          on_grid(curve_of(sums, betas, environments, e), experiment_->budget_low, experiment_->budget_high);
      for (std::size_t i = 0; i < values.size(); ++i)
        baseline.accuracy[e][i] = std::max(baseline.accuracy[e][i], values[i]);
    }
    if (experiment_->lower_bound_errors > 0 && names[p] == "asc") {
      const auto weights = area_weights(mean_curve(sums, betas, environments), experiment_->budget_low,
                                        experiment_->budget_high);
      baseline.shares = spread_.shares(weights, right, count);
    }
  }
  return baseline;
}

}  // namespace evo
