#include "experiments/config/island_keys.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <span>
#include <utility>
#include <vector>

#include "evo/experiment/islands.hpp"
#include "experiments/console/options.hpp"
#include "genome/base/text.hpp"

namespace experiments {
namespace {

using evo::Experiment;
using genome::base::visible;

constexpr std::string_view kExpected =
    "tables, as in [[islands]], of seed and keys of [population], [variation], [model] and [prompts]";
constexpr std::string_view kOfModels[] = {"model.share", "model.invent", "model.tuning_steps",
                                          "model.advice"};
constexpr std::string_view kOfTheRun[] = {"population.islands", "population.migration",
                                          "population.founder_stages", "population.edition",
                                          "variation.whole_samples"};

using Keys = std::span<const Key> (*)();
using Named = std::pair<std::string, const Value*>;

std::string_view section_in(std::string_view key) {
  return key.substr(0, std::min(key.find('.'), key.size()));
}

const Key* find(Keys keys, std::string_view name) {
  for (const Key& each : keys()) {
    if (each.name == name || std::ranges::count(each.old_names, name) > 0) return &each;
  }
  return nullptr;
}

bool is_section_name(Keys keys, std::string_view name) {
  return std::ranges::any_of(
      keys(), [&](const Key& key) { return key.name.contains('.') && section_in(key.name) == name; });
}

// The fields of a table with the names that their keys have: of tables in it, "variation.crossover".
std::vector<Named> flattened(Keys keys, const std::vector<Field>& fields) {
  std::vector<Named> flat;
  for (const Field& each : fields) {
    const auto* section = std::get_if<std::vector<Field>>(&each.value.held);
    if (section == nullptr || !is_section_name(keys, each.name)) {
      flat.emplace_back(each.name, &each.value);
      continue;
    }
    for (const Field& inner : *section)
      flat.emplace_back(fmt::format("{}.{}", each.name, inner.name), &inner.value);
  }
  return flat;
}

std::string no_such_key(Keys keys, const std::string& name) {
  std::vector<std::string> names;
  for (const Key& key : keys()) {
    if (may_be_of_island(key.name)) names.push_back(key.name);
  }
  return fmt::format("there is no key \"{}\"{}", visible(name, 100),
                     is_section_name(keys, name) ? "; it must be a section" : did_you_mean(name, names));
}

// Reads one key into an island; what is wrong with it otherwise.
std::optional<std::string> read_key(Keys keys, const Named& given, Experiment& island) {
  const auto& [name, value] = given;
  const Key* const key = find(keys, name);
  if (key == nullptr) return no_such_key(keys, name);
  if (!may_be_of_island(key->name))
    return fmt::format(
        "{} is that of the whole run; islands may differ in seed, [population], [variation], "
        "[prompts] and {}",
        key->name, fmt::join(kOfModels, ", "));
  if (std::ranges::count(island.own_keys, key->name) > 0) return fmt::format("{} is given twice", key->name);
  if (!key->value.read(*value, island))
    return key->value.fault
               ? fmt::format("{}: {}", key->name, key->value.fault(*value))
               : fmt::format("{} must be {}, found {}", key->name, key->value.expected, shown(*value));
  island.own_keys.push_back(key->name);
  return std::nullopt;
}

// Reads all tables into an experiment whose other keys are known; what is wrong with them otherwise.
std::vector<std::string> read_tables(Keys keys, const Value& value, Experiment& experiment) {
  const auto* tables = std::get_if<std::vector<Value>>(&value.held);
  if (tables == nullptr || tables->size() > evo::kMostIslands)
    return {fmt::format("must be at most {} {}", evo::kMostIslands, kExpected)};
  std::vector<std::string> faults;
  std::vector<Experiment> islands;
  for (const Value& table : *tables) {
    Experiment& island = islands.emplace_back();
    evo::take_own(island, experiment);
    const auto* fields = std::get_if<std::vector<Field>>(&table.held);
    if (fields == nullptr) faults.push_back(fmt::format("island {}: must be a table", islands.size()));
    for (const Named& each : fields == nullptr ? std::vector<Named>() : flattened(keys, *fields)) {
      if (const auto fault = read_key(keys, each, island))
        faults.push_back(fmt::format("island {}: {}", islands.size(), *fault));
    }
  }
  if (faults.empty()) experiment.island_tables = std::move(islands);
  return faults;
}

std::string written(Keys keys, const Experiment& experiment) {
  std::vector<std::string> tables;
  for (const Experiment& island : experiment.island_tables) {
    std::vector<std::string> pairs;
    for (const std::string& name : island.own_keys)
      pairs.push_back(fmt::format("{} = {}", name, find(keys, name)->value.write(island)));
    tables.push_back(fmt::format("{{ {} }}", fmt::join(pairs, ", ")));
  }
  return fmt::format("[{}]", fmt::join(tables, ", "));
}

}  // namespace

Binding<Experiment> island_tables(Keys keys) {
  Binding<Experiment> tables;
  tables.expected = kExpected;
  tables.read = [=](const Value& value, Experiment& into) { return read_tables(keys, value, into).empty(); };
  tables.write = [=](const Experiment& from) { return written(keys, from); };
  tables.fault = [=](const Value& value) {
    Experiment scratch;
    return fmt::format("{}", fmt::join(read_tables(keys, value, scratch), "; "));
  };
  return tables;
}

bool may_be_of_island(std::string_view key) {
  const std::string_view section = section_in(key);
  if (std::ranges::count(kOfTheRun, key) > 0) return false;
  return key == "seed" || section == "population" || section == "variation" || section == "prompts" ||
         std::ranges::count(kOfModels, key) > 0;
}

std::optional<std::string> fault_of_islands(const Experiment& experiment) {
  const auto islands = static_cast<std::size_t>(experiment.islands);
  if (experiment.island_tables.size() > islands)
    return fmt::format(
        "there are {} tables [[islands]] for population.islands = {}; raise that or leave "
        "tables out",
        experiment.island_tables.size(), islands);
  const std::vector<evo::IslandPlan> plans = evo::island_plans(experiment);
  for (std::size_t i = 0; i < plans.size() && islands > 1; ++i) {
    if (plans[i].experiment.population < 2)
      return fmt::format(
          "population.size ({}) dealt to {} islands leaves island {} with {}; each needs 2 at "
          "least",
          experiment.population, islands, i + 1, plans[i].experiment.population);
    if (plans[i].experiment.children < 1)
      return fmt::format("population.children ({}) dealt to {} islands leaves island {} without any",
                         experiment.children, islands, i + 1);
  }
  return std::nullopt;
}

}  // namespace experiments
