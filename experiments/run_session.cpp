#include "experiments/run_session.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <sstream>
#include <unistd.h>

#include "evo/error.hpp"
#include "evo/genetic_proposer.hpp"
#include "evo/objective.hpp"
#include "evo/signals.hpp"
#include "experiments/text_file.hpp"
#include "experiments/usage_error.hpp"
#include "llm_mutators/command_client.hpp"
#include "llm_mutators/llm_proposer.hpp"
#include "llm_mutators/mixed_proposer.hpp"
#include "replay/environment_source.hpp"
#include "replay/error.hpp"

namespace experiments {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// One line a generation in a file of its own: what took time never enters the tree.
void log_time(const evo::Run& run, const evo::Step& step, double seconds, std::uint64_t episodes) {
  const std::string path = (run.repository().path() / "run.log").string();
  std::FILE* file = std::fopen(path.c_str(), "ae");
  if (file == nullptr) return;  // a figure for people; the run does not depend on it
  const auto now = std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
  fmt::print(file, "{:%Y-%m-%dT%H:%M:%SZ} generation {} seconds {:.3f} scored {} episodes {}\n",
             fmt::gmtime(std::chrono::system_clock::to_time_t(now)), step.state.generation, seconds,
             step.born.size(), episodes);
  std::fclose(file);
}

void tell(const evo::Step& step, double seconds) {
  const evo::State& state = step.state;
  print(fmt::format(
      "generation {:4}  best {:7.3f} ({:3} nodes)  frontier {:3} points ({:2} new)  {:3} scored  {:6.2f} s\n",
      state.generation, state.best().score, state.best().size, state.archive.points().size(),
      step.frontier_gain, step.born.size(), seconds));
  finish_printing();
}

// Where the run was started. Inside .git, as it is of this machine and not of the experiment.
std::filesystem::path folder_note(const std::filesystem::path& run) { return run / ".git" / "evotts.folder"; }

// A model is not waited for when a signal came; its replies so far are kept for the next time.
std::optional<evo::Step> step_unless_stopped(evo::Run& run) {
  try {
    return run.step();
  } catch (const llm_mutators::Stopped&) {
    return std::nullopt;
  } catch (const evo::StorageError& error) {
    throw evo::StorageError(
        fmt::format("{}; nothing that was committed is lost: put that right and go on with: evotts resume {}",
                    error.what(), shown_path(run.repository().path())));
  }
}

}  // namespace

replay::Evaluator make_evaluator(const evo::Experiment& experiment) {
  return replay::Evaluator(replay::open_environments(experiment.search),
                           {.first_ordering = experiment.first_ordering,
                            .orderings = static_cast<std::size_t>(experiment.orderings + experiment.playoff),
                            .episode = {.budget = experiment.budget, .probe_cost = experiment.probe_cost}});
}

void remember_folder(const std::filesystem::path& run) {
  write_whole(folder_note(run), std::filesystem::current_path().string());
}

// The folder that remember_folder() noted; empty when there is no note.
std::filesystem::path remembered_folder(const std::filesystem::path& run) {
  std::ifstream note(folder_note(run));
  return std::string{std::istreambuf_iterator<char>(note), {}};
}

void find_environments(evo::Experiment& experiment, const std::filesystem::path& run) {
  const std::filesystem::path folder = remembered_folder(run);
  if (folder.empty()) return;
  for (std::vector<std::string>* specs : {&experiment.search, &experiment.held_out}) {
    for (std::string& spec : *specs) {
      const std::filesystem::path there = folder / spec;
      if (!std::filesystem::exists(spec) && std::filesystem::exists(there)) spec = there.string();
    }
  }
}

