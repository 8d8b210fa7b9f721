#include <evotts/evaluate.hpp>

#include "api/boundary.hpp"
#include "api/data.hpp"
#include "api/threads.hpp"
#include "experiments/console/options.hpp"
#include "genome/program/compiler.hpp"
#include "replay/evaluation/intervals.hpp"
#include "replay/parallel/for_each_index.hpp"
#include "replay/parallel/interruption.hpp"

namespace evotts {

namespace detail {

struct EvaluatorData {
  std::vector<Environment> environments;
  EvaluationOptions options;
  replay::Evaluator evaluator;
};

}  // namespace detail

namespace {

using detail::Access;
using detail::expect_within;

replay::EvaluatorOptions checked(const EvaluationOptions& options) {
  using experiments::kBudgets, experiments::kOrderings, experiments::kProbeCosts;
  expect_within("orderings", options.orderings, kOrderings.low, kOrderings.high);
  if (options.budget) expect_within("budget", *options.budget, kBudgets.low, kBudgets.high);
  expect_within("probe_cost", options.probe_cost, kProbeCosts.low, kProbeCosts.high);
  detail::expect_threads(options.threads);
  if (options.first_ordering > static_cast<std::uint64_t>(experiments::kSeeds.high))
    detail::throw_input("first_ordering must be below 2^63");
  return {.first_ordering = options.first_ordering,
          .orderings = static_cast<std::size_t>(options.orderings),
          .episode = {.budget = options.budget, .probe_cost = options.probe_cost}};
}

replay::Evaluator evaluator_of(const std::vector<Environment>& environments,
                               const EvaluationOptions& options) {
  const replay::EvaluatorOptions replay_options = checked(options);
  if (environments.empty()) detail::throw_input("no environment is given");
  std::vector<replay::Environment> recorded;
  for (const Environment& each : environments) recorded.push_back(Access::of(each));
  return replay::Evaluator(std::move(recorded), replay_options);
}

Score score_of(const replay::Cell& cell, double beta, std::uint64_t bootstrap_seed) {
  const replay::Interval interval = replay::accuracy_interval(cell, {.seed = bootstrap_seed});
  Score score{.beta = beta,
              .accuracy = cell.accuracy(),
              .accuracy_low = interval.low,
              .accuracy_high = interval.high,
              .tokens = cell.tokens(),
              .latency_tokens = cell.latency_tokens(),
              .questions = {}};
  for (const replay::QuestionSums& sums : cell.questions)
    score.questions.push_back({sums.right, sums.tokens, sums.latency_tokens});
  return score;
}

std::size_t questions_of(const replay::Evaluator& evaluator) {
  std::size_t questions = 0;
  for (const replay::Environment& each : evaluator.environments()) questions += each.questions.size();
  return questions;
}

}  // namespace

Evaluator::Evaluator(std::vector<Environment> environments, const EvaluationOptions& options) {
  replay::Evaluator evaluator = detail::translated([&] { return evaluator_of(environments, options); });
  data_ = std::make_shared<const detail::EvaluatorData>(
      detail::EvaluatorData{std::move(environments), options, std::move(evaluator)});
}

const std::vector<Environment>& Evaluator::environments() const { return data_->environments; }

namespace {

std::vector<Score> scores_of(const detail::EvaluatorData& data, const std::vector<Controller>& controllers,
                             const std::vector<double>& betas, const Progress& progress) {
  if (controllers.empty()) detail::throw_input("no controller is given");
  if (betas.empty()) detail::throw_input("no beta is given");
  for (const double beta : betas) detail::expect_beta(beta);
  const replay::Evaluator& evaluator = data.evaluator;
  const std::size_t total = controllers.size() * betas.size() * questions_of(evaluator);
  std::vector<genome::Program> programs;
  for (const Controller& controller : controllers) {
    replay::take_breath();
    for (const replay::Environment& environment : evaluator.environments())
      detail::expect_not_held_out(controller, environment);
    programs.push_back(genome::compile(Access::of(controller).checked));
    if (progress) progress(0, total);
  }
  const replay::OwnThreads threads(data.options.threads);
  const std::vector<replay::Cell> cells = evaluator.evaluate(programs, betas, progress);

  std::vector<Score> scores;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::size_t row = i / betas.size();
    scores.push_back(score_of(cells[i], betas[i % betas.size()], data.options.bootstrap_seed));
    scores.back().controller = row / evaluator.environments().size();
    scores.back().environment = row % evaluator.environments().size();
    if (progress) progress(total, total);
  }
  return scores;
}

}  // namespace

std::vector<Score> Evaluator::evaluate(const std::vector<Controller>& controllers,
                                       const std::vector<double>& betas, const Progress& progress) const {
  return detail::translated([&] { return scores_of(*data_, controllers, betas, progress); });
}

std::vector<Score> Evaluator::evaluate(const std::vector<Controller>& controllers,
                                       const std::vector<double>& betas) const {
  return evaluate(controllers, betas, Progress());
}

std::vector<Score> Evaluator::evaluate(const Controller& controller, const std::vector<double>& betas) const {
  return evaluate(std::vector<Controller>{controller}, betas);
}

}  // namespace evotts
