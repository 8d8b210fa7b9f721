#include "experiments/sources/experiment_changes.hpp"

#include "experiments/config/experiment_keys.hpp"

namespace experiments {

std::vector<evo::ChangedKey> changed_keys(const evo::Experiment& from, const evo::Experiment& to) {
  std::vector<evo::ChangedKey> changes;
  for (const Key& key : experiment_keys()) {
    std::string before = key.value.write(from), after = key.value.write(to);
    if (before != after) changes.push_back({key.name, std::move(before), std::move(after)});
  }
  return changes;
}

bool changes_scores(const evo::ChangedKey& change) {
  const std::string_view section = section_of(change.key);
  for (const std::string_view each :
       {"environments.held_out", "evaluation.cache", "objective.expected_gain", "objective.expected_lead"}) {
    if (change.key == each) return false;
  }
  return section == "environments" || section == "evaluation" || section == "objective";
}

}  // namespace experiments
