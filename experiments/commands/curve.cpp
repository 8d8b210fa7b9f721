// The command that reads controllers' curves off at budgets: curve.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fmt/format.h>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "experiments/commands/commands.hpp"
#include "experiments/console/episode_options.hpp"
#include "experiments/console/options.hpp"
#include "experiments/console/progress_line.hpp"
#include "experiments/console/table.hpp"
#include "experiments/console/text_file.hpp"
#include "experiments/console/usage_error.hpp"
#include "experiments/sources/controller_source.hpp"
#include "experiments/sources/run_source.hpp"
#include "experiments/sources/unsealed_environments.hpp"
#include "experiments/tables/budget_table.hpp"
#include "genome/program/compiler.hpp"
#include "replay/evaluation/budget_curve.hpp"

namespace experiments {
namespace {

constexpr Range<std::int64_t> kTokens{1, 1'000'000'000'000};
constexpr const char* kUsualBudgets = "100000,150000,250000,350000,500000";

struct Arguments {
  std::vector<std::string> controllers;
  EpisodeArguments episodes{.betas = "0,0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.9,1"};
  std::optional<std::string> budgets, against, threads;
  std::string format = "table";
};

// Comma separated whole numbers.
std::vector<double> budget_list(const std::string& text) {
  std::vector<double> budgets;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t comma = std::min(text.find(',', from), text.size());
    const auto budget = static_cast<double>(
        whole_number("--at (a list, as in 100000,250000)", text.substr(from, comma - from), kTokens));
    if (std::find(budgets.begin(), budgets.end(), budget) == budgets.end()) budgets.push_back(budget);
    from = comma + 1;
  }
  return budgets;
}

// Those between two, as --at takes them.
std::vector<double> whole_budgets(double low, double high) {
  std::vector<double> budgets = round_budgets(low, high);
  std::erase_if(budgets, [](double each) { return each != std::floor(each); });
  return budgets;
}

// Those of the run that the first controller was taken out of, where that judged by tokens.
std::vector<double> budgets_of_run(const std::string& run) {
  if (run.empty()) return {};
  const evo::Experiment experiment = experiment_in(open_run(run));
  if (!experiment.charge.is_tokens()) return {};
  return whole_budgets(experiment.budget_low, experiment.budget_high);
}

// What to ask for where a table has dashes alone; empty where a curve has a figure.
std::string unreached_text(std::size_t controllers, const replay::BudgetCurves& curves,
                           const std::vector<double>& budgets) {
  constexpr std::size_t kMostNamed = 5;
  double low = std::numeric_limits<double>::infinity(), high = 0;
  for (std::size_t c = 0; c < controllers; ++c) {
    if (std::ranges::any_of(budgets, [&](double each) { return curves.accuracy(c, each).has_value(); }))
      return {};
    const auto [cheapest, dearest] = curves.range(c);
    if (dearest <= 0) continue;  // it spends nothing
    low = std::min(low, cheapest);
    high = std::max(high, dearest);
  }
  if (high == 0) return {};
  std::string text =
      fmt::format("\nno curve reaches these budgets; they go from {:.0f} to {:.0f} tokens", low, high);
  const std::vector<double> reached = whole_budgets(std::max(low, 1.0), high);
  const std::size_t step = (reached.size() + kMostNamed - 1) / kMostNamed;
  for (std::size_t i = 0; i < reached.size(); i += step)
    text += fmt::format("{}{:.0f}", i == 0 ? ": --at " : ",", reached[i]);
  return text + "\n";
}

std::string ends_of(const std::vector<NamedController>& controllers, const replay::BudgetCurves& curves) {
  Table table({"controller", "cheapest", "dearest", "left_out"});
  for (std::size_t c = 0; c < controllers.size(); ++c) {
    const auto [low, high] = curves.range(c);
    table.add_row({controllers[c].label, Decimal{low, 0}, Decimal{high, 0},
                   static_cast<std::int64_t>(curves.left_out(c))});
  }
  return table.text(Format::kTable);
}

int run_curve(const Arguments& arguments) {
  std::vector<double> betas = beta_list("--beta", arguments.episodes.betas);
  std::sort(betas.begin(), betas.end());  // a curve is followed as the knob rises
  betas.erase(std::unique(betas.begin(), betas.end()), betas.end());
  const replay::EvaluatorOptions options = evaluator_options(arguments.episodes);
  const replay::BootstrapOptions bootstrap = bootstrap_options(arguments.episodes);
  const Format format = format_of(arguments.format);
  std::vector<double> budgets;
  if (arguments.budgets) budgets = budget_list(*arguments.budgets);
  if (arguments.controllers.empty())
    throw UsageError(
        "curve: no controller is named; name them before --env, which takes all that follows it");
  require_environments(arguments.episodes, "curve");
  const ThreadLimit threads(arguments.threads);
  std::vector<std::string> specs = arguments.controllers;
  std::optional<std::size_t> against;
  if (arguments.against) {
    const auto named = std::find(specs.begin(), specs.end(), *arguments.against);
    against = static_cast<std::size_t>(named - specs.begin());
    if (named == specs.end()) specs.push_back(*arguments.against);
  }
  const std::vector<NamedController> controllers = resolve_controllers(specs);
  std::error_code unknown;  // a file in a run is no RUN:ID
  if (budgets.empty() && !std::filesystem::exists(specs.front(), unknown))
    budgets = budgets_of_run(controllers.front().run);
  if (budgets.empty()) budgets = budget_list(kUsualBudgets);
  const replay::Evaluator evaluator(environments_for(controllers, arguments.episodes.environments), options);
  std::vector<genome::Program> programs;
  for (const NamedController& named : controllers) programs.push_back(genome::compile(named.controller));
  std::vector<replay::Cell> cells;
  {
    ProgressLine progress;
    cells = evaluator.evaluate(programs, betas, progress.callback());
  }
  const replay::BudgetCurves curves(evaluator.environments(), cells, betas.size());
  print(budget_table(controllers, against, curves, budgets, bootstrap).text(format));
  if (format == Format::kTable)
    print(unreached_text(controllers.size(), curves, budgets) +
          "\nmean tokens at the ends of each curve, and settings of the knob left out of it\n" +
          ends_of(controllers, curves));
  return kGood;
}

}  // namespace

