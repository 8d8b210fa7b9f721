// The command that scores controllers: eval.
#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "experiments/commands/commands.hpp"
#include "experiments/console/episode_options.hpp"
#include "experiments/console/options.hpp"
#include "experiments/console/progress_line.hpp"
#include "experiments/console/table.hpp"
#include "experiments/console/text_file.hpp"
#include "experiments/console/usage_error.hpp"
#include "experiments/sources/controller_source.hpp"
#include "experiments/sources/unsealed_environments.hpp"
#include "genome/program/compiler.hpp"
#include "replay/evaluation/evaluator.hpp"
#include "replay/evaluation/intervals.hpp"

namespace experiments {
namespace {

constexpr int kTokenDigits = 3;  // of means: finer than any figure they are compared with

// As typed; read_request() makes sense of it.
struct Arguments {
  std::vector<std::string> controllers;
  EpisodeArguments episodes;
  std::optional<std::string> threads;
  std::string format = "table";
};

struct Request {
  std::vector<double> betas;
  replay::EvaluatorOptions options;
  replay::BootstrapOptions bootstrap;
  Format format = Format::kTable;
};

Request read_request(const Arguments& arguments) {
  Request request;
  request.betas = beta_list("--beta", arguments.episodes.betas);
  request.options = evaluator_options(arguments.episodes);
  request.bootstrap = bootstrap_options(arguments.episodes);
  request.format = format_of(arguments.format);
  if (arguments.controllers.empty()) {
    throw UsageError("eval: no controller is named; name them before --env, which takes all that follows it");
  }
  require_environments(arguments.episodes, "eval");
  return request;
}

struct Scores {
  const std::vector<NamedController>& controllers;
  const Request& request;
  const replay::Evaluator& evaluator;
  std::vector<replay::Cell> cells;

  const replay::Cell& cell(std::size_t controller, std::size_t environment, std::size_t beta) const {
    return cells[evaluator.cell_index(controller, environment, beta, request.betas.size())];
  }
};

Table table_of(const Scores& scores) {
  Table table({"environment", "controller", "beta", "accuracy", "accuracy_low", "accuracy_high", "tokens",
               "latency_tokens"});
  const std::vector<replay::Environment>& environments = scores.evaluator.environments();
  for (std::size_t e = 0; e < environments.size(); ++e) {
    for (std::size_t c = 0; c < scores.controllers.size(); ++c) {
      for (std::size_t b = 0; b < scores.request.betas.size(); ++b) {
        const replay::Cell& cell = scores.cell(c, e, b);
        const replay::Interval interval = replay::accuracy_interval(cell, scores.request.bootstrap);
        table.add_row({environments[e].name, scores.controllers[c].label, Shortest{scores.request.betas[b]},
                       Decimal{cell.accuracy()}, Decimal{interval.low}, Decimal{interval.high},
                       Decimal{cell.tokens(), kTokenDigits}, Decimal{cell.latency_tokens(), kTokenDigits}});
      }
    }
  }
  return table;
}

// Each environment counts the same, however many questions it has.
Table means_of(const Scores& scores) {
  Table table({"controller", "beta", "accuracy", "tokens", "latency_tokens"});
  const std::size_t environments = scores.evaluator.environments().size();
  for (std::size_t c = 0; c < scores.controllers.size(); ++c) {
    for (std::size_t b = 0; b < scores.request.betas.size(); ++b) {
      double accuracy = 0, tokens = 0, latency = 0;
      for (std::size_t e = 0; e < environments; ++e) {
        const replay::Cell& cell = scores.cell(c, e, b);
        accuracy += cell.accuracy();
        tokens += cell.tokens();
        latency += cell.latency_tokens();
      }
      const auto count = static_cast<double>(environments);
      table.add_row({scores.controllers[c].label, Shortest{scores.request.betas[b]},
                     Decimal{accuracy / count}, Decimal{tokens / count, kTokenDigits},
                     Decimal{latency / count, kTokenDigits}});
    }
  }
  return table;
}

int run_eval(const Arguments& arguments) {
  const Request request = read_request(arguments);
  const ThreadLimit threads(arguments.threads);
  const std::vector<NamedController> controllers = resolve_controllers(arguments.controllers);
  const replay::Evaluator evaluator(environments_for(controllers, arguments.episodes.environments),
                                    request.options);

  std::vector<genome::Program> programs;
  for (const NamedController& named : controllers) programs.push_back(genome::compile(named.controller));
  Scores scores{controllers, request, evaluator, {}};
  {
    ProgressLine progress;
    scores.cells = evaluator.evaluate(programs, request.betas, progress.callback());
  }

  print(table_of(scores).text(request.format));
  const std::size_t environments = evaluator.environments().size();
  if (request.format == Format::kTable && environments > 1) {
    print(
        fmt::format("\nmean over {} environments\n{}", environments, means_of(scores).text(Format::kTable)));
  }
  return kGood;
}

void add_options(CLI::App& eval, Arguments& arguments) {
  eval.add_option("CONTROLLER", arguments.controllers,
                  "Names from `evotts list`, files, or RUN:ID out of a run");
  add_environment_option(eval, arguments.episodes);
  add_beta_option(eval, arguments.episodes);
  add_ordering_options(eval, arguments.episodes);
  add_cost_options(eval, arguments.episodes);
  add_bootstrap_option(eval, arguments.episodes);
  add_format_option(eval, arguments.format);
  add_threads_option(eval, arguments.threads);
}

}  // namespace

void add_eval_command(CLI::App& app, Action& action) {
  CLI::App* const eval = app.add_subcommand("eval", "Score controllers on recorded or made-up environments");
  const auto arguments = std::make_shared<Arguments>();
  add_options(*eval, *arguments);
  eval->footer(R"(Prints a row for each environment, controller and beta: accuracy in percent over all
questions and orderings with its 95% interval over questions, mean tokens of an episode, and mean
latency_tokens (branches run side by side: the longest of each round counts).

Example: evotts eval cmc sc mine.ctl --env recorded/ --beta 0,0.5,1 --format csv)");
  eval->callback([arguments, &action] { action = [arguments] { return run_eval(*arguments); }; });
}

}  // namespace experiments
