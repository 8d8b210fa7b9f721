#include "experiments/commands/running/stored_experiment.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <optional>
#include <set>
#include <system_error>

#include "evo/base/error.hpp"
#include "evo/base/layout.hpp"
#include "experiments/config/experiment_file.hpp"
#include "experiments/sources/experiment_environments.hpp"
#include "genome/base/error.hpp"

namespace experiments {

StoredExperiment stored_in(const evo::RunRepository& repository, const std::string& run) {
  const auto toml = repository.read(evo::kExperimentFile);
  if (!toml) throw evo::RunError(fmt::format("{}: has no {}, so it cannot go on", run, evo::kExperimentFile));
  return {*toml, parse_run_experiment(*toml, run)};
}

std::optional<evo::Experiment> experiment_of(const std::string& run) {
  if (!std::filesystem::exists(std::filesystem::path(run) / ".git")) return std::nullopt;
  return stored_in(evo::RunRepository::open(run), run).experiment;
}

std::optional<evo::Experiment> begun_in(const std::string& folder) {
  std::error_code absent;
  std::set<std::string> folders;
  for (const auto& each : std::filesystem::directory_iterator(folder, absent))
    folders.insert(each.path().string());
  for (const std::string& each : folders) {
    if (auto experiment = experiment_of(each)) return experiment;
  }
  return std::nullopt;
}

void confirm_run(Trust& trust, const std::string& run) {
  std::optional<StoredExperiment> stored;
  try {
    stored = stored_in(evo::RunRepository::open(run), run);
  } catch (const genome::base::Error&) {
    return;
  }
  trust.confirm(run, requests_of(stored->experiment, remembered_folder(run)));
}

}  // namespace experiments
