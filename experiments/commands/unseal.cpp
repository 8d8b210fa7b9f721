// The command that opens the held-out environments of a run, on record: unseal.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "evo/base/access.hpp"
#include "evo/base/error.hpp"
#include "evo/expectation/seen_gain.hpp"
#include "evo/record/held_out.hpp"
#include "evo/record/run_files.hpp"
#include "evo/search/limits_search.hpp"
#include "experiments/commands/commands.hpp"
#include "experiments/console/options.hpp"
#include "experiments/console/progress_line.hpp"
#include "experiments/console/report.hpp"
#include "experiments/console/table.hpp"
#include "experiments/console/text_file.hpp"
#include "experiments/console/usage_error.hpp"
#include "experiments/session/expectation_text.hpp"
#include "experiments/session/registered_look.hpp"
#include "experiments/sources/controller_source.hpp"
#include "experiments/sources/experiment_environments.hpp"
#include "experiments/sources/run_source.hpp"
#include "genome/base/digest.hpp"
#include "genome/program/compiler.hpp"
#include "genome/text/printer.hpp"
#include "replay/evaluation/evaluator.hpp"
#include "replay/evaluation/intervals.hpp"
#include "replay/sources/source.hpp"

namespace experiments {
namespace {

struct Arguments {
  std::string run;
  std::optional<std::string> id;
  std::vector<std::string> beside;
  std::optional<std::string> orderings, published;
  std::optional<std::string> threads;
  std::string format = "table";
  bool list = false;
};

// With what else is charged, where that is not tokens.
Table table_of(const std::vector<evo::Unsealing>& unsealings, const evo::Charge& charge) {
  std::vector<std::string> columns = {"look", "when",     "generation",   "environment",   "controller", "id",
                                      "beta", "accuracy", "accuracy_low", "accuracy_high", "tokens"};
  const bool with_latency = !charge.is_tokens(), with_charge = with_latency && !charge.is_latency();
  if (with_latency) columns.emplace_back("latency_tokens");
  if (with_charge) columns.emplace_back("charge");
  Table table(std::move(columns));
  for (const evo::Unsealing& each : unsealings) {
    const std::string when =
        fmt::format("{:%Y-%m-%d %H:%M}", fmt::gmtime(static_cast<std::time_t>(each.time)));
    for (const evo::HeldOutFigure& f : each.figures) {
      std::vector<Cell> row = {static_cast<std::int64_t>(each.number),
                               when,
                               static_cast<std::int64_t>(each.generation),
                               f.environment,
                               f.controller,
                               genome::base::short_id(f.id),
                               Shortest{f.beta},
                               Decimal{f.accuracy},
                               Decimal{f.low},
                               Decimal{f.high},
                               Decimal{f.tokens}};
      const std::optional<double>& latency = f.latency_tokens;
      if (with_latency) row.push_back(latency ? Cell(Decimal{*latency}) : Cell(Missing{}));
      if (with_charge)
        row.push_back(latency ? Cell(Shortest{charge.of(f.tokens, *latency)}) : Cell(Missing{}));
      table.add_row(std::move(row));
    }
  }
  return table;
}

// The controllers to score: one of the run, and those it is to be seen beside.
std::vector<NamedController> controllers_of(const RunAt& at, const InRun& named,
                                            const std::vector<std::string>& beside) {
  const NamedText found = text_in(at, named.id);
  const auto checked = genome::check_text(found.text).controller;
  if (!checked) throw evo::RunError(fmt::format("{}: {} does not check", named.run, named.id));
  std::vector<NamedController> all = {{named.id, *checked, {}}};
  for (NamedController& each : resolve_controllers(beside)) all.push_back(std::move(each));
  return all;
}

std::vector<evo::HeldOutFigure> figures_of(const std::vector<NamedController>& controllers,
                                           const replay::Evaluator& evaluator,
                                           const std::vector<double>& betas) {
  std::vector<genome::Program> programs;
  for (const NamedController& each : controllers) programs.push_back(genome::compile(each.controller));
  ProgressLine progress;
  const auto cells = evaluator.evaluate(programs, betas, progress.callback());
  std::vector<evo::HeldOutFigure> figures;
  for (std::size_t e = 0; e < evaluator.environments().size(); ++e) {
    for (std::size_t c = 0; c < controllers.size(); ++c) {
      for (std::size_t b = 0; b < betas.size(); ++b) {
        const replay::Cell& cell = cells[evaluator.cell_index(c, e, b, betas.size())];
        const replay::Interval interval = replay::accuracy_interval(cell);
        figures.push_back({.controller = controllers[c].label,
                           .id = genome::identity(controllers[c].controller.tree()),
                           .environment = evaluator.environments()[e].name,
                           .beta = betas[b],
                           .accuracy = cell.accuracy(),
                           .low = interval.low,
                           .high = interval.high,
                           .tokens = cell.tokens(),
                           .latency_tokens = cell.latency_tokens()});
      }
    }
  }
  return figures;
}

// The controller that a run claims a gain over is looked at with its own.
std::vector<std::string> beside_its_claim(const evo::State& state, std::vector<std::string> beside) {
  if (state.expected && std::ranges::count(beside, state.expected->against) == 0)
    beside.push_back(state.expected->against);
  return beside;
}

// What the run expected, beside what is seen.
std::string claim_text(const evo::State& state, const std::vector<NamedController>& controllers,
                       const evo::Experiment& experiment, const replay::Evaluator& evaluator) {
  if (!state.expected) return {};
  const std::string& against = state.expected->against;
  const std::string expected = "\n" + expected_line(state) + verdict_line(state);
  // What was expected is about the champion alone.
  if (genome::identity(controllers.front().controller.tree()) != state.best().id)
    return expected + fmt::format("that is expected of the champion, and {} was looked at\n",
                                  state.recommended ? "what is recommended" : "another controller");
  const auto known = std::ranges::find(controllers, against, &NamedController::label);
  if (known == controllers.end()) return {};
  const auto seen = evo::seen_gain(controllers.front().controller, known->controller, experiment, evaluator);
  return expected + seen_line(seen, against);
}

// Whether the controller looked at is the one chosen for limits.
bool is_for_limits(const InRun& named, const evo::State& state, const evo::Experiment& experiment) {
  return named.id == "limits" && state.limited && experiment.limits.any();
}

// It was chosen at one beta, and promises nothing at the others.
void keep_chosen_setting(std::vector<evo::HeldOutFigure>& figures, const evo::LimitsChoice& choice) {
  std::erase_if(figures, [&](const evo::HeldOutFigure& each) {
    return each.controller == "limits" && each.id == choice.id && each.beta != choice.result.beta;
  });
}

std::string limits_text(const evo::LimitsChoice& choice, const evo::Experiment& experiment,
                        const replay::Evaluator& evaluator) {
  const auto seen = evo::kept_on(choice.controller, choice.result.beta, experiment, evaluator);
  return seen ? "\n" + kept_lines(*seen, experiment.limits) : "";
}

int show_looks(const Arguments& arguments) {
  const RunAt at = open_run(controller_in_run(arguments.run, arguments.id).run);
  if (arguments.published) RegisteredLook(at, arguments.published);
  const Format format = format_of(arguments.format);
  const auto unsealings = evo::unsealings_of(at.repository);
  if (format == Format::kTable && unsealings.empty()) {
    print(evo::sealed_in(at.repository, at.revision).empty() ? "nothing is held out\n"
                                                             : "sealed: never opened\n");
  } else {
    print(table_of(unsealings, experiment_in(at).charge).text(format));
  }
  for (const evo::Unsealing& each : unsealings) {
    if (format == Format::kTable && !each.preregistration.empty())
      print(fmt::format("look {} was {}\n", each.number,
                        each.departures.empty()
                            ? "the comparison that was stated"
                            : fmt::format("not as stated: {}", fmt::join(each.departures, "; "))));
  }
  return kGood;
}

int run_unseal(const Arguments& arguments) {
  if (arguments.list) return show_looks(arguments);
  const Format format = format_of(arguments.format);
  std::optional<std::size_t> wanted;
  if (arguments.orderings)
    wanted = static_cast<std::size_t>(whole_number("--orderings", *arguments.orderings, kOrderings));
  const ThreadLimit threads(arguments.threads);
  const InRun named = controller_in_run(arguments.run, arguments.id);
  const RunAt at = open_run(named.run);
  const std::string run = at.repository.path().string();
  const auto sealed = evo::sealed_in(at.repository, at.revision);
  if (sealed.empty())
    throw evo::RunError(fmt::format(
        "{}: nothing is held out; name environments.held_out in the experiment before a run is started",
        run));
  const RegisteredLook registered(at, arguments.published);
  const std::size_t orderings = registered.orderings(wanted);
  evo::expect_writable(at.repository.path());  // the look is to be recorded
  evo::Experiment experiment = experiment_in(at);
  find_environments(experiment, at.repository.path());
  const evo::State state = evo::state_in(at.repository, at.revision);
  const std::vector<NamedController> controllers =
      controllers_of(at, named, beside_its_claim(state, registered.beside(arguments.beside)));
  const replay::Evaluator evaluator(replay::open_environments(experiment.held_out),
                                    {.orderings = orderings, .episode = options_of(experiment)});
  evo::expect_sealed(evaluator.environments(), sealed, run);
  registered.expect_held_out(evaluator.environments());
  evo::RunRepository book = evo::RunRepository::open_for_writing(at.repository.path());
  evo::Unsealing unsealing{.generation = state.generation,
                           .commit = at.revision,
                           .figures = figures_of(controllers, evaluator, experiment.betas)};
  const bool for_limits = is_for_limits(named, state, experiment);
  if (for_limits) keep_chosen_setting(unsealing.figures, *state.limited);
  unsealing.preregistration = registered.digest();
  unsealing.departures =
      registered.departures({evo::next_unsealing(book), unsealing.generation, orderings, controllers});
  const int number = evo::record_unsealing(book, unsealing);  // nothing is shown before
  const auto all = evo::unsealings_of(book);
  print(table_of({all.back()}, experiment.charge).text(format));
  const std::string claim = for_limits ? limits_text(*state.limited, experiment, evaluator)
                                       : claim_text(state, controllers, experiment, evaluator);
  if (format == Format::kTable) {
    print(claim +
          fmt::format("\nlook {} at the held-out environments of {}, on record on its branch {}\n", number,
                      shown_path(at.repository.path()), evo::kUnsealedBranch) +
          registered.text(unsealing.departures));
    return kGood;
  }
  std::istringstream lines(claim);
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty()) report(line);
  }
  for (const std::string& each : unsealing.departures) report("not as stated: " + each);
  return kGood;
}

}  // namespace

