#include "experiments/session/replay_check.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <utility>
#include <vector>

#include "evo/base/layout.hpp"
#include "evo/record/c_libraries.hpp"
#include "evo/record/checkpoint.hpp"
#include "evo/record/held_out.hpp"
#include "evo/record/lineage.hpp"
#include "evo/record/run_files.hpp"
#include "evo/record/trailers.hpp"
#include "evo/scoring/rescoring.hpp"
#include "experiments/config/experiment_file.hpp"
#include "experiments/console/report.hpp"
#include "experiments/sources/run_source.hpp"

namespace experiments {
namespace {

// Ids of all files but those that programs may write otherwise.
std::map<std::string, std::string> files_of(const evo::RunRepository& run, std::string_view revision) {
  std::map<std::string, std::string> files = run.files(revision);
  files.erase(evo::kExperimentFile);
  files.erase(evo::kCheckpointFile);
  files.erase(evo::kHeldOutFile);
  files.erase(evo::kPreregistrationFile);  // it names the program
  return files;
}

// Of the environments held out, what programs of every version record.
std::vector<std::pair<std::string, std::string>> sealed_files(const evo::RunRepository& run,
                                                              std::string_view revision) {
  std::vector<std::pair<std::string, std::string>> files;
  for (const evo::Fingerprint& each : evo::sealed_in(run, revision))
    files.emplace_back(each.name, each.digest);
  return files;
}

// The experiment as this program writes it.
std::optional<std::string> experiment_of(const evo::RunRepository& run, std::string_view revision) {
  const auto text = run.read(evo::kExperimentFile, revision);
  if (!text) return std::nullopt;
  return to_toml(parse_run_experiment(*text, run.path().string()));
}

// Ids of the files that hold no figure.
std::map<std::string, std::string> texts_of(const evo::RunRepository& run, std::string_view revision) {
  std::map<std::string, std::string> files = files_of(run, revision);
  std::erase_if(files, [](const auto& each) {
    const std::string& path = each.first;
    return path == evo::kGenerationFile || path == evo::kFrontierFile ||
           evo::in_folder(path, evo::kLineageFolder) || evo::in_folder(path, evo::kArchiveFolder);
  });
  return files;
}

bool same_birth(const evo::Born& a, const evo::Born& b) {
  return a.id == b.id && a.birth == b.birth && a.size == b.size &&
         evo::same_but_for_rounding(a.score, b.score) && evo::same_but_for_rounding(a.fitness, b.fitness);
}

// Whether two runs came to the same individuals and choices in a generation, and to scores that differ in
// their last digits at most. The frontier is left out: what is on it hangs on a last digit.
bool same_but_for_rounding(const evo::Run& run, const evo::RunRepository& replayed,
                           const std::string& there) {
  const evo::State& now = run.state();
  const evo::State before = evo::state_in(replayed, there);
  const std::string births = evo::lineage_path(now.generation);
  const auto same_score = [](const evo::Individual& a, const evo::Individual& b) {
    return a.id == b.id && !evo::score_difference(a, b, evo::Digits::kRounded);
  };
  const auto same_scores = [&](const evo::Island& a, const evo::Island& b) {
    return std::ranges::equal(a.population, b.population, same_score);
  };
  return now.generation == before.generation && now.counters == before.counters &&
         now.champion == before.champion && now.memory == before.memory &&
         texts_of(run.repository(), {}) == texts_of(replayed, there) &&
         std::ranges::equal(before.islands, now.islands, same_scores) &&
         std::ranges::equal(evo::births_in(run.repository().read(births).value_or(""), births),
                            evo::births_in(replayed.read(births, there).value_or(""), births), same_birth);
}

}  // namespace

ReplayCheck::ReplayCheck(const evo::RunRepository& replayed) : replayed_(&replayed) {
  for (const evo::CommitInfo& commit : replayed.log()) {
    if (const auto generation = evo::text_in(commit, evo::Trailer::kGeneration))
      commits_.emplace(*generation, commit);
  }
}

bool ReplayCheck::is_exact(int generation) const {
  const auto there = commits_.find(fmt::format("{}", generation));
  if (there == commits_.end()) return true;
  const auto checkpoint = replayed_->read(evo::kCheckpointFile, there->second.id);
  return checkpoint && evo::is_exact(*checkpoint);
}

bool ReplayCheck::repeats(const evo::Run& run) const {
  const auto there = commits_.find(fmt::format("{}", run.state().generation));
  if (there == commits_.end() || there->second.tree == run.repository().head_tree()) return true;
  const std::string what = difference(run, there->second);
  if (what.empty()) return true;
  report(
      fmt::format("generation {} is not what it was in the run that is replayed: {} (tree {} instead of {})",
                  run.state().generation, what, run.repository().head_tree(), there->second.tree));
  return false;
}

std::string ReplayCheck::difference(const evo::Run& run, const evo::CommitInfo& there) const {
  if (experiment_of(run.repository(), {}) != experiment_of(*replayed_, there.id))
    return "it is another experiment";
  if (sealed_files(run.repository(), {}) != sealed_files(*replayed_, there.id))
    return "other environments are held out";
  const auto other = evo::other_c_library(there);
  if (other && same_but_for_rounding(run, *replayed_, there.id)) return {};
  if (files_of(run.repository(), {}) != files_of(*replayed_, there.id))
    return other ? evo::shown_c_library(*other) : "other recordings or another evotts";
  evo::State before = evo::state_in(*replayed_, there.id);
  before.experiment = run.state().experiment;  // the digest of a text whose content was compared
  if (evo::save_checkpoint(before) != evo::save_checkpoint(run.state()))
    return "the checkpoints differ; was it another evotts?";
  return {};
}

}  // namespace experiments
