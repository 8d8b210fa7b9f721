// The command that starts a run where another stood: fork.
#include "evo/record/fork.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "evo/base/error.hpp"
#include "evo/record/c_libraries.hpp"
#include "evo/record/held_out.hpp"
#include "evo/record/inherited_journal.hpp"
#include "evo/record/run_files.hpp"
#include "evo/record/trailers.hpp"
#include "evo/verification/verification.hpp"
#include "experiments/commands/commands.hpp"
#include "experiments/config/experiment_file.hpp"
#include "experiments/config/model_keys.hpp"
#include "experiments/console/options.hpp"
#include "experiments/console/report.hpp"
#include "experiments/console/text_file.hpp"
#include "experiments/console/usage_error.hpp"
#include "experiments/session/model_session.hpp"
#include "experiments/sources/data_budgets.hpp"
#include "experiments/sources/experiment_changes.hpp"
#include "experiments/sources/experiment_environments.hpp"
#include "experiments/sources/given_founders.hpp"
#include "experiments/sources/run_source.hpp"
#include "experiments/sources/whole_samples.hpp"
#include "genome/base/error.hpp"
#include "genome/base/file.hpp"
#include "genome/base/text.hpp"
#include "llm_mutators/journal/journal.hpp"
#include "replay/sources/source.hpp"

