// The commands that make and continue runs: run, resume.
#include <CLI/CLI.hpp>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <fmt/format.h>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

#include "evo/base/error.hpp"
#include "evo/locks/run_lock.hpp"
#include "evo/preregistration/registration.hpp"
#include "evo/record/c_libraries.hpp"
#include "evo/record/inherited_journal.hpp"
#include "evo/record/run_files.hpp"
#include "evo/record/trailers.hpp"
#include "evo/run/run.hpp"
#include "experiments/commands/commands.hpp"
#include "experiments/commands/running/early_end.hpp"
#include "experiments/commands/running/run_arguments.hpp"
#include "experiments/commands/running/run_experiment.hpp"
#include "experiments/commands/running/run_seeds.hpp"
#include "experiments/commands/running/stored_experiment.hpp"
#include "experiments/config/experiment_file.hpp"
#include "experiments/console/options.hpp"
#include "experiments/console/report.hpp"
#include "experiments/console/text_file.hpp"
#include "experiments/console/usage_error.hpp"
#include "experiments/console/work_watch.hpp"
#include "experiments/progress/run_log.hpp"
#include "experiments/progress/run_progress.hpp"
#include "experiments/ranks/ranks.hpp"
#include "experiments/session/preregister.hpp"
#include "experiments/session/replay_check.hpp"
#include "experiments/session/run_session.hpp"
#include "experiments/session/signals.hpp"
#include "experiments/session/trust.hpp"
#include "experiments/sources/experiment_environments.hpp"
#include "experiments/sources/run_source.hpp"
#include "experiments/sources/whole_samples.hpp"
#include "genome/base/shell_word.hpp"
#include "genome/base/text.hpp"

