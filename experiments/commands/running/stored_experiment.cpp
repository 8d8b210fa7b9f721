#include "experiments/commands/running/stored_experiment.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <optional>
#include <set>
#include <system_error>

#include "evo/base/error.hpp"
#include "experiments/commands/running/run_experiment.hpp"
#include "experiments/config/experiment_file.hpp"
#include "experiments/sources/experiment_environments.hpp"
#include "genome/base/error.hpp"

namespace experiments {
namespace {

bool is_run(const std::string& folder) {
  return std::filesystem::exists(std::filesystem::path(folder) / ".git");
}

}  // namespace

StoredExperiment stored_in(const evo::RunRepository& repository, const std::string& run) {
  const auto toml = repository.read(evo::kExperimentFile);
  if (!toml) throw evo::RunError(fmt::format("{}: has no {}, so it cannot go on", run, evo::kExperimentFile));
  return {*toml, parse_run_experiment(*toml, run)};
}

evo::Experiment as_begun(const RunArguments& arguments) {
  evo::Experiment experiment = experiment_to_run(arguments);
  if (!is_run(arguments.run)) return experiment;
  const evo::Experiment stored = stored_in(evo::RunRepository::open(arguments.run), arguments.run).experiment;
  if (!experiment.whole_samples) experiment.whole_samples = stored.whole_samples;
  if (!stored.expected_lead) experiment.expected_lead = false;
  return experiment;
}

std::optional<evo::Experiment> begun_in(const std::string& folder) {
  std::error_code absent;
  std::set<std::string> runs;
  for (const auto& each : std::filesystem::directory_iterator(folder, absent)) {
    if (is_run(each.path().string())) runs.insert(each.path().string());
  }
  if (runs.empty()) return std::nullopt;
  return stored_in(evo::RunRepository::open(*runs.begin()), *runs.begin()).experiment;
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
