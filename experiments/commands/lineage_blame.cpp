// The commands that ask where a controller came from: lineage, blame.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <fmt/format.h>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "evo/base/error.hpp"
#include "evo/record/lineage.hpp"
#include "experiments/commands/commands.hpp"
#include "experiments/console/options.hpp"
#include "experiments/console/report.hpp"
#include "experiments/console/text_file.hpp"
#include "experiments/console/usage_error.hpp"
#include "experiments/reports/blame.hpp"
#include "experiments/reports/lineage_report.hpp"
#include "experiments/reports/step_gains.hpp"
#include "experiments/sources/run_source.hpp"
#include "genome/base/text.hpp"
#include "replay/environment/input_error.hpp"

namespace experiments {
namespace {

struct Arguments {
  std::string run, format = "text";
  std::optional<std::string> id;
  bool all = false, brief = false, no_intervals = false;
  std::optional<std::string> threads;
};

// Who steered the search, and so was born in it: a known controller that a run recommends may not have been.
constexpr const char* kChampion = "champion";

// The whole identity of those with a name; of others what lineage.find() takes.
std::string searched_id(const RunAt& at, const std::string& id) {
  return id == "best" || id == kChampion || id == "limits" ? text_in(at, id).id : id;
}

void expect_format(const std::string& format, const std::vector<std::string>& known,
                   const std::string& told) {
  if (std::find(known.begin(), known.end(), format) == known.end())
    throw UsageError(fmt::format("--format must be {}, found \"{}\"", told, genome::base::visible(format)));
}

// The gains of these steps, or nothing where the environments are not here any more.
std::optional<StepGains> gains_of(const Arguments& arguments, const RunAt& at, const evo::Lineage& lineage,
                                  const std::vector<const evo::Born*>& steps) {
  if (arguments.no_intervals) return std::nullopt;
  const ThreadLimit threads(arguments.threads);
  std::string reason;
  try {
    return StepGains(at, lineage, steps);
  } catch (const replay::InputError& error) {
    reason = error.what();
  } catch (const evo::RunError& error) {
    reason = error.what();
  }
  report(fmt::format("gains are those of the scores of birth, without intervals: {}", reason));
  return std::nullopt;
}

int run_lineage(const Arguments& arguments) {
  expect_format(arguments.format, {"text", "json", "dot"}, "text, json or dot");
  const InRun named = controller_in_run(arguments.run, arguments.id, kChampion);
  const RunAt at = open_run(named.run);
  const evo::Lineage lineage(at.repository, at.revision);
  const evo::Born& born = lineage.find(searched_id(at, named.id));
  const bool whole = arguments.all || arguments.format == "dot";
  const auto steps = whole ? lineage.ancestry(born) : lineage.main_line(born);
  const auto gains = gains_of(arguments, at, lineage, steps);
  const LineageIdeas ideas(at);
  const LineageReport report(lineage, gains ? &*gains : nullptr, ideas);
  const auto detail = arguments.brief ? LineageReport::Detail::kStepsOnly : LineageReport::Detail::kChanges;
  if (arguments.format == "json")
    print(report.json(steps));
  else if (arguments.format == "dot")
    print(report.dot(steps));
  else if (arguments.all)
    print(report.tree_text(born, detail));
  else
    print(report.line_text(steps, detail));
  return kGood;
}

int run_blame(const Arguments& arguments) {
  expect_format(arguments.format, {"text", "json"}, "text or json");
  const InRun named = controller_in_run(arguments.run, arguments.id, kChampion);
  const RunAt at = open_run(named.run);
  const evo::Lineage lineage(at.repository, at.revision);
  const evo::Born& born = lineage.find(searched_id(at, named.id));
  const std::vector<BlamedLine> lines = blame(lineage, born);
  std::vector<const evo::Born*> steps;
  for (const BlamedLine& line : lines) {
    if (line.by != nullptr) steps.push_back(line.by);
  }
  const auto gains = gains_of(arguments, at, lineage, steps);
  const LineageIdeas ideas(at);
  const LineageReport report(lineage, gains ? &*gains : nullptr, ideas);
  print(arguments.format == "json" ? report.blame_json(lines) : report.blame_text(lines));
  return kGood;
}

}  // namespace

void add_lineage_commands(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  const auto add_place = [&](CLI::App& command) {
    command
        .add_option("RUN", arguments->run,
                    "The folder of a run, or RUN@GENERATION; with :ID behind it, the controller too")
        ->required();
    command
        .add_option("ID", arguments->id,
                    "Who: champion, best, limits, or the beginning of an identity ever born in the run")
        ->default_str(kChampion);
    command.add_flag("--no-intervals", arguments->no_intervals,
                     "Run nothing: gains are those of the scores of birth");
    add_threads_option(command, arguments->threads);
  };
  CLI::App* const lineage = app.add_subcommand("lineage", "Show the steps by which a controller came to be");
  add_place(*lineage);
  lineage->add_flag("--all", arguments->all, "All ancestors, as a tree, not the first parents alone");
  lineage->add_flag("--brief", arguments->brief, "Leave out what each step changed");
  lineage->add_option("--format", arguments->format, "How to print: text, json, or dot for Graphviz")
      ->type_name("text|json|dot")
      ->capture_default_str();
  lineage->footer(
      R"(Shows each step with its operator, what it changed, and what it gained over the first parent. Gains are
in points of accuracy and in tokens, over all betas and environments of the experiment, with 95%
bootstrap intervals over questions. Both controllers are run again for that. Where the environments are
not at hand, the scores that both had at birth are compared. A step that a language model thought of has
the model and its hypothesis.

Example: evotts lineage runs/first:best)");
  lineage->callback([arguments, &action] { action = [arguments] { return run_lineage(*arguments); }; });

  CLI::App* const blame =
      app.add_subcommand("blame", "Show for each line of a controller the step that brought it");
  add_place(*blame);
  blame->add_option("--format", arguments->format, "How to print: text or json")
      ->type_name("text|json")
      ->capture_default_str();
  blame->footer(
      R"(Prints for each line the generation, the identity, what the step gained over its first parent, the
operator and the line itself. Gains are those of `evotts lineage`.

Example: evotts blame runs/first)");
  blame->callback([arguments, &action] { action = [arguments] { return run_blame(*arguments); }; });
}

}  // namespace experiments