namespace experiments {
namespace {

// Looks an exchange up in the run, once there is one.
Committed committed_in(const evo::Run*& current) {
  return [&current](const std::string& digest) -> std::optional<std::string> {
    return current == nullptr ? std::nullopt : current->repository().read(evo::journal_path(digest));
  };
}

// What a run fixes before anything is scored.
evo::SealedFiles sealed_of(const RunArguments& arguments, const evo::Experiment& experiment,
                           const std::string& toml, const replay::Evaluator& evaluator, const Until& until,
                           const evo::RunRepository* replayed) {
  evo::SealedFiles sealed{.held_out = seal_held_out(experiment, evaluator, report), .preregistration = {}};
  if (replayed != nullptr)
    sealed.preregistration = statement_for_replay(*replayed, toml);
  else
    sealed.preregistration = preregister(arguments.registered, {.experiment = experiment,
                                                                .toml = toml,
                                                                .searched = evaluator.environments(),
                                                                .held_out = sealed.held_out,
                                                                .generations = until.generations,
                                                                .minutes = until.minutes});
  return sealed;
}

int run_resume(const RunArguments& arguments);

int run_run(const RunArguments& arguments) {
  expect_registered_alone(arguments);
  if (arguments.seeds)
    return run_seeds(arguments, {.settle = settle_for_many,
                                 .experiment = [](const RunArguments& one) { return to_toml(as_begun(one)); },
                                 .start = run_run,
                                 .resume = run_resume});
  evo::Experiment experiment = experiment_to_run(
      arguments, arguments.estimate ? EnvironmentFiles::kAsNamed : EnvironmentFiles::kThere);
  if (arguments.estimate) {
    if (arguments.generations) experiment.generations = until_of(arguments, experiment).generations;
    print(estimate_of(experiment));
    return kGood;
  }
  if (arguments.run.empty()) throw UsageError("run: --out is required; see evotts run --help");
  std::optional<evo::RunRepository> replayed;
  expect_whole_run(arguments.replayed);
  if (!arguments.replayed.empty()) replayed = evo::RunRepository::open(arguments.replayed);
  if (replayed) take_from_replayed(experiment, stored_in(*replayed, arguments.replayed).experiment);
  expect_registrable(arguments.registered, experiment);
  std::optional<ReplayCheck> check;
  if (replayed && !check.emplace(*replayed).is_exact(0)) experiment.means = evo::Means::kRounded;
  const Until until = until_of(arguments, experiment);
  const ThreadLimit threads(threads_of_rank(arguments.threads));
  const auto signals = stop_signals(arguments);
  expect_free(arguments.run);
  take_budgets_from_data(experiment, until);
  evo::Experiment written = experiment;  // as the run keeps it, before anything is found on this machine
  if (!replayed) {
    check_keys(experiment, to_toml(written) + arguments.registered.claim);
    find_model(experiment, arguments.run);
  }
  const replay::Evaluator evaluator = make_evaluator(experiment);
  settle_whole_samples(experiment, evaluator.environments());
  written.whole_samples = experiment.whole_samples;
  const std::string toml = to_toml(written);
  warn_of_whole_samples(evaluator.environments(), report, &experiment);
  const evo::SealedFiles sealed =
      sealed_of(arguments, experiment, toml, evaluator, until, replayed ? &*replayed : nullptr);
  const evo::Run* current = nullptr;
  const Committed committed =
      replayed ? [&](const std::string& digest) { return replayed->read(evo::journal_path(digest)); }
               : committed_in(current);
  const auto proposer =
      make_proposer({experiment, arguments.run, committed, evaluator, replayed.has_value()});
  tell_on_the_way(
      fmt::format("experiment {}: {} environments, {} betas, {} orderings, population {}, seed {}\n",
                  genome::base::visible(experiment.name), evaluator.environments().size(),
                  experiment.betas.size(), experiment.orderings, experiment.population, experiment.seed));
  if (experiment.founder_candidates > 0) tell_on_the_way(founders_line(experiment));
  const RankSharing sharing(experiment, evaluator);
  const auto begun = std::chrono::steady_clock::now();
  evo::Run run = [&] {
    const RunProgress progress(until);
    const WorkWatch watch([&](double seconds) { return progress.parts(seconds); },
                          [&] { return evaluator.episodes_run() + episodes_elsewhere(); }, deadline_of(until),
                          stop_at_once);
    try {
      return evo::Run::create(arguments.run, experiment, toml, evaluator, *proposer, sealed);
    } catch (const replay::Interrupted&) {
      end_without("the founders are scored", "fewer evaluation.orderings");
    }
  }();
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begun;
  remember_folder(arguments.run);
  add_to_log(arguments.run, {.generation = 0,
                             .seconds = taken.count(),
                             .scored = run.state().counters.evaluations,
                             .episodes = run.state().counters.episodes});
  tell_founders(run.state());
  if (const std::string unmet = unmet_budgets(experiment, run.state()); !unmet.empty()) report(unmet);
  if (experiment.expected_gain && !run.state().expected)
    tell_on_the_way(
        fmt::format("no gain on new questions is estimated: that takes {} distinct questions, and a known "
                    "controller that can be scored on them\n",
                    evo::kFewestQuestions));
  current = &run;
  if (!replayed) return go_on(run, experiment, evaluator, until);
  const int code = go_on(run, experiment, evaluator, until, [&](const evo::Run& now) {
    if (check->is_exact(now.state().generation + 1)) run.take_exact_means();
    return check->repeats(now);
  });
  if (code == kGood) print(fmt::format("replayed; tree {}\n", run.repository().head_tree()));
  return code;
}

// The run may go on beyond what it stated; whoever lets it should know.
void tell_of_statement(const evo::RunRepository& repository, int generations) {
  try {
    const auto registration = evo::registration_of(repository, repository.head());
    if (!registration || generations <= registration->statement.comparison.generations) return;
    tell_on_the_way(fmt::format("preregistered: {} generations; later ones are not those stated\n",
                                registration->statement.comparison.generations));
  } catch (const evo::RunError& error) {
    report(error.what());
  }
}

int run_resume(const RunArguments& arguments) {
  Trust trust(arguments.trust);
  expect_whole_run(arguments.run);
  confirm_run(trust, arguments.run);
  evo::RunRepository repository = evo::RunRepository::open_for_writing(arguments.run);
  auto [toml, experiment] = stored_in(repository, arguments.run);
  // What was confirmed may not be what stands there now.
  trust.confirm(arguments.run, requests_of(experiment, remembered_folder(arguments.run)));
  const Until until = until_of(arguments, experiment);
  const ThreadLimit threads(threads_of_rank(arguments.threads));
  const auto signals = stop_signals(arguments);
  find_environments(experiment, arguments.run);
  check_keys(experiment, toml);
  find_model(experiment, arguments.run);
  const replay::Evaluator evaluator = make_evaluator(experiment);
  warn_of_whole_samples(evaluator.environments(), report, &experiment);
  const evo::Run* current = nullptr;
  const auto proposer = make_proposer({.experiment = experiment,
                                       .run = arguments.run,
                                       .committed = committed_in(current),
                                       .evaluator = evaluator,
                                       .inherited = evo::inherited_journal(arguments.run)});
  const RankSharing sharing(experiment, evaluator);
  evo::Run run = evo::Run::resume(std::move(repository), experiment, evaluator, *proposer);
  tell_of_statement(run.repository(), until.generations);
  const int generation = run.state().generation;
  if (generation >= until.generations) {
    tell_on_the_way(
        fmt::format("experiment {}: {} generations are there already; --generations N asks for more\n",
                    genome::base::visible(experiment.name), generation));
  } else {
    tell_on_the_way(fmt::format("experiment {}: going on from generation {} to {}\n",
                                genome::base::visible(experiment.name), generation, until.generations));
    if (const auto other = evo::other_c_library(run.repository().log(1).front()))
      report(fmt::format("{}: {}; its digits may come out otherwise than they would there",
                         shown_path(arguments.run), evo::shown_c_library(*other)));
    if (!run.state().exact)
      tell_on_the_way(
          "an earlier evotts rounded the means of this run: its population and frontier are scored again\n");
  }
  current = &run;
  return go_on(run, experiment, evaluator, until);
}

void add_limits(CLI::App& command, RunArguments& arguments) {
  command.add_flag("--trust", arguments.trust,
                   "Confirm the commands, addresses, keys and variables that are new to you on this machine");
  command
      .add_option("--generations", arguments.generations,
                  "Stop when there are N generations in all (default: the experiment's)")
      ->type_name("N");
  command
      .add_option("--minutes", arguments.minutes,
                  "Stop after M minutes; a generation under way is given up five seconds later")
      ->type_name("M");
  command.add_option("--stale", arguments.stale, "Stop when there was no better champion for N generations")
      ->type_name("N");
  add_threads_option(command, arguments.threads);
}

}  // namespace

void add_run_commands(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<RunArguments>();
  CLI::App* const run =
      app.add_subcommand("run", "Start an experiment: evolve controllers, one git commit a generation");
  run->add_option("EXPERIMENT", arguments->experiment, "The experiment file (TOML)")
      ->required()
      ->type_name("FILE");
  run->add_option("--out", arguments->run, "The folder of the run, which must not exist yet")
      ->type_name("RUN");
  run->add_option("--seeds", arguments->seeds,
                  "Make a run with each of these seeds, in RUN/seed-N, and compare them at the end")
      ->type_name("1-5|1,2,7");
  run->add_option("--set", arguments->settings,
                  "Overrides a key of the experiment, e.g. --set seed=7 evaluation.orderings=50")
      ->type_name("KEY=VALUE...");
  run->add_flag("--estimate", arguments->estimate,
                "Only print what language models would cost at most; nothing is asked, no run is made");
  run->add_option(
         "--replay-journal", arguments->replayed,
         "Take all replies of language models from the journal of this run, without any network, and "
         "compare generation by generation")
      ->type_name("RUN");
  run->add_option(
         "--preregister", arguments->registered.file,
         "State experiment, environments and comparison before the search, in this file and in the run")
      ->type_name("FILE");
  run->add_option("--claim", arguments->registered.claim,
                  "With --preregister: what the run is to show, in words")
      ->type_name("TEXT");
  run->add_option(
         "--against", arguments->registered.against,
         "With --preregister: controllers to compare with on held-out environments (default: asc sc)")
      ->type_name("CONTROLLER...");
  add_limits(*run, *arguments);
  run->footer(R"(The same experiment and seed give the same trees (git rev-parse HEAD^{tree}) on any
number of threads, killed and resumed or not. Ctrl-C stops after the generation at work; a second Ctrl-C
at once.

Commands and addresses of models, the variables with their keys, and ${NAME} in the file are shown before
any is used, and asked about unless they were confirmed before. Without a terminal, --trust confirms them.

With --seeds the runs are made one after the other, --minutes for each. The same command goes on where it was
stopped; the minutes of its finished generations are not given again. At the end a table tells the seeds
apart, with their median, worst and spread.

With --preregister a statement of what will be compared on the held-out environments is written before
anything is scored, and its SHA-256 is printed: publish either. `evotts unseal` holds each look against it.

`mpirun -n 4 evotts run` scores on several machines, to the same trees.

Example: evotts run experiments/demo.toml --out runs/first --generations 20)");
  run->callback([arguments, &action] { action = [arguments] { return run_run(*arguments); }; });

  CLI::App* const resume = app.add_subcommand("resume", "Go on with a run from its last commit");
  resume->add_option("RUN", arguments->run, "The folder of the run")->required();
  add_limits(*resume, *arguments);
  resume->footer(
      R"(A run may hold commands and addresses of models: a run of somebody else is a program. They are shown
before any is used, and asked about unless they were confirmed before; see evotts run --help.

Example: evotts resume runs/first --generations 100)");
  resume->callback([arguments, &action] { action = [arguments] { return run_resume(*arguments); }; });
}

}  // namespace experiments
