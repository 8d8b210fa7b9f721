#include "experiments/console/episode_options.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "experiments/console/options.hpp"
#include "experiments/console/usage_error.hpp"

namespace experiments {

void add_environment_option(CLI::App& command, EpisodeArguments& arguments) {
  command
      .add_option(
          "--env", arguments.environments,
          "Environments: files, folders of *.json, or synthetic:key=value,... (see `evotts env synth`)")
      ->type_name("FILE_OR_DIR...");
}

void add_beta_option(CLI::App& command, EpisodeArguments& arguments) {
  command
      .add_option("--beta", arguments.betas, "The knob of token use: numbers from 0 to 1 with commas between")
      ->type_name("LIST")
      ->capture_default_str();
}

void add_ordering_options(CLI::App& command, EpisodeArguments& arguments) {
  command
      .add_option("--orderings", arguments.orderings,
                  "In how many orders the branches of a question are dealt")
      ->type_name("N")
      ->capture_default_str();
  command
      .add_option("--seed-first", arguments.seed_first,
                  "The first of these orders; the others count on from it")
      ->type_name("S")
      ->capture_default_str();
}

void add_cost_options(CLI::App& command, EpisodeArguments& arguments) {
  command.add_option("--budget", arguments.budget, "What an episode may spend at most")
      ->type_name("TOKENS")
      ->default_str("no limit");
  command.add_option("--probe-cost", arguments.probe_cost, "What reading an answer in mid-branch costs")
      ->type_name("TOKENS")
      ->capture_default_str();
}

void add_bootstrap_option(CLI::App& command, EpisodeArguments& arguments) {
  command.add_option("--bootstrap-seed", arguments.bootstrap_seed, "For the 95% intervals")
      ->type_name("S")
      ->capture_default_str();
}

replay::EpisodeOptions episode_options(const EpisodeArguments& arguments) {
  replay::EpisodeOptions options;
  if (arguments.budget) options.budget = whole_number("--budget", *arguments.budget, kBudgets);
  options.probe_cost = whole_number("--probe-cost", arguments.probe_cost, kProbeCosts);
  return options;
}

replay::EvaluatorOptions evaluator_options(const EpisodeArguments& arguments) {
  replay::EvaluatorOptions options;
  options.orderings = static_cast<std::size_t>(whole_number("--orderings", arguments.orderings, kOrderings));
  options.first_ordering =
      static_cast<std::uint64_t>(whole_number("--seed-first", arguments.seed_first, kSeeds));
  options.episode = episode_options(arguments);
  return options;
}

replay::BootstrapOptions bootstrap_options(const EpisodeArguments& arguments) {
  return {.seed =
              static_cast<std::uint64_t>(whole_number("--bootstrap-seed", arguments.bootstrap_seed, kSeeds))};
}

void require_environments(const EpisodeArguments& arguments, const std::string& command) {
  if (!arguments.environments.empty()) return;
  throw UsageError(
      fmt::format("{}: no environment is named; add --env FILE, --env FOLDER or --env synthetic:", command));
}

}  // namespace experiments
