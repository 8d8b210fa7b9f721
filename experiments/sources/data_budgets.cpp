#include "experiments/sources/data_budgets.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <string>
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
constexpr double kAlmostAll = 0.98;  // of what sc and asc gain along their knobs: the rest is dear
constexpr double kLeastRange = 4;    // of the higher budget over the lower
constexpr int kSettings = 21;
constexpr std::size_t kFourBranches = 4;  // the setting where sc has four: beta 0.2
constexpr double kFirstBranches = 2;      // of sc, where its knob begins
constexpr double kApart = 1.001;          // the least that one budget is above the other

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

// The least that is charged for almost all that there is to gain.
double flat_from(const std::vector<Curve>& curves, const evo::Charge& charge) {
  double least = 100, most = 0;
  for (const Curve& curve : curves) {
    least = std::min(least, curve.front().accuracy);
    most = std::max(most, most_accurate(curve));
  }
  const double enough = least + kAlmostAll * (most - least);
  double cheapest = std::numeric_limits<double>::infinity();
  for (const Curve& curve : curves) {
    for (const Point& p : curve) {
      if (p.accuracy >= enough) cheapest = std::min(cheapest, charge.of(p));
    }
  }
  return cheapest;
}

double dearest(const Curve& curve, const evo::Charge& charge) {
  double most = 0;
  for (const Point& p : curve) most = std::max(most, charge.of(p));
  return most;
}

// To two significant digits, and never above the most.
double two_digits(double charged, double most) {
  constexpr double kRounding = 1e-9;  // of a quotient that should be whole
  if (!(charged > 0) || !std::isfinite(charged)) return charged;
  const int exponent = static_cast<int>(std::floor(std::log10(charged))) - 1;
  const double digits = charged / std::pow(10.0, exponent);
  // As it is read where it is written: a product would have digits of its own.
  const auto number = [&](double rounded) { return std::stod(fmt::format("{:.0f}e{}", rounded, exponent)); };
  const double nearest = number(std::round(digits));
  return nearest <= most ? nearest : number(std::floor(digits + kRounding));
}

}  // namespace

DataBudgets budgets_on(const std::vector<replay::Environment>& environments, const evo::Charge& charge,
                       const replay::EpisodeOptions& options) {
  const std::vector<Curve> curves = curves_on(environments, options);
  const Curve& sc = curves.front();
  DataBudgets found{.dearest = std::max(dearest(curves[0], charge), dearest(curves[1], charge)),
                    .least_accuracy = sc.front().accuracy,
                    .most_accuracy = most_accurate(sc)};
  if (!(found.dearest > 0))
    throw UsageError(
        "no budgets follow from these recordings, whose episodes cost nothing; give objective.budget_low "
        "and objective.budget_high");
  const double four = charge.of(sc[kFourBranches]);
  const double high = std::min(std::max(flat_from(curves, charge), kLeastRange * four), found.dearest);
  // Where there are too few branches for that range, its lower end comes down, though not below one branch.
  const double one = charge.of(sc.front()) / kFirstBranches;
  found.high = two_digits(high, found.dearest);
  const double half = found.high / 2;
  found.low = two_digits(std::min({four, std::max(high / kLeastRange, one), half}), half);
  return found;
}

std::string budgets_text(const evo::Experiment& experiment) {
  const bool plain = experiment.charge.is_tokens() || experiment.charge.is_latency();
  const std::string unit = evo::unit_of(experiment.charge);
  return fmt::format("{} to {} {}", experiment.budget_low, experiment.budget_high,
                     plain ? unit : fmt::format("({})", unit));
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
  if (no_high)
    experiment.budget_high =
        no_low ? found.high
               : std::max(found.high, std::min(kLeastRange * experiment.budget_low, found.dearest));
  if (!(experiment.budget_high >= kApart * experiment.budget_low))
    throw UsageError(fmt::format(
        "objective.budget_low ({}): no higher budget follows from the recordings, on which sc and "
        "asc cost {:.15g} {} at most; give a lower one, or objective.budget_high too",
        experiment.budget_low, found.dearest, evo::unit_of(experiment.charge)));
  if (!(experiment.budget_low > 0))
    throw UsageError(fmt::format("objective.budget_high ({}): no lower budget fits beside it; give both",
                                 experiment.budget_high));
}

}  // namespace experiments
