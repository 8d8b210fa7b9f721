// The command that says why episodes are lost and where tokens go: diagnose.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "experiments/commands/commands.hpp"
#include "experiments/console/episode_options.hpp"
#include "experiments/console/json_text.hpp"
#include "experiments/console/mean_row.hpp"
#include "experiments/console/options.hpp"
#include "experiments/console/progress_line.hpp"
#include "experiments/console/table.hpp"
#include "experiments/console/text_file.hpp"
#include "experiments/reports/action_text.hpp"
#include "experiments/sources/controller_source.hpp"
#include "experiments/sources/unsealed_environments.hpp"
#include "genome/program/compiler.hpp"
#include "replay/analysis/diagnosis.hpp"

namespace experiments {
namespace {

using replay::DiagnosisSums;
using replay::Outcome;

constexpr Range<std::int64_t> kQuestions{0, 1'000'000};

struct Arguments {
  std::string controller;
  EpisodeArguments episodes{.betas = "0.5"};
  std::optional<std::string> questions, threads;
  std::string format = "table";
};

// Everything that was found, with what it is of.
struct Findings {
  const std::vector<replay::Environment>& environments;
  const std::vector<double>& betas;
  std::vector<replay::Diagnosis> all;

  const replay::Diagnosis& of(std::size_t environment, std::size_t beta) const {
    return all[environment * betas.size() + beta];
  }
};

// Of an episode of each environment, summed over environments: the share of each outcome, and tokens.
struct Figures {
  std::array<double, replay::kOutcomes> outcomes{};
  double tokens = 0, settled = 0, pruned = 0, unfinished = 0;
  double environments = 0;