namespace experiments {
namespace {

namespace fs = std::filesystem;

struct Arguments {
  std::string run, made;
  std::vector<std::string> settings;
  std::optional<std::string> threads;
};

// Where a run's branch is cut, its earlier generations may still be among its objects.
RunAt source_of(const std::string& spec) {
  expect_run(spec);
  try {
    return open_run(spec);
  } catch (const std::runtime_error&) {
    const auto [path, generation] = split_generation(spec);
    std::error_code unreadable;
    if (!fs::exists(fs::path(path) / ".git", unreadable)) throw;
    const auto commit = generation ? evo::salvaged_commit(path, static_cast<int>(*generation)) : std::nullopt;
    if (!commit) throw;
    return {evo::RunRepository::open_damaged(path), *commit};
  }
}

// Environments in files are named from the folder where a run was started.
void note_folder(const fs::path& source, const fs::path& made, bool environments_changed) {
  const fs::path folder = remembered_folder(source);
  if (environments_changed || folder.empty())
    remember_folder(made);
  else
    remember_folder(made, folder);
}

// What a run was searched on at a revision. A state knows its environments by files alone; their questions
// are known as well where the files are still there, and still the same.
std::vector<evo::Fingerprint> searched_at(const RunAt& at, const std::string& revision) {
  std::vector<evo::Fingerprint> search;
  for (const evo::EnvironmentMark& each : evo::state_in(at.repository, revision).environments)
    search.push_back({each.name, each.digest, {}});
  try {
    const auto toml = at.repository.read(evo::kExperimentFile, revision);
    if (!toml) return search;
    evo::Experiment experiment = parse_run_experiment(*toml, at.repository.path().string());
    find_environments(experiment, at.repository.path());
    for (const evo::Fingerprint& now : evo::fingerprints_of(replay::open_environments(experiment.search))) {
      const auto then = std::ranges::find(search, now.digest, &evo::Fingerprint::digest);
      if (then != search.end()) then->questions = now.questions;
    }
  } catch (const genome::base::Error&) {  // moved since: the digests of files have to do
  }
  return search;
}

// The same of the run and of all that it was forked from.
std::vector<evo::Fingerprint> searched_before(const RunAt& at) {
  std::vector<evo::Fingerprint> search = searched_at(at, at.revision);
  for (const evo::CommitInfo& each :
       at.repository.log(std::numeric_limits<std::size_t>::max(), at.revision)) {
    if (!evo::has(each, evo::Trailer::kForkPoint)) continue;
    const auto before = searched_at(at, each.parent);
    search.insert(search.end(), before.begin(), before.end());
  }
  return search;
}

// What a fork that adds held-out environments seals; a set that is sealed already stays.
std::string newly_sealed(const RunAt& at, const evo::Experiment& before, evo::Experiment experiment) {
  if (before.held_out == experiment.held_out) return {};
  const std::string run = genome::base::visible(at.repository.path().string());
  if (!evo::sealed_in(at.repository, at.revision).empty())
    throw UsageError(
        fmt::format("--set environments.held_out: {} was started with held-out environments, which stay as "
                    "they were sealed",
                    run));
  find_environments(experiment, at.repository.path());
  const auto environments = replay::open_environments(experiment.held_out);
  std::vector<evo::Fingerprint> search = searched_before(at);
  const auto searched = replay::open_environments(experiment.search);
  for (evo::Fingerprint& each : evo::fingerprints_of(searched)) search.push_back(std::move(each));
  evo::expect_apart(search, evo::fingerprints_of(environments), run);
  expect_signals_of_search(searched, environments);
  warn_of_searched_questions(searched, environments, report);
  return evo::held_out_json(environments);
}

using llm_mutators::Journal;
using Records = std::map<std::string, std::string>;  // by path

// A reply in the spool may have been committed since; the record in the run says when it took effect.
void add_spooled(const RunAt& at, Records& records) {
  for (auto& [digest, record] : llm_mutators::spooled_records(spool_of(at.repository.path()))) {
    const std::string path = evo::journal_path(digest);
    const auto committed = at.repository.read(path);
    if (!committed || !Journal::has_reply(*committed, digest)) records[path] = std::move(record);
  }
}

// Questions that the source asked, and to which it had itself inherited replies.
void drop_unanswered(const RunAt& at, Records& records) {
  const evo::RecordLookup inherited = evo::inherited_journal(at.repository.path());
  if (!inherited) return;
  std::erase_if(records, [&](const auto& each) {
    const std::string digest = fs::path(each.first).stem().string();
    const auto before = Journal::has_reply(each.second, digest) ? std::nullopt : inherited(digest);
    return before && Journal::has_reply(*before, digest);
  });
}

// What models replied beyond the revision: the fork may ask the same. What has not taken effect yet cannot
// have done so before the generation after the newest.
Records exchanges_beyond(const RunAt& at) {
  Records records;
  int newest = evo::state_in(at.repository, at.revision).generation;
  try {
    newest = evo::state_in(at.repository, {}).generation;
    records = evo::exchanges_after(at.repository, at.revision);
    add_spooled(at, records);
    drop_unanswered(at, records);
  } catch (const std::runtime_error& error) {  // a run that is cut short is forked for what is left of it
    report(fmt::format("{}; what models replied later does not come along", error.what()));
  }
  for (auto& [path, record] : records) record = Journal::not_before(record, newest + 1);
  return records;
}

// What is said to be as the data are.
void settle_by_data(evo::Experiment& experiment, const RunAt& at) {
  evo::Experiment here = experiment;
  find_environments(here, at.repository.path());
  settle_whole_samples(experiment, replay::open_environments(here.search));
}

// Where a setting asks for it; files are found from the folder of the run.
void take_budgets_from_data(evo::Experiment& experiment, const fs::path& run) {
  if (!has_open_budgets(experiment)) return;
  evo::Experiment here = experiment;
  find_environments(here, run);
  resolve_budgets(here);
  experiment.budget_low = here.budget_low;
  experiment.budget_high = here.budget_high;
}

int run_fork(const Arguments& arguments) {
  const RunAt at = source_of(arguments.run);
  const std::string source = at.repository.path().string();
  const evo::Experiment before = experiment_in(at);
  const auto toml = at.repository.read(evo::kExperimentFile, at.revision);
  evo::Experiment experiment = parse_run_experiment(*toml, source, arguments.settings, report);
  freeze_given_founders(experiment);
  if (!experiment.whole_samples) settle_by_data(experiment, at);
  std::error_code denied;  // told when the run is made
  if (fs::exists(fs::symlink_status(arguments.made, denied)))
    throw UsageError(
        fmt::format("{}: exists already; choose another folder", genome::base::visible(arguments.made)));
  const ThreadLimit threads(arguments.threads);
  take_budgets_from_data(experiment, at.repository.path());
  const std::vector<evo::ChangedKey> changes = changed_keys(before, experiment);
  evo::ForkRequest request{.revision = at.revision,
                           .toml = to_toml(experiment),
                           .changes = changes,
                           .held_out = newly_sealed(at, before, experiment)};
  if (asks_models(experiment)) request.inherited = exchanges_beyond(at);
  std::optional<replay::Evaluator> evaluator;
  std::optional<evo::Scorer> scorer;
  evo::Experiment here = experiment;  // with its files as they are found from this folder
  // Several islands are written exactly alone.
  const bool rescored = std::ranges::any_of(changes, changes_scores) ||
                        (experiment.islands > 1 && !evo::state_in(at.repository, at.revision).exact);
  if (rescored) {
    find_environments(here, at.repository.path());
    evaluator.emplace(make_evaluator(here));
    evo::expect_apart(evo::fingerprints_of(evaluator->environments()),
                      evo::sealed_in(at.repository, at.revision), source);
    request.scorer = &scorer.emplace(here, *evaluator);
  }
  if (const auto other = evo::other_c_library(at.repository.log(1, at.revision).front()))
    report(fmt::format("{}: {}; the fork's digits may come out otherwise than they would there",
                       shown_path(at.repository.path()), evo::shown_c_library(*other)));
  const evo::RunRepository made = evo::fork_run(at.repository, experiment, request, arguments.made);
  note_folder(at.repository.path(), made.path(), before.search != experiment.search);
  const evo::State state = evo::state_in(made, {});
  print(fmt::format("forked {} at generation {}{}\n", shown_path(at.repository.path()), state.generation,
                    changes.empty() ? ", nothing changed" : ""));
  for (const evo::ChangedKey& each : changes)
    print(fmt::format("  {}: {} -> {}\n", each.key, each.from, each.to));
  if (request.scorer != nullptr)
    print(fmt::format("scored the population and the archive anew: best {:.3f}, frontier {} points\n",
                      state.best().score, state.archive.points().size()));
  if (!request.inherited.empty())
    print(fmt::format("{} later exchanges with models come along; what is asked again is not paid again\n",
                      request.inherited.size()));
  if (!changes.empty() && at.repository.read(evo::kPreregistrationFile, at.revision))
    print(fmt::format("its {} is that of {}: looks of a changed fork are not what was stated\n",
                      evo::kPreregistrationFile, shown_path(at.repository.path())));
  print(fmt::format("go on with: evotts resume {}\n", command_path(made.path())));
  return kGood;
}

}  // namespace

void add_fork_command(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* const fork =
      app.add_subcommand("fork", "Start a run where another stood, under a changed experiment");
  fork->add_option("RUN", arguments->run, "The folder of a run, or RUN@GENERATION")->required();
  fork->add_option("NEW", arguments->made, "The folder of the new run, which must not exist yet")->required();
  fork->add_option("--set", arguments->settings, "Change keys of the experiment, as in --set seed=7")
      ->type_name("KEY=VALUE...");
  add_threads_option(*fork, arguments->threads);
  fork->footer(
      R"(The new run shares the history of the old one up to that generation. What changed is recorded in a commit
of its own (see `evotts log NEW`). When environments, evaluation or objective change, the population and
the archive are scored anew, as old scores could not be compared. What lineage/ recorded stays. Without
--set the new run is a copy, which goes on to the same trees. What language models replied to the old run
later on is kept for the new one: a question that comes up again is not asked, nor paid, again. `evotts
log NEW --against RUN` compares the two from there on.

Example: evotts fork runs/first@8 runs/second --set seed=2 variation.crossover=0.6)");
  fork->callback([arguments, &action] { action = [arguments] { return run_fork(*arguments); }; });
}

}  // namespace experiments
