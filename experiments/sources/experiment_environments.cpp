#include "experiments/sources/experiment_environments.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "evo/base/run_file.hpp"
#include "evo/record/held_out.hpp"
#include "experiments/console/usage_error.hpp"
#include "genome/base/file.hpp"
#include "genome/base/text.hpp"
#include "replay/environment/reweighting.hpp"
#include "replay/evaluation/common_signals.hpp"
#include "replay/sources/source.hpp"
#include "replay/sources/synthetic.hpp"

namespace experiments {
namespace {

// Inside .git, as it is of this machine and not of the experiment.
std::filesystem::path folder_note(const std::filesystem::path& run) { return run / ".git" / "evotts.folder"; }

// That of a file which is not here but there. A folder that may not be entered is named by whoever needs the
// file.
std::string found_there(const std::string& spec, const std::filesystem::path& folder) {
  std::error_code here, denied;
  if (spec.starts_with(replay::kSyntheticPrefix) || std::filesystem::exists(spec, here)) return spec;
  const std::filesystem::path there = folder / spec;
  return std::filesystem::exists(there, denied) || denied ? there.string() : spec;
}

}  // namespace

replay::EpisodeOptions options_of(const evo::Experiment& experiment) {
  return {
      .budget = experiment.budget, .probe_cost = experiment.probe_cost, .foresight = experiment.foresight};
}

replay::Evaluator make_evaluator(const evo::Experiment& experiment) {
  std::vector<replay::Environment> environments;
  for (replay::Environment& recorded : replay::open_environments(experiment.search)) {
    environments.push_back(std::move(recorded));
    const std::size_t original = environments.size() - 1;
    for (const double odds : experiment.reweightings)
      environments.push_back(replay::reweighted(environments[original], odds));
  }
  return replay::Evaluator(
      std::move(environments),
      {.first_ordering = experiment.first_ordering,
       .orderings = static_cast<std::size_t>(experiment.orderings + experiment.validation_orderings),
       .episode = options_of(experiment)});
}

void expect_signals_of_search(std::span<const replay::Environment> search,
                              std::span<const replay::Environment> held_out) {
  for (const std::string& name : replay::names_of(replay::common_signals(search))) {
    for (const replay::Environment& each : held_out) {
      if (std::ranges::find(each.signals, name) != each.signals.end()) continue;
      throw UsageError(
          fmt::format("environments.held_out: {} has no signal {}, which all searched environments have, so "
                      "controllers that "
                      "read it could not be scored there; 'evotts env convert --drop-signals' writes "
                      "searched files without",
                      genome::base::visible(each.name), name));
    }
  }
}

void warn_of_searched_questions(std::span<const replay::Environment> search,
                                std::span<const replay::Environment> held_out, const Warn& warn) {
  const std::size_t both = evo::questions_asked_of_both(search, held_out);
  if (both == 0) return;
  std::size_t all = 0;
  for (const replay::Environment& each : held_out) all += each.questions.size();
  warn(
      fmt::format("environments.held_out: {} of {} questions are searched on too, in other recordings; "
                  "figures on them tell about new branches, not about new questions",
                  both, all));
}

std::string seal_held_out(const evo::Experiment& experiment, const replay::Evaluator& evaluator,
                          const Warn& warn) {
  if (experiment.held_out.empty()) return {};
  const auto environments = replay::open_environments(experiment.held_out);
  evo::expect_apart(evo::fingerprints_of(evaluator.environments()), evo::fingerprints_of(environments),
                    experiment.name);
  expect_signals_of_search(evaluator.environments(), environments);
  warn_of_searched_questions(evaluator.environments(), environments, warn);
  return evo::held_out_json(environments);
}

void remember_folder(const std::filesystem::path& run, const std::filesystem::path& started_in) {
  genome::base::write_durably(folder_note(run), started_in.string());
}

std::filesystem::path remembered_folder(const std::filesystem::path& run) {
  constexpr std::size_t kLongestPath = 4096;
  return evo::small_file(folder_note(run), kLongestPath).value_or("");
}

void find_environments(evo::Experiment& experiment, const std::filesystem::path& run) {
  const std::filesystem::path folder = remembered_folder(run);
  if (folder.empty()) return;
  for (std::vector<std::string>* specs : {&experiment.search, &experiment.held_out}) {
    for (std::string& spec : *specs) spec = found_there(spec, folder);
  }
}

}  // namespace experiments