  Figures& operator+=(const Figures& other) {
    for (std::size_t i = 0; i < outcomes.size(); ++i) outcomes[i] += other.outcomes[i];
    tokens += other.tokens;
    settled += other.settled;
    pruned += other.pruned;
    unfinished += other.unfinished;
    environments += other.environments;
    return *this;
  }
};

Figures figures_of(const DiagnosisSums& sums) {
  const auto of_an_episode = [&](std::int64_t count) {
    return static_cast<double>(count) / static_cast<double>(sums.episodes());
  };
  Figures figures{.tokens = of_an_episode(sums.tokens.all),
                  .settled = of_an_episode(sums.tokens.settled),
                  .pruned = of_an_episode(sums.tokens.pruned),
                  .unfinished = of_an_episode(sums.tokens.unfinished),
                  .environments = 1};
  for (std::size_t i = 0; i < figures.outcomes.size(); ++i)
    figures.outcomes[i] = of_an_episode(sums.outcomes[i]);
  return figures;
}

// Outcomes in percent of the episodes, tokens in percent of theirs.
std::vector<std::string> figure_columns() {
  std::vector<std::string> columns;
  for (const Outcome outcome : replay::kAllOutcomes) columns.emplace_back(replay::name_of(outcome));
  for (const char* name : {"tokens", "settled_tokens", "pruned_tokens", "unfinished_tokens"})
    columns.emplace_back(name);
  return columns;
}

std::vector<Cell> with_figures(std::vector<Cell> row, const Figures& figures) {
  for (const double share : figures.outcomes) row.push_back(Decimal{100 * share / figures.environments});
  row.push_back(Decimal{figures.tokens / figures.environments, 1});
  for (const double part : {figures.settled, figures.pruned, figures.unfinished})
    row.push_back(Decimal{figures.tokens > 0 ? 100 * part / figures.tokens : 0});
  return row;
}

Table table_of(std::vector<std::string> first_columns) {
  for (std::string& column : figure_columns()) first_columns.push_back(std::move(column));
  return Table(std::move(first_columns));
}

Table by_environment(const Findings& findings) {
  Table table = table_of({"environment", "beta"});
  for (std::size_t e = 0; e < findings.environments.size(); ++e) {
    for (std::size_t b = 0; b < findings.betas.size(); ++b) {
      table.add_row(with_figures({findings.environments[e].name, Shortest{findings.betas[b]}},
                                 figures_of(findings.of(e, b).total())));
    }
  }
  return table;
}

// Each environment counts the same, however many questions it has, as in every mean of this program.
Figures mean_at(const Findings& findings, std::size_t beta) {
  Figures mean;
  for (std::size_t e = 0; e < findings.environments.size(); ++e)
    mean += figures_of(findings.of(e, beta).total());
  return mean;
}

Table over_all(const Findings& findings) {
  Table table = table_of({"beta"});
  for (std::size_t b = 0; b < findings.betas.size(); ++b)
    table.add_row(with_figures({Shortest{findings.betas[b]}}, mean_at(findings, b)));
  return table;
}

// With the means over them in the same table.
Table environments_and_means(const Findings& findings) {
  Table table = by_environment(findings);
  for (std::size_t b = 0; findings.environments.size() > 1 && b < findings.betas.size(); ++b)
    table.add_row(with_figures({kMeanOverEnvironments, Shortest{findings.betas[b]}}, mean_at(findings, b)));
  return table;
}

// Episodes that some controller could have won.
std::int64_t avoidable(const DiagnosisSums& sums) {
  return sums.episodes() - sums.of(Outcome::kRight) - sums.of(Outcome::kUnrecorded);
}

Table worst_questions(const Findings& findings, std::optional<std::size_t> most, Format format) {
  struct Place {
    std::size_t environment, beta, question;
    const DiagnosisSums* sums;
  };
  std::vector<Place> places;
  for (std::size_t e = 0; e < findings.environments.size(); ++e) {
    for (std::size_t b = 0; b < findings.betas.size(); ++b) {
      const std::vector<DiagnosisSums>& questions = findings.of(e, b).questions;
      for (std::size_t q = 0; q < questions.size(); ++q) {
        if (avoidable(questions[q]) > 0) places.push_back({e, b, q, &questions[q]});
      }
    }
  }
  std::stable_sort(places.begin(), places.end(),
                   [](const Place& x, const Place& y) { return avoidable(*x.sums) > avoidable(*y.sums); });
  if (most) places.resize(std::min(places.size(), *most));
  std::vector<std::string> columns{"environment", "beta", "question"};
  for (std::string& column : figure_columns()) columns.push_back(std::move(column));
  columns.emplace_back("text");
  Table table(std::move(columns));
  for (const Place& place : places) {
    const replay::Environment& environment = findings.environments[place.environment];
    std::vector<Cell> row = with_figures(
        {environment.name, Shortest{findings.betas[place.beta]}, static_cast<std::int64_t>(place.question)},
        figures_of(*place.sums));
    row.emplace_back(question_cell(environment.questions[place.question], format));
    table.add_row(std::move(row));
  }
  return table;
}

// At most `questions` of them; by default all in JSON and none elsewhere.
std::string report(const Findings& findings, const std::string& label, std::optional<std::size_t> questions,
                   Format format) {
  if (!questions && format != Format::kJson) questions = 0;
  const Table rows = by_environment(findings), worst = worst_questions(findings, questions, format);
  if (format == Format::kCsv)
    return (questions != 0U ? worst : environments_and_means(findings)).text(format);
  if (format == Format::kJson) {
    return json_document({{"controller", json_text(label)},
                          {"environments", rows.text(format)},
                          {"total", over_all(findings).text(format)},
                          {"questions", worst.text(format)}});
  }
  std::string text = rows.text(format);
  if (findings.environments.size() > 1) {
    text += fmt::format("\nmean over {} environments\n{}", findings.environments.size(),
                        over_all(findings).text(format));
  }
  if (questions != 0U) {
    text += fmt::format("\nquestions by the episodes lost though the right answer was recorded\n{}",
                        worst.text(format));
  }
  return text;
}

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

  Findings findings{environments, betas, {}};
  {
    ProgressLine progress;
    findings.all = replay::diagnose(environments, genome::compile(named.controller), betas, options,
                                    progress.callback());
  }
  print(report(findings, named.label, questions, format));
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
