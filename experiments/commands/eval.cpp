// The command that scores controllers: eval.
#include <CLI/CLI.hpp>
#include <cstdint>
#include <fmt/format.h>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "experiments/commands/commands.hpp"
#include "experiments/console/episode_options.hpp"
#include "experiments/console/options.hpp"
#include "experiments/console/progress_line.hpp"
#include "experiments/console/report.hpp"
#include "experiments/console/text_file.hpp"
#include "experiments/console/usage_error.hpp"
#include "experiments/reports/evaluation_report.hpp"
#include "experiments/sources/controller_source.hpp"
#include "experiments/sources/unsealed_environments.hpp"
#include "experiments/sources/whole_samples.hpp"
#include "genome/program/compiler.hpp"
#include "replay/evaluation/evaluator.hpp"

namespace experiments {
namespace {

constexpr Range<std::int64_t> kQuestions{0, 1'000'000};

// As typed; read_request() makes sense of it.
struct Arguments {
  std::vector<std::string> controllers;
  EpisodeArguments episodes;
  std::optional<std::string> questions, threads;
  std::string format = "table";
};

struct Request {
  std::vector<double> betas;
  replay::EvaluatorOptions options;
  replay::BootstrapOptions bootstrap;
  std::size_t questions = 0;  // to list of each environment, controller and beta
  Format format = Format::kTable;
};

Request read_request(const Arguments& arguments) {
  Request request;
  request.betas = beta_list("--beta", arguments.episodes.betas);
  request.options = evaluator_options(arguments.episodes);
  request.bootstrap = bootstrap_options(arguments.episodes);
  if (arguments.questions) {
    request.questions =
        static_cast<std::size_t>(whole_number("--questions", *arguments.questions, kQuestions));
  }
  request.format = format_of(arguments.format);
  if (arguments.controllers.empty()) {
    throw UsageError("eval: no controller is named; name them before --env, which takes all that follows it");
  }
  require_environments(arguments.episodes, "eval");
  return request;
}

int run_eval(const Arguments& arguments) {
  const Request request = read_request(arguments);
  const ThreadLimit threads(arguments.threads);
  const std::vector<NamedController> controllers = resolve_controllers(arguments.controllers);
  const replay::Evaluator evaluator(environments_for(controllers, arguments.episodes.environments),
                                    request.options);

  std::vector<genome::Program> programs;
  for (const NamedController& named : controllers) programs.push_back(genome::compile(named.controller));
  Evaluation scores{controllers, request.betas, evaluator, {}, request.bootstrap, request.questions};
  {
    ProgressLine progress;
    scores.cells = evaluator.evaluate(programs, request.betas, progress.callback());
  }
  print(evaluation_report(scores, request.format));
  warn_of_whole_samples(evaluator.environments(), report);
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
  eval.add_option("--questions", arguments.questions,
                  "List up to N questions of each row too, first those answered wrong most often")
      ->type_name("N")
      ->default_str("0");
  add_format_option(eval, arguments.format);
  add_threads_option(eval, arguments.threads);
}

}  // namespace

void add_eval_command(CLI::App& app, Action& action) {
  CLI::App* const eval = app.add_subcommand("eval", "Score controllers on recorded or made-up environments");
  const auto arguments = std::make_shared<Arguments>();
  add_options(*eval, *arguments);
  eval->footer(R"(Prints a row for each environment, controller and beta:
  accuracy        in percent, over all questions and orderings
  accuracy_low, accuracy_high
                  bounds of its 95% interval over questions
  tokens          the mean of an episode
  latency_tokens  likewise, where branches run side by side: the longest of each round counts
Means over several environments follow. They weigh all equally; in csv and json their environment is
(mean). Rows of questions have the number of the question in a column of its own. It is empty in all
other rows.

Example: evotts eval cmc sc mine.ctl --env recorded/ --beta 0,0.5,1 --format csv)");
  eval->callback([arguments, &action] { action = [arguments] { return run_eval(*arguments); }; });
}

}  // namespace experiments
