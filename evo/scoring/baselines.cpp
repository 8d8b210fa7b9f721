#include "evo/scoring/baselines.hpp"

#include <algorithm>
#include <string_view>

#include "evo/sharing/job_runner.hpp"
#include "genome/program/compiler.hpp"
#include "genome/text/checker.hpp"
#include "genome/text/known_controllers.hpp"

namespace evo {
namespace {

constexpr int kSettings = 11;
constexpr std::string_view kAdaptive = "asc";

std::vector<double> swept_betas() {
  std::vector<double> betas;
  for (int i = 0; i < kSettings; ++i) betas.push_back(static_cast<double>(i) / (kSettings - 1));
  return betas;
}

// All betas of a known controller in one slice.
Slice swept(const genome::KnownController& known, std::span<const double> betas, const EpisodeRunner& runner,
            OrderingSlice orderings) {
  const genome::CheckedController controller = *genome::check_text(known.text).controller;
  const genome::Program program = genome::compile(controller);
  std::vector<genome::BoundProgram> bound;
  for (const double beta : betas) bound.push_back(genome::bind(program, beta));
  std::vector<replay::EvaluationJob> jobs;
  for (const auto& each : bound)
    jobs.push_back(
        {&each, static_cast<std::size_t>(orderings.first), static_cast<std::size_t>(orderings.count)});
  const std::vector<const genome::Controller*> controllers(jobs.size(), &controller.tree());
  const auto cells = run_jobs(runner.evaluator(), jobs, controllers, runner.questions());
  const std::size_t environments = runner.questions().size();
  Slice slice;
  for (std::size_t b = 0; b < betas.size(); ++b)
    slice.append(
        slice_of(std::span(cells).subspan(b * environments, environments), detail_for(runner.experiment())));
  return slice;
}

}  // namespace

Baseline measured_baseline(const EpisodeRunner& runner, const ScoreKeeper& keeper, OrderingSlice orderings) {
  const Experiment& experiment = runner.experiment();
  Baseline baseline;
  if (experiment.baseline_regret == 0 && experiment.lower_bound_errors == 0) return baseline;
  const std::vector<double> betas = swept_betas();
  const std::size_t environments = runner.questions().size();
  baseline.accuracy.assign(environments, std::vector<double>(kBaselinePoints, 0.0));
  for (const genome::KnownController& known : genome::known_controllers()) {
    if (known.name != "sc" && known.name != kAdaptive) continue;
    const Slice slice = swept(known, betas, runner, orderings);
    for (std::size_t e = 0; e < environments; ++e) {
      const auto values = on_grid(curve_of(slice.sums, betas, environments, e), budgets_of(experiment));
      std::ranges::transform(baseline.accuracy[e], values, baseline.accuracy[e].begin(),
                             [](double a, double b) { return std::max(a, b); });
    }
    if (experiment.lower_bound_errors > 0 && known.name == kAdaptive)
      baseline.shares = keeper.shares_of(slice.sums, slice.right, betas, orderings.count);
  }
  return baseline;
}

}  // namespace evo
