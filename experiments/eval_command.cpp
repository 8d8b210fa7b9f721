// The command that scores controllers: eval.
#include <CLI/CLI.hpp>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <fmt/format.h>
#include <memory>
#include <optional>
#include <string>
#include <unistd.h>
#include <vector>

#include "experiments/commands.hpp"
#include "experiments/controller_source.hpp"
#include "experiments/options.hpp"
#include "experiments/table.hpp"
#include "experiments/text_file.hpp"
#include "experiments/usage_error.hpp"
#include "genome/compiler.hpp"
#include "replay/environment_source.hpp"
#include "replay/evaluator.hpp"
#include "replay/score.hpp"

namespace experiments {
namespace {

constexpr int kTokenDigits = 3;  // of means: finer than any figure they are compared with

// As typed; read_request() makes sense of it.
struct Arguments {
  std::vector<std::string> controllers, environments;
  std::string betas = "0,0.2,0.4,0.6,0.8,1";
  std::string orderings = "100", seed_first = "0", probe_cost = "0", bootstrap_seed = "0";
  std::optional<std::string> budget, threads;
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
  request.betas = beta_list("--beta", arguments.betas);
  replay::EvaluatorOptions& options = request.options;
  options.orderings = static_cast<std::size_t>(whole_number("--orderings", arguments.orderings, kOrderings));
  options.first_ordering =
      static_cast<std::uint64_t>(whole_number("--seed-first", arguments.seed_first, kSeeds));
  if (arguments.budget) options.episode.budget = whole_number("--budget", *arguments.budget, kBudgets);
  options.episode.probe_cost = whole_number("--probe-cost", arguments.probe_cost, kProbeCosts);
  request.bootstrap.seed =
      static_cast<std::uint64_t>(whole_number("--bootstrap-seed", arguments.bootstrap_seed, kSeeds));
  request.format = format_of(arguments.format);
  if (arguments.controllers.empty()) {
    throw UsageError("eval: no controller is named; name them before --env, which takes all that follows it");
  }
  if (arguments.environments.empty()) {
    throw UsageError("eval: no environment is named; add --env FILE, --env FOLDER or --env synthetic:");
  }
  return request;
}

// A share of the work done, told on stderr now and then while a person looks on.
class ProgressLine {
 public:
  ~ProgressLine() {
    if (shown_) std::fputs("\r\033[K", stderr);
  }

  replay::Evaluator::Progress callback() {
    if (::isatty(STDERR_FILENO) == 0) return {};
    return [this](std::size_t done, std::size_t total) { tell(done, total); };
  }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr auto kPause = std::chrono::milliseconds(200);

  // Called by any thread: the one that finds the pause over and moves the time on is the one to tell.
  void tell(std::size_t done, std::size_t total) {
    const Clock::rep now = Clock::now().time_since_epoch().count();
    Clock::rep next = next_.load();
    if (now < next || !next_.compare_exchange_strong(next, now + Clock::duration(kPause).count())) return;
    shown_ = true;
    std::fputs(fmt::format("\revaluating: {:3}%", 100 * done / total).c_str(), stderr);
  }

  std::atomic<Clock::rep> next_{0};
  std::atomic<bool> shown_{false};
};

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
  const replay::Evaluator evaluator(replay::open_environments(arguments.environments), request.options);

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
  eval.add_option(
          "--env", arguments.environments,
          "Environments: files, folders of *.json, or synthetic:key=value,... (see `evotts env synth`)")
      ->type_name("FILE_OR_DIR...");
  eval.add_option("--beta", arguments.betas, "The knob of token use: numbers from 0 to 1 with commas between")
      ->type_name("LIST")
      ->capture_default_str();
  eval.add_option("--orderings", arguments.orderings,
                  "In how many orders the branches of a question are dealt")
      ->type_name("N")
      ->capture_default_str();
  eval.add_option("--seed-first", arguments.seed_first,
                  "The first of these orders; the others count on from it")
      ->type_name("S")
      ->capture_default_str();
  eval.add_option("--budget", arguments.budget, "What an episode may spend at most")
      ->type_name("TOKENS")
      ->default_str("no limit");
  eval.add_option("--probe-cost", arguments.probe_cost, "What reading an answer in mid-branch costs")
      ->type_name("TOKENS")
      ->capture_default_str();
  eval.add_option("--bootstrap-seed", arguments.bootstrap_seed, "For the 95% intervals of the accuracy")
      ->type_name("S")
      ->capture_default_str();
  add_format_option(eval, arguments.format);
  add_threads_option(eval, arguments.threads);
}

}  // namespace

void add_eval_command(CLI::App& app, Action& action) {
  CLI::App* const eval = app.add_subcommand("eval", "Score controllers on recorded or made-up environments");
  const auto arguments = std::make_shared<Arguments>();
  add_options(*eval, *arguments);
  eval->footer(
      "Prints a row for each environment, controller and beta: accuracy in percent over all questions and\n"
      "orderings with its 95% interval over questions, mean tokens of an episode, and mean latency_tokens\n"
      "(branches run side by side: the longest of each round counts).\n\n"
      "Example: evotts eval cmc sc mine.ctl --env recorded/ --beta 0,0.5,1 --format csv");
  eval->callback([arguments, &action] { action = [arguments] { return run_eval(*arguments); }; });
}

}  // namespace experiments
