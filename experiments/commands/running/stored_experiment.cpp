#include "experiments/commands/running/stored_experiment.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <optional>

#include "evo/base/error.hpp"
#include "experiments/commands/running/run_experiment.hpp"
#include "experiments/config/experiment_file.hpp"
#include "experiments/sources/experiment_environments.hpp"
#include "genome/base/error.hpp"

namespace experiments {

StoredExperiment stored_in(const evo::RunRepository& repository, const std::string& run) {
  const auto toml = repository.read(evo::kExperimentFile);
  if (!toml) throw evo::RunError(fmt::format("{}: has no {}, so it cannot go on", run, evo::kExperimentFile));
  return {*toml, parse_run_experiment(*toml, run)};
}

evo::Experiment as_begun(const RunArguments& arguments) {
  evo::Experiment experiment = experiment_to_run(arguments);
  if (!experiment.whole_samples && std::filesystem::exists(std::filesystem::path(arguments.run) / ".git"))
    experiment.whole_samples =
        stored_in(evo::RunRepository::open(arguments.run), arguments.run).experiment.whole_samples;
  return experiment;
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
