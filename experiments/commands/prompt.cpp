// The command that shows what a language model would be asked: prompt.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <fmt/format.h>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "evo/objective/objective.hpp"
#include "evo/population/state.hpp"
#include "evo/record/run_files.hpp"
#include "evo/search/generation.hpp"
#include "experiments/commands/commands.hpp"
#include "experiments/config/experiment_file.hpp"
#include "experiments/console/options.hpp"
#include "experiments/console/report.hpp"
#include "experiments/console/text_file.hpp"
#include "experiments/console/usage_error.hpp"
#include "experiments/session/environment_table.hpp"
#include "experiments/session/model_observer.hpp"
#include "experiments/session/model_session.hpp"
#include "experiments/session/trust.hpp"
#include "experiments/sources/data_budgets.hpp"
#include "experiments/sources/experiment_environments.hpp"
#include "experiments/sources/given_founders.hpp"
#include "experiments/sources/run_source.hpp"
#include "genome/base/text.hpp"
#include "llm_mutators/journal/memory.hpp"
#include "llm_mutators/proposers/mate_choice.hpp"
#include "llm_mutators/text/reply.hpp"
#include "replay/evaluation/common_signals.hpp"

namespace experiments {
namespace {

enum class PromptKind : std::uint8_t { kMutate, kCross, kInvent, kRepair };

struct Arguments {
  std::string experiment;
  std::string kind = "mutate";
  bool trust = false;
  std::vector<std::string> settings;
  std::optional<std::string> threads;
};

constexpr std::array<std::pair<std::string_view, PromptKind>, 4> kKinds = {{{"mutate", PromptKind::kMutate},
                                                                            {"cross", PromptKind::kCross},
                                                                            {"invent", PromptKind::kInvent},
                                                                            {"repair", PromptKind::kRepair}}};

PromptKind kind_of(const std::string& word) {
  const auto* const found = std::ranges::find(kKinds, word, [](const auto& each) { return each.first; });
  if (found == kKinds.end())
    throw UsageError(fmt::format("--operator must be mutate, cross, invent or repair, found \"{}\"",
                                 genome::base::visible(word, 60)));
  return found->second;
}

// For a repair: what a model may well write.
constexpr const char* kWrongReply =
    "HYPOTHESIS: one finished branch is enough\n\n```\ncontroller evolved\n\nstart\n  opne 4\n\nround\n"
    "  advance active by 1\n\nanswer\n  top(finished)\n```\n";

const evo::Individual& mate_of(const evo::Individual& best, const evo::State& state,
                               const evo::Experiment& experiment) {
  std::vector<const evo::Individual*> others;
  for (const evo::Individual& each : state.islands.front().population) {
    if (each.id != best.id) others.push_back(&each);
  }
  const evo::Individual* const mate = llm_mutators::complement(best, others, evo::budgets_of(experiment));
  return mate != nullptr ? *mate : others.empty() ? best : *others.front();
}

// The words that a run would send for the best controller of this state. For a cross the second parent is the
// one that is most ahead where the best is behind; a repair is that of a reply made up for it.
std::string prompt_preview(const evo::Experiment& experiment, const replay::Evaluator& evaluator,
                           const evo::State& state, PromptKind kind) {
  ModelObserver observer(experiment, evaluator, {});
  const llm_mutators::Prompter prompter(
      task_of(experiment, environment_table(observer.observed()),
              replay::names_of(replay::common_signals(evaluator.environments()))),
      templates_of(experiment));
  const auto memory = llm_mutators::Memory::read(state.memory);
  const evo::Individual& best = state.best();
  llm_mutators::Scene scene{.archive = &state.archive, .best = &best, .lessons = memory.lessons};
  if (state.expected) scene.expected = &*state.expected;
  scene.proposals = memory.children();
  for (const llm_mutators::ModelRecord& each : memory.models) scene.kept += each.gains;
  if (kind == PromptKind::kInvent) return prompter.invention(scene).text();
  scene.observations = observer.observations(best);
  if (kind == PromptKind::kCross)
    return prompter.crossover(best, mate_of(best, state, experiment), scene).text();
  const llm_mutators::Prompt prompt = prompter.mutation(best, scene);
  if (kind == PromptKind::kMutate) return prompt.text();
  const llm_mutators::ReadReply read = llm_mutators::read_reply(kWrongReply);
  return prompter.repair(prompt, read.quoted, read.faults).text();
}

// RUN or RUN@GENERATION; anything else is a file, and its mistakes are told as a file's.
bool is_run(const std::string& named) {
  std::error_code unknown;
  if (std::filesystem::is_regular_file(named, unknown)) return false;
  return std::filesystem::is_directory(split_generation(named).first, unknown);
}

// As a run stands; what models brought it is in its memory.
std::string prompt_of_run(const std::string& named, PromptKind kind) {
  const RunAt at = open_run(named);
  evo::Experiment experiment = experiment_in(at);
  find_environments(experiment, at.repository.path());
  const replay::Evaluator evaluator = make_evaluator(experiment);
  return prompt_preview(experiment, evaluator, evo::state_in(at.repository, at.revision), kind);
}

// As the first question would be. Random founders are left out, as they take a run minutes to try.
std::string prompt_of_file(const Arguments& arguments, PromptKind kind) {
  Trust trust(arguments.trust);
  const Approval approval = [&](const Expansions& expansions, const evo::Experiment*) {
    trust.confirm(arguments.experiment, requests_of(expansions));
  };
  evo::Experiment experiment =
      read_experiment(arguments.experiment, arguments.settings, report, process_variable, approval);
  freeze_given_founders(experiment);
  resolve_budgets(experiment);
  experiment.founder_candidates = 0;
  experiment.expected_gain = false;  // nor is it known of founders within moments
  const replay::Evaluator evaluator = make_evaluator(experiment);
  evo::Scorer scorer(experiment, evaluator);
  return prompt_preview(experiment, evaluator, evo::found(scorer).state, kind);
}

int run_prompt(const Arguments& arguments) {
  const PromptKind kind = kind_of(arguments.kind);
  const ThreadLimit threads(arguments.threads);
  if (!is_run(arguments.experiment)) {
    print(prompt_of_file(arguments, kind));
    return kGood;
  }
  if (!arguments.settings.empty())
    throw UsageError("--set is for an experiment file; the experiment of a run stands as it is");
  print(prompt_of_run(arguments.experiment, kind));
  return kGood;
}

}  // namespace

void add_prompt_command(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* const command =
      app.add_subcommand("prompt", "Show what a language model would be asked, without asking it");
  command->add_option("EXPERIMENT", arguments->experiment, "An experiment file (TOML), RUN or RUN@GENERATION")
      ->required()
      ->type_name("FILE");
  command->add_option("--operator", arguments->kind, "The kind of question; repair is that of a reply")
      ->capture_default_str()
      ->type_name("mutate|cross|invent|repair");
  command
      ->add_option("--set", arguments->settings, "Overrides a key of the experiment file, as in evotts run")
      ->type_name("KEY=VALUE...");
  command->add_flag("--trust", arguments->trust,
                    "Confirm the variables that the file puts in and that are new to you on this machine");
  add_threads_option(*command, arguments->threads);
  command->footer(
      R"(The question is about the best controller: of the run as it stands, with what earlier exchanges
brought, or of the founders of an experiment. Nothing is sent, nothing is paid, and no key is needed.

Example: evotts prompt experiments/model_openai.toml --operator mutate)");
  command->callback([arguments, &action] { action = [arguments] { return run_prompt(*arguments); }; });
}

}  // namespace experiments
