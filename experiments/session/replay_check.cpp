#include "experiments/session/replay_check.hpp"

#include <fmt/format.h>
#include <optional>

#include "evo/base/layout.hpp"
#include "evo/record/checkpoint.hpp"
#include "evo/record/run_files.hpp"
#include "evo/record/trailers.hpp"
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
  return files;
}

// The experiment as this program writes it.
std::optional<std::string> experiment_of(const evo::RunRepository& run, std::string_view revision) {
  const auto text = run.read(evo::kExperimentFile, revision);
  if (!text) return std::nullopt;
  return to_toml(parse_run_experiment(*text, run.path().string()));
}

}  // namespace

ReplayCheck::ReplayCheck(const evo::RunRepository& replayed) : replayed_(&replayed) {
  for (const evo::CommitInfo& commit : replayed.log()) {
    if (const auto generation = evo::text_in(commit, evo::Trailer::kGeneration))
      commits_.emplace(*generation, commit);
  }
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
  if (files_of(run.repository(), {}) != files_of(*replayed_, there.id))
    return "other recordings or another evotts";
  evo::State before = evo::state_in(*replayed_, there.id);
  before.experiment = run.state().experiment;  // the digest of a text whose content was compared
  if (evo::save_checkpoint(before) != evo::save_checkpoint(run.state()))
    return "the checkpoints differ; was it another evotts?";
  return {};
}

}  // namespace experiments
