// episode_options.hpp: the options that say which episodes a command runs, the same for every such command.
// Why:      eval, trace, diagnose and compare look at the same episodes only when the same words ask for
//           them.
// Use:      EpisodeArguments arguments;  add_ordering_options(command, arguments);
//           replay::EvaluatorOptions options = evaluator_options(arguments);
// Promises: every bad value is a UsageError that names the option.
// Threads:  values and pure functions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "replay/evaluation/evaluator.hpp"
#include "replay/evaluation/intervals.hpp"

namespace CLI {
class App;
}

namespace experiments {

// As typed.
struct EpisodeArguments {
  std::vector<std::string> environments;
  std::string betas = "0,0.2,0.4,0.6,0.8,1";
  std::string orderings = "100", seed_first = "0", probe_cost = "0", bootstrap_seed = "0";
  std::optional<std::string> budget;
};

void add_environment_option(CLI::App& command, EpisodeArguments& arguments);
void add_beta_option(CLI::App& command, EpisodeArguments& arguments);
void add_ordering_options(CLI::App& command, EpisodeArguments& arguments);  // --orderings, --seed-first
void add_cost_options(CLI::App& command, EpisodeArguments& arguments);      // --budget, --probe-cost
void add_bootstrap_option(CLI::App& command, EpisodeArguments& arguments);  // --bootstrap-seed

replay::EpisodeOptions episode_options(const EpisodeArguments& arguments);
replay::EvaluatorOptions evaluator_options(const EpisodeArguments& arguments);
replay::BootstrapOptions bootstrap_options(const EpisodeArguments& arguments);

// That --env names something; `command` goes before the message.
void require_environments(const EpisodeArguments& arguments, const std::string& command);

}  // namespace experiments
