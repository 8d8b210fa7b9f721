// The command that tells one episode action by action: trace.
#include "replay/analysis/trace.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <memory>
#include <string>
#include <unistd.h>
#include <vector>

#include "experiments/commands/commands.hpp"
#include "experiments/commands/trace_recorded.hpp"
#include "experiments/console/episode_options.hpp"
#include "experiments/console/options.hpp"
#include "experiments/console/text_file.hpp"
#include "experiments/console/usage_error.hpp"
#include "experiments/reports/trace_text.hpp"
#include "experiments/sources/controller_source.hpp"
#include "experiments/sources/unsealed_environments.hpp"
#include "experiments/tables/lanes.hpp"
#include "experiments/terminal/terminal.hpp"
#include "genome/base/text.hpp"
#include "genome/program/compiler.hpp"
#include "replay/environment/ordering.hpp"
#include "replay/machine/signal_columns.hpp"

namespace experiments {
namespace {

constexpr Range<std::int64_t> kLines{0, 1'000'000};

struct Arguments {
  std::string controller;
  EpisodeArguments episode{.betas = "0.5"};
  std::string question = "0", ordering = "0", lines = "120";
  std::string format = "text";
  std::optional<std::string> recorded, recorded_episode;
  bool draw = false;
};

void expect_format(const std::string& format) {
  if (format != "text" && format != "json")
    throw UsageError(
        fmt::format("--format must be text or json, found \"{}\"", genome::base::visible(format, 60)));
}

double one_beta(const std::string& text) {
  const std::vector<double> betas = beta_list("--beta", text);
  if (betas.size() != 1)
    throw UsageError(fmt::format("trace: --beta takes one number, found {}", betas.size()));
  return betas.front();
}

replay::Environment one_environment(const NamedController& named, const EpisodeArguments& arguments) {
  require_environments(arguments, "trace");
  std::vector<replay::Environment> environments =
      environments_for(std::span(&named, 1), arguments.environments);
  if (environments.size() != 1) {
    throw UsageError(fmt::format("trace: --env takes one environment, found {} ({}, {}{})",
                                 environments.size(), genome::base::visible(environments[0].name),
                                 genome::base::visible(environments[1].name),
                                 environments.size() > 2 ? ", ..." : ""));
  }
  return std::move(environments.front());
}

int run_recorded(const Arguments& arguments) {
  const auto lines = static_cast<std::size_t>(whole_number("--lines", arguments.lines, kLines));
  expect_format(arguments.format);
  return trace_recorded({.file = *arguments.recorded,
                         .episode = arguments.recorded_episode,
                         .lines = lines,
                         .format = arguments.format});
}

// The escapes of a terminal are ours: what is drawn of the recording is made visible before.
void draw(const EpisodeName& name, const TracedEpisode& episode) {
  const std::string head = fmt::format("{} at beta {} on {}, question {}, ordering {}\n\n", name.controller,
                                       name.beta, name.environment, name.question, name.ordering);
  print(head);
  print_coloured(
      drawn_lanes(episode, {.width = terminal_width(STDOUT_FILENO), .colour = shows_colour(STDOUT_FILENO)}));
  print(fmt::format("\n{}\nanswered {}\n", ending_text(episode.trace, episode.options),
                    answer_text(episode.trace, episode.question)));
}

int run_trace(const Arguments& arguments) {
  if (arguments.recorded) return run_recorded(arguments);
  if (arguments.controller.empty()) throw UsageError("trace: name a CONTROLLER, or a FILE with --recorded");
  const double beta = one_beta(arguments.episode.betas);
  const replay::EpisodeOptions options = episode_options(arguments.episode);
  const auto seed = static_cast<std::uint64_t>(whole_number("--ordering", arguments.ordering, kSeeds));
  const auto lines = static_cast<std::size_t>(whole_number("--lines", arguments.lines, kLines));
  expect_format(arguments.format);
  if (arguments.draw && arguments.format != "text")
    throw UsageError("--draw is for people; leave it out with --format json");
  const NamedController named = resolve_controller(arguments.controller);
  const replay::Environment environment = one_environment(named, arguments.episode);
  const auto last = static_cast<std::int64_t>(environment.questions.size()) - 1;
  const auto index = static_cast<std::size_t>(whole_number("--question", arguments.question, {0, last}));

  const replay::Question& question = environment.questions[index];
  const std::vector<std::uint32_t> dealt = replay::ordering(seed, question.branches.size());
  replay::signal_columns(genome::compile(named.controller), environment);  // throws where one is missing
  const replay::Trace trace =
      replay::trace_episode(named.controller, beta, question, dealt, options, environment.signals);
  const EpisodeName name{named.label, beta, environment.name, index, seed};
  const TracedEpisode episode{question, dealt, trace, options, environment.signals};
  if (arguments.draw)
    draw(name, episode);
  else
    print(arguments.format == "json" ? trace_json(name, episode) : trace_text(name, episode, lines));
  return kGood;
}

}  // namespace

void add_trace_command(CLI::App& app, Action& action) {
  CLI::App* const trace = app.add_subcommand("trace", "Show one episode, action by action");
  const auto arguments = std::make_shared<Arguments>();
  trace->add_option("CONTROLLER", arguments->controller,
                    "A name from `evotts list`, a file, or RUN:ID; not with --recorded");
  trace
      ->add_option("--env", arguments->episode.environments,
                   "The environment: a file, or synthetic:key=value,... (see `evotts env synth`)")
      ->type_name("FILE");
  trace->add_option("--beta", arguments->episode.betas, "The knob of token use, from 0 to 1")
      ->type_name("B")
      ->capture_default_str();
  trace->add_option("--question", arguments->question, "Which question of the environment, counted from 0")
      ->type_name("N")
      ->capture_default_str();
  trace
      ->add_option("--ordering", arguments->ordering, "In which order the branches of the question are dealt")
      ->type_name("S")
      ->capture_default_str();
  add_cost_options(*trace, arguments->episode);
  trace->add_flag("--draw", arguments->draw, "Draw the branches as lanes, as long as their tokens");
  // What a recorded episode was, its record says.
  const std::vector<CLI::Option*> replayed =
      trace->get_options([](const CLI::Option* option) { return option->get_name() != "--help"; });
  CLI::Option* const recorded =
      trace->add_option("--recorded", arguments->recorded, "Episodes that evotts serve --record has kept")
          ->type_name("FILE");
  for (CLI::Option* const option : replayed) recorded->excludes(option);
  trace
      ->add_option(
          "--episode", arguments->recorded_episode,
          "Of --recorded, the one to show: its number, counted from 1, or its id; without it, all are "
          "listed")
      ->type_name("N|ID")
      ->needs(recorded);
  trace->add_option("--lines", arguments->lines, "How many lines of actions to print at most; 0 prints all")
      ->type_name("N")
      ->capture_default_str();
  trace
      ->add_option("--format", arguments->format,
                   "text (for reading) or json (an object a line: every action, then the result)")
      ->type_name("text|json")
      ->capture_default_str();
  trace->footer(
      R"(Prints what the controller did in each round, what it had spent then and how the votes stood. Then it says
why the episode ended and which line gave the answer. Answers that hold blanks or one of the marks used
there are in quotes.

In json a line is an action:
  round         null in the section start
  action        branch, read, continue, probe or prune
  branch        counted as opened
  recorded      the number of the branch in the recording
  cost, spent   tokens of this action, and of all up to it
  answer        the one revealed, or null
  right         whether it is right, or null
  finished      whether the branch has come to its end
  cut           whether the budget ended within the action; the branch is then pruned
  signals       of a step in an environment that records any: the numbers it showed, by their names
The last line tells of the whole episode:
  result        right or wrong
  controller, beta, environment, question, ordering, budget, probe_cost
                what was run
  gold          the right answer
  answer, answer_line
                the answer given, and the line that gave it
  ending        stop, budget, idle or rounds
  stop_line     the line of the stop
  cause         of a wrong answer, as `evotts diagnose` names it
  tokens, latency_tokens, settled_tokens, pruned_tokens, unfinished_tokens
                as `evotts eval` and `evotts diagnose` count them
  rounds        how many there were
  opened, finished, pruned
                numbers of branches

With --draw each branch is a bar of letters, one for each answer that it gave on its way; they are in colour on
a terminal, unless NO_COLOR is set.

With --recorded, the episodes of a server are listed; --episode shows one of them. Answers stand where they
were looked at. Nobody knows the right ones. In json, the last line is the record itself without its actions.

Example: evotts trace cmc --env synthetic:seed=11 --question 3 --beta 0.2
         evotts trace --recorded served.jsonl --episode 17)");
  trace->callback([arguments, &action] { action = [arguments] { return run_trace(*arguments); }; });
}

}  // namespace experiments