void add_unseal_command(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* const unseal =
      app.add_subcommand("unseal", "Score a controller on the held-out environments of its run, on record");
  unseal
      ->add_option("RUN", arguments->run,
                   "The folder of a run, or RUN@GENERATION; with :ID behind it, the controller too")
      ->required();
  unseal
      ->add_option("ID", arguments->id,
                   "Which individual: best, champion, limits, or the beginning of its identity")
      ->default_str("best");
  unseal
      ->add_option("--beside", arguments->beside,
                   "Controllers to score in the same look, as for `evotts eval`")
      ->type_name("CONTROLLER...");
  unseal
      ->add_option("--orderings", arguments->orderings,
                   "In how many orders the branches of a question are dealt, 1 to 10000")
      ->type_name("N")
      ->default_str("100");
  unseal
      ->add_option("--published", arguments->published,
                   "A copy of the run's preregistration, or its SHA-256: refuse to look if it is another")
      ->type_name("FILE|SHA256");
  unseal->add_flag("--list", arguments->list, "Show all looks so far, and open nothing");
  add_format_option(*unseal, arguments->format);
  add_threads_option(*unseal, arguments->threads);
  unseal->footer(
      R"(An experiment's environments.held_out are fixed by digest when its run is started, and never read by the
search. Each look at them is recorded on the branch `unsealed` of the run before anything is shown: when,
at which generation, and with what result. So a held-out figure tells how often it had been looked at.
Forks take the record along. RUN:limits is looked at where it was chosen, with the limits it keeps there.

A run that was started with --preregister has stated what would be compared. Without --beside and --orderings
that comparison is made; whatever is not as stated is named. Nothing is opened where the experiment or the
environments are not those stated.

Example: evotts unseal runs/first:best --beside cmc asc)");
  unseal->callback([arguments, &action] { action = [arguments] { return run_unseal(*arguments); }; });
}

}  // namespace experiments
