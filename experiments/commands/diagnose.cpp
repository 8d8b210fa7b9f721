// The command that says why episodes are lost and where tokens go: diagnose.
#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "experiments/commands/commands.hpp"
#include "experiments/console/episode_options.hpp"
#include "experiments/console/options.hpp"
#include "experiments/console/progress_line.hpp"
#include "experiments/console/text_file.hpp"
#include "experiments/sources/controller_source.hpp"
#include "experiments/sources/unsealed_environments.hpp"
#include "experiments/tables/diagnosis_report.hpp"
#include "genome/program/compiler.hpp"
#include "replay/analysis/diagnosis.hpp"

namespace experiments {
namespace {

constexpr Range<std::int64_t> kQuestions{0, 1'000'000};

struct Arguments {
  std::string controller;
  EpisodeArguments episodes{.betas = "0.5"};
  std::optional<std::string> questions, threads;
  std::string format = "table";
};

int run_diagnose(const Arguments& arguments) {
  const std::vector<double> betas = beta_list("--beta", arguments.episodes.betas);
  const replay::EvaluatorOptions options = evaluator_options(arguments.episodes);
  std::optional<std::size_t> questions;
  if (arguments.questions)
    questions = static_cast<std::size_t>(whole_number("--questions", *arguments.questions, kQuestions));
  const Format format = format_of(arguments.format);
  require_environments(arguments.episodes, "diagnose");
  const ThreadLimit threads(arguments.threads);
  const NamedController named = resolve_controller(arguments.controller);
  const auto environments = environments_for(std::span(&named, 1), arguments.episodes.environments);

  Diagnoses found{environments, betas, {}};
  {
    ProgressLine progress;
    found.all = replay::diagnose(environments, genome::compile(named.controller), betas, options,
                                 progress.callback());
  }
  print(diagnosis_report(found, named.label, questions, format));
  return kGood;
}

constexpr const char* kHelp =
    R"(Every episode falls into exactly one of these, the first that holds. A right branch is a recorded one
that ends with the right answer.
  right       the answer is right
  unrecorded  there is no right branch
  unopened    no right branch was opened
  pruned      all right branches that were opened were pruned
  early       some branch was neither pruned nor finished, and running all branches not pruned to their
              ends would have won the plain vote over their final answers
  outvoted    right branches were kept to the end, and another answer was chosen, or none
These are given in percent of the episodes. The column tokens is the mean of an episode. In percent of the
tokens there are:
  settled_tokens     spent after the answer that was given had taken the lead for good, by the latest
                     answers of the branches not pruned
  pruned_tokens      spent on branches that were pruned sooner or later
  unfinished_tokens  spent on branches that were neither pruned nor finished
Means weigh all environments equally; in csv their environment is (mean). With --format csv, --questions
prints the questions instead of the environments. json is one object:
  controller    its name
  environments  an array of objects with the columns of the table
  total         the means
  questions     all that lost episodes they could have won

Example: evotts diagnose cmc --env recorded/ --beta 0.2,0.8 --questions 10)";

}  // namespace

void add_diagnose_command(CLI::App& app, Action& action) {
  CLI::App* const diagnose = app.add_subcommand("diagnose", "Say why episodes are lost and where tokens go");
  const auto arguments = std::make_shared<Arguments>();
  diagnose->add_option("CONTROLLER", arguments->controller, "A name from `evotts list`, a file, or RUN:ID")
      ->required();
  add_environment_option(*diagnose, arguments->episodes);
  add_beta_option(*diagnose, arguments->episodes);
  add_ordering_options(*diagnose, arguments->episodes);
  add_cost_options(*diagnose, arguments->episodes);
  diagnose
      ->add_option("--questions", arguments->questions,
                   "List up to N questions, first those that lost most episodes they could have won")
      ->type_name("N")
      ->default_str("0, all in json");
  add_format_option(*diagnose, arguments->format);
  add_threads_option(*diagnose, arguments->threads);
  diagnose->footer(kHelp);
  diagnose->callback([arguments, &action] { action = [arguments] { return run_diagnose(*arguments); }; });
}

}  // namespace experiments
