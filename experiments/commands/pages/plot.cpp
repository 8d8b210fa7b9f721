// The commands that draw figures: plot curve, plot progress, plot branches.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <fmt/format.h>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "experiments/commands/commands.hpp"
#include "experiments/console/episode_options.hpp"
#include "experiments/console/options.hpp"
#include "experiments/console/progress_line.hpp"
#include "experiments/console/table.hpp"
#include "experiments/console/text_file.hpp"
#include "experiments/console/usage_error.hpp"
#include "experiments/pages/gnuplot.hpp"
#include "experiments/reports/action_text.hpp"
#include "experiments/reports/evaluation_report.hpp"
#include "experiments/sources/controller_source.hpp"
#include "experiments/sources/run_source.hpp"
#include "experiments/sources/unsealed_environments.hpp"
#include "experiments/tables/history.hpp"
#include "experiments/tables/lanes.hpp"
#include "genome/base/text.hpp"
#include "genome/program/compiler.hpp"
#include "replay/environment/ordering.hpp"
#include "replay/machine/signal_columns.hpp"

namespace experiments {
namespace {

struct Arguments {
  std::vector<std::string> names;
  EpisodeArguments episodes;
  std::string question = "0", ordering = "0";
  FigureFile figure;
  std::optional<std::string> threads;
};

// `title` of each series, whose rows have its number in the first column; columns count from 1.
std::string lines_of(const std::vector<std::string>& titles, std::string_view x_and_y,
                     std::string_view kind) {
  std::string text = "plot";
  for (std::size_t i = 0; i < titles.size(); ++i) {
    text +=
        fmt::format("{} data using (column(1) == {} ? column({} every ::1 title {} with {} {}",
                    i == 0 ? "" : ", \\\n    ", i, x_and_y, in_gnuplot(genome::base::visible(titles[i], 60)),
                    kind, line_style(i, kind != "steps"));
  }
  return text + "\n";
}

int finish(const Arguments& arguments, const Figure& figure) {
  draw(arguments.figure, figure);
  const std::string file = genome::base::visible(arguments.figure.file);
  print(arguments.figure.keep ? fmt::format("wrote {}, {}.csv and {}.gp\n", file, file, file)
                              : fmt::format("wrote {}\n", file));
  return kGood;
}

int plot_curve(const Arguments& arguments) {
  expect_figure(arguments.figure);
  std::vector<double> betas = beta_list("--beta", arguments.episodes.betas);
  std::sort(betas.begin(), betas.end());
  const replay::EvaluatorOptions options = evaluator_options(arguments.episodes);
  require_environments(arguments.episodes, "plot curve");
  const ThreadLimit threads(arguments.threads);
  const std::vector<NamedController> controllers = resolve_controllers(arguments.names);
  const replay::Evaluator evaluator(environments_for(controllers, arguments.episodes.environments), options);
  std::vector<genome::Program> programs;
  for (const NamedController& named : controllers) programs.push_back(genome::compile(named.controller));
  Evaluation scores{controllers, betas, evaluator, {}, bootstrap_options(arguments.episodes)};
  {
    ProgressLine progress;
    scores.cells = evaluator.evaluate(programs, betas, progress.callback());
  }
  // The columns of `evotts eval`, with the number of the series before them.
  const std::string means = evaluation_means(scores).text(Format::kCsv);
  std::string data;
  std::size_t row = 0;
  for (std::size_t at = 0; at < means.size(); ++row) {
    const std::size_t end = means.find('\n', at) + 1;
    data += (row == 0 ? "series" : fmt::format("{}", (row - 1) / betas.size())) + "," +
            means.substr(at, end - at);
    at = end;
  }
  std::vector<std::string> titles;
  for (const NamedController& named : controllers) titles.push_back(named.label);
  return finish(arguments, {data,
                            "set logscale x\nset format x '%.0s%c'\nset xlabel 'mean tokens of an episode'\n"
                            "set ylabel 'accuracy, %'\n" +
                                lines_of(titles, "7) : NaN):4:5:6", "yerrorlines")});
}

int plot_progress(const Arguments& arguments) {
  expect_figure(arguments.figure);
  Table table({"series", "generation", "best", "hypervolume", "run"});
  for (std::size_t i = 0; i < arguments.names.size(); ++i) {
    for (const HistoryEntry& entry : history_of(open_run(arguments.names[i]))) {
      if (!entry.generation) continue;
      table.add_row({static_cast<std::int64_t>(i), number_cell(entry.generation, 0),
                     number_cell(entry.best, 3), number_cell(entry.value(evo::Trailer::kHypervolume), 3),
                     arguments.names[i]});
    }
  }
  return finish(arguments,
                {table.text(Format::kCsv), "set xlabel 'generation'\nset ylabel 'score of the champion'\n" +
                                               lines_of(arguments.names, "2) : NaN):3", "steps")});
}

// 0: no answer, 1: the right one, 2: another.
std::int64_t kind_of(const replay::Question& question, replay::AnswerId answer) {
  if (answer == replay::kNoAnswer) return 0;
  return answer == question.gold_id ? 1 : 2;
}

int plot_branches(const Arguments& arguments) {
  expect_figure(arguments.figure);
  const std::vector<double> betas = beta_list("--beta", arguments.episodes.betas);
  if (betas.size() != 1) throw UsageError("plot branches: --beta takes one number");
  const replay::EpisodeOptions options = episode_options(arguments.episodes);
  require_environments(arguments.episodes, "plot branches");
  const NamedController named = resolve_controller(arguments.names.front());
  const auto environments = environments_for(std::span(&named, 1), arguments.episodes.environments);
  if (environments.size() != 1) throw UsageError("plot branches: --env takes one environment");
  const replay::Environment& environment = environments.front();
  const auto last = static_cast<std::int64_t>(environment.questions.size()) - 1;
  const auto& question =
      environment
          .questions[static_cast<std::size_t>(whole_number("--question", arguments.question, {0, last}))];
  const auto seed = static_cast<std::uint64_t>(whole_number("--ordering", arguments.ordering, kSeeds));
  replay::signal_columns(genome::compile(named.controller), environment);  // throws where one is missing
  const std::vector<std::uint32_t> dealt = replay::ordering(seed, question.branches.size());
  const replay::Trace trace =
      replay::trace_episode(named.controller, betas.front(), question, dealt, options, environment.signals);
  Table table({"lane", "from", "to", "kind", "branch", "answer"});
  const std::vector<Lane> lanes = lanes_of({question, dealt, trace, options, environment.signals});
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    std::int64_t from = 0;
    for (const Lane::Span& span : lanes[i].spans) {
      table.add_row({static_cast<std::int64_t>(i), from, span.to, kind_of(question, span.answer),
                     branch_name(i, lanes[i].recorded), shown_answer(question, span.answer)});
      from = span.to;
    }
  }
  std::string commands =
      "set xlabel 'tokens of the branch'\nset ylabel 'branch, in the order of opening'\n"
      "set yrange [*:*] reverse\nset style fill solid 0.9 border linecolor '#ffffff'\nplot";
  constexpr std::array kKinds = {std::pair{"no answer yet", "#bdbdbd"}, std::pair{"right answer", "#009e73"},
                                 std::pair{"another answer", "#d55e00"}};
  for (std::size_t i = 0; i < kKinds.size(); ++i)
    commands += fmt::format(
        "{} data using 2:1:2:(column(4) == {} ? column(3) : NaN):(column(1)-0.4):(column(1)+0.4) every "
        "::1 title '{}' with boxxyerror fillcolor rgb '{}'",
        i == 0 ? "" : ", \\\n    ", i, kKinds[i].first, kKinds[i].second);
  return finish(arguments, {table.text(Format::kCsv), commands + "\n"});
}

void add_figure_options(CLI::App& command, Arguments& arguments) {
  command.add_option("-o,--out", arguments.figure.file, "The figure to write; it ends in .svg, .pdf or .png")
      ->type_name("FIGURE")
      ->required();
  command.add_flag("--script", arguments.figure.keep,
                   "Keep the data and the script beside it, as FIGURE.csv and FIGURE.gp");
  command.add_flag("--force", arguments.figure.force, "Replace files that exist");
}

}  // namespace