void find_model(evo::Experiment& experiment, const std::filesystem::path& run) {
  namespace fs = std::filesystem;
  if (experiment.model_command.empty() || experiment.model_share == 0) return;
  std::string& program = experiment.model_command.front();
  if (experiment.model_name.empty()) experiment.model_name = fs::path(program).filename().string();
  std::vector<fs::path> places;
  if (program.find('/') != std::string::npos) {
    places = {fs::path(program), remembered_folder(run) / program};
  } else {
    const char* path = std::getenv("PATH");
    std::istringstream folders(path == nullptr ? "/usr/bin:/bin" : path);
    for (std::string folder; std::getline(folders, folder, ':');)
      places.push_back(fs::path(folder) / program);
  }
  for (const fs::path& place : places) {
    std::error_code ignored;
    if (!fs::is_regular_file(place, ignored) || ::access(place.c_str(), X_OK) != 0) continue;
    program = fs::absolute(place).string();
    return;
  }
  throw UsageError(fmt::format("model.command: there is no program \"{}\" that may be executed",
                               replay::visible(program, 100)));
}

std::unique_ptr<evo::Proposer> make_proposer(const evo::Experiment& experiment,
                                             const std::filesystem::path& run, Committed committed) {
  auto genetic =
      std::make_unique<evo::GeneticProposer>(evo::GeneticOptions{.crossover = experiment.crossover,
                                                                 .constants = experiment.constants,
                                                                 .most_mutations = experiment.most_mutations,
                                                                 .without = experiment.without});
  if (experiment.model_command.empty() || experiment.model_share == 0) return genetic;
  // To the terminal only: what a command says on stderr may hold what should not be kept.
  const auto tell = [](const std::string& message) { fmt::print(stderr, "evotts: {}\n", message); };
  auto client = std::make_unique<llm_mutators::CommandClient>(
      llm_mutators::CommandOptions{.argv = experiment.model_command,
                                   .name = experiment.model_name,
                                   .seconds = experiment.model_seconds,
                                   .stop = evo::stop_requested});
  llm_mutators::Journal journal(
      {.spool = run / ".git" / "evotts-spool", .committed = std::move(committed), .tell = tell});
  llm_mutators::LlmOptions options{.task = {.budget_low = experiment.budget_low,
                                            .budget_high = experiment.budget_high,
                                            .parsimony = experiment.parsimony,
                                            .knob_penalty = evo::kKnobPenalty,
                                            .advice = experiment.model_advice},
                                   .most_repairs = experiment.model_repairs,
                                   .tell = tell,
                                   .stop = evo::stop_requested};
  auto model =
      std::make_unique<llm_mutators::LlmProposer>(std::move(client), std::move(journal), std::move(options));
  return std::make_unique<llm_mutators::MixedProposer>(std::move(model), std::move(genetic),
                                                       experiment.model_share);
}

void go_on(evo::Run& run, const Until& until) {
  const Clock::time_point start = Clock::now();
  const std::string path = shown_path(run.repository().path());
  while (run.state().generation < until.generations && !evo::stop_requested()) {
    if (until.minutes && seconds_since(start) >= 60 * *until.minutes) break;
    const Clock::time_point begun = Clock::now();
    const std::uint64_t episodes = run.state().counters.episodes;
    const std::optional<evo::Step> made = step_unless_stopped(run);
    if (!made) break;
    const evo::Step& step = *made;
    const double seconds = seconds_since(begun);
    log_time(run, step, seconds, step.state.counters.episodes - episodes);
    tell(step, seconds);
  }
  const evo::Individual& best = run.state().best();
  if (evo::stop_requested())
    print(fmt::format("stopped after generation {}; go on with: evotts resume {}\n", run.state().generation,
                      path));
  else if (run.state().generation < until.generations)
    print(fmt::format("time is up after generation {}; go on with: evotts resume {}\n",
                      run.state().generation, path));
  print(fmt::format("best {} of {} nodes, score {:.3f}: {}:best (see also: evotts status {})\n",
                    best.id.substr(0, 10), best.size, best.score, path, path));
}

}  // namespace experiments
