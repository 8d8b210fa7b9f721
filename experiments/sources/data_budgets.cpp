#include "experiments/sources/data_budgets.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <string_view>

#include "experiments/console/usage_error.hpp"
#include "experiments/sources/experiment_environments.hpp"
#include "genome/base/check.hpp"
#include "genome/program/compiler.hpp"
#include "genome/text/checker.hpp"
#include "genome/text/known_controllers.hpp"
#include "replay/evaluation/evaluator.hpp"
#include "replay/sources/source.hpp"

namespace experiments {
namespace {

constexpr std::size_t kOrderings = 20;
constexpr double kAlmostAll = 0.98;  // of what a controller gains along its knob: the rest is dear
constexpr double kLeastRange = 4;    // of the higher budget over the lower
constexpr int kSettings = 21;
// sc begins with two branches, and has four at this setting: beta 0.2.
constexpr std::size_t kFourBranches = 4;

// Accuracy and mean cost, each environment counting the same.
struct Point {
  double tokens = 0, latency_tokens = 0, accuracy = 0;
};
using Curve = std::vector<Point>;

genome::Program program_of(std::string_view name) {
  const auto known =
      std::ranges::find(genome::known_controllers(), name, [](const auto& each) { return each.name; });
  EVOTTS_CHECK(known != genome::known_controllers().end());
  const auto checked = genome::check_text(known->text).controller;
  EVOTTS_CHECK(checked.has_value());
  return genome::compile(*checked);
}

// Of sc, then of asc.
std::vector<Curve> curves_on(const std::vector<replay::Environment>& environments,
                             const replay::EpisodeOptions& options) {
  std::vector<double> betas;
  for (int i = 0; i < kSettings; ++i) betas.push_back(static_cast<double>(i) / (kSettings - 1));
  const replay::Evaluator evaluator(environments, {.orderings = kOrderings, .episode = options});
  std::vector<genome::Program> programs;
  programs.push_back(program_of("sc"));
  programs.push_back(program_of("asc"));
  const auto cells = evaluator.evaluate(programs, betas);
  const auto share = 1 / static_cast<double>(environments.size());
  std::vector<Curve> curves(programs.size(), Curve(betas.size()));
  for (std::size_t p = 0; p < programs.size(); ++p) {
    for (std::size_t e = 0; e < environments.size(); ++e) {
      for (std::size_t b = 0; b < betas.size(); ++b) {
        const replay::Cell& cell = cells[evaluator.cell_index(p, e, b, betas.size())];
        curves[p][b].tokens += share * cell.tokens();
        curves[p][b].latency_tokens += share * cell.latency_tokens();
        curves[p][b].accuracy += share * cell.accuracy();
      }
    }
  }
  return curves;
}

double most_accurate(const Curve& curve) {
  return std::ranges::max_element(curve, {}, &Point::accuracy)->accuracy;
}

// What is charged where a curve has reached almost all that it gains.
double flat_from(const Curve& curve, const evo::Charge& charge) {
  const double least = curve.front().accuracy;
  const double enough = least + kAlmostAll * (most_accurate(curve) - least);
  return charge.of(*std::ranges::find_if(curve, [&](const Point& p) { return p.accuracy >= enough; }));
}

double two_digits(double charged) {
  const double unit = std::pow(10.0, std::max(0.0, std::floor(std::log10(std::max(charged, 1.0))) - 1));
  return std::max(1.0, std::round(charged / unit) * unit);
}

}  // namespace

DataBudgets budgets_on(const std::vector<replay::Environment>& environments, const evo::Charge& charge,
                       const replay::EpisodeOptions& options) {
  const std::vector<Curve> curves = curves_on(environments, options);
  const Curve& sc = curves.front();
  // Twice as many branches cost twice the tokens; they run side by side, and the longest is waited for.
  const double four = charge.of(2 * sc.front().tokens, sc[kFourBranches].latency_tokens);
  DataBudgets found{
      .low = two_digits(four), .least_accuracy = sc.front().accuracy, .most_accuracy = most_accurate(sc)};
  const double flat = std::max(flat_from(curves[0], charge), flat_from(curves[1], charge));
  found.high = two_digits(std::max(flat, kLeastRange * found.low));
  return found;
}

bool has_open_budgets(const evo::Experiment& experiment) {
  constexpr double kOpen = evo::Experiment::kFromData;
  return experiment.budget_low == kOpen || experiment.budget_high == kOpen;
}

void resolve_budgets(evo::Experiment& experiment) {
  if (!has_open_budgets(experiment)) return;
  const DataBudgets found =
      budgets_on(replay::open_environments(experiment.search), experiment.charge, options_of(experiment));
  const bool no_low = experiment.budget_low == evo::Experiment::kFromData;
  const bool no_high = experiment.budget_high == evo::Experiment::kFromData;
  if (no_low)
    experiment.budget_low = no_high ? found.low : std::min(found.low, experiment.budget_high / kLeastRange);
  if (no_high) experiment.budget_high = std::max(found.high, kLeastRange * experiment.budget_low);
  if (!std::isfinite(experiment.budget_high) || !(experiment.budget_low > 0))
    throw UsageError(
        fmt::format("objective.budget_low ({}) and objective.budget_high ({}): no budget fits beside the one "
                    "that is given; give both",
                    experiment.budget_low, experiment.budget_high));
}

}  // namespace experiments