void add_curve_command(CLI::App& app, Action& action) {
  CLI::App* const curve =
      app.add_subcommand("curve", "Read controllers' accuracy off at budgets, whatever their knobs mean");
  const auto arguments = std::make_shared<Arguments>();
  curve->add_option("CONTROLLER", arguments->controllers,
                    "Names from `evotts list`, files, or RUN:ID out of a run");
  curve->add_option("--against", arguments->against, "Differences are to this controller, paired by question")
      ->type_name("CONTROLLER");
  curve
      ->add_option(
          "--at", arguments->budgets,
          "Mean tokens of an episode, separated by commas; where RUN:ID comes first, those of the run")
      ->type_name("LIST")
      ->default_str(kUsualBudgets);
  add_environment_option(*curve, arguments->episodes);
  add_beta_option(*curve, arguments->episodes);
  add_ordering_options(*curve, arguments->episodes);
  add_cost_options(*curve, arguments->episodes);
  add_bootstrap_option(*curve, arguments->episodes);
  add_format_option(*curve, arguments->format);
  add_threads_option(*curve, arguments->threads);
  curve->footer(
      R"(Accuracy is in percent, the mean over the environments at the given mean tokens. It is interpolated along
the knob in log tokens, and empty where the curve does not reach. A curve follows the knob as it rises: a
setting that costs no more than a lower one is left out of it. The columns low and high bound 95%
bootstrap intervals over questions; those of differences are paired.

Without --at, and where the first controller is out of a run that charges tokens, budgets are round numbers
within the range that the run judges by.

Example: evotts curve runs/first:best asc --against cmc --env recorded/ --at 100000,250000)");
  curve->callback([arguments, &action] { action = [arguments] { return run_curve(*arguments); }; });
}

}  // namespace experiments