void add_plot_commands(CLI::App& app, Action& action) {
  CLI::App* const plot = app.add_subcommand("plot", "Draw a figure through gnuplot");
  plot->require_subcommand(1);
  plot->footer("Example: evotts plot progress runs/first -o progress.svg");

  const auto of_curve = std::make_shared<Arguments>();
  of_curve->episodes.betas = "0,0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.9,1";
  CLI::App* const curve = plot->add_subcommand("curve", "Accuracy against tokens, with intervals");
  curve->add_option("CONTROLLER", of_curve->names, "Names from `evotts list`, files, or RUN:ID out of a run")
      ->required();
  add_environment_option(*curve, of_curve->episodes);
  add_beta_option(*curve, of_curve->episodes);
  add_ordering_options(*curve, of_curve->episodes);
  add_cost_options(*curve, of_curve->episodes);
  add_bootstrap_option(*curve, of_curve->episodes);
  add_figure_options(*curve, *of_curve);
  add_threads_option(*curve, of_curve->threads);
  curve->footer(
      R"(Each beta is a point: the mean over the environments, with its 95% bootstrap interval over questions. The
axis of tokens is logarithmic. The data have the columns of `evotts eval`.

Example: evotts plot curve cmc asc --env recorded/ -o curve.svg)");
  curve->callback([of_curve, &action] { action = [of_curve] { return plot_curve(*of_curve); }; });

  const auto of_progress = std::make_shared<Arguments>();
  CLI::App* const progress = plot->add_subcommand("progress", "Scores of champions by generation");
  progress->add_option("RUN", of_progress->names, "Folders of runs, or RUN@GENERATION")->required();
  add_figure_options(*progress, *of_progress);
  progress->footer("Example: evotts plot progress runs/first runs/second -o progress.pdf");
  progress->callback(
      [of_progress, &action] { action = [of_progress] { return plot_progress(*of_progress); }; });

  const auto of_branches = std::make_shared<Arguments>();
  of_branches->episodes.betas = "0.5";
  CLI::App* const branches = plot->add_subcommand("branches", "The branches of an episode, side by side");
  branches->add_option("CONTROLLER", of_branches->names, "A name from `evotts list`, a file, or RUN:ID")
      ->required()
      ->expected(1);
  add_environment_option(*branches, of_branches->episodes);
  add_beta_option(*branches, of_branches->episodes);
  branches
      ->add_option("--question", of_branches->question, "Which question of the environment, counted from 0")
      ->type_name("N")
      ->capture_default_str();
  branches->add_option("--ordering", of_branches->ordering, "In which order its branches are dealt")
      ->type_name("S")
      ->capture_default_str();
  add_cost_options(*branches, of_branches->episodes);
  add_figure_options(*branches, *of_branches);
  branches->footer("Example: evotts plot branches cmc --env synthetic:seed=11 --question 3 -o branches.svg");
  branches->callback(
      [of_branches, &action] { action = [of_branches] { return plot_branches(*of_branches); }; });
}

}  // namespace experiments
