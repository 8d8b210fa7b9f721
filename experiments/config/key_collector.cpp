#include "experiments/config/key_collector.hpp"

#include <algorithm>
#include <array>
#include <expected>
#include <fmt/format.h>
#include <tuple>
#include <utility>
#include <variant>

#include "experiments/config/island_keys.hpp"
#include "experiments/config/model_keys.hpp"
#include "experiments/config/toml_text.hpp"
#include "experiments/config/unknown_keys.hpp"
#include "experiments/config/variables.hpp"
#include "experiments/console/options.hpp"
#include "experiments/console/text_file.hpp"
#include "experiments/console/usage_error.hpp"
#include "genome/base/text.hpp"
#include "genome/text/edition.hpp"

namespace experiments {
namespace {

using evo::Experiment;
using genome::base::visible;

constexpr std::string_view kBase = "base";
constexpr std::string_view kModelsKey = "models";

Value value_of(const toml::node& node) {
  if (const auto* truth = node.as_boolean()) return {truth->get()};
  if (const auto* whole = node.as_integer()) return {whole->get()};
  if (const auto* real = node.as_floating_point()) return {real->get()};
  if (const auto* text = node.as_string()) return {text->get()};
  if (const auto* table = node.as_table()) {
    std::vector<Field> fields;
    for (const auto& [key, value] : *table) fields.push_back({std::string(key.str()), value_of(value)});
    return {std::move(fields)};
  }
  const auto* array = node.as_array();
  if (array == nullptr) return {Value::Other{}};
  std::vector<Value> items;
  for (const toml::node& item : *array) items.push_back(value_of(item));
  return {std::move(items)};
}

Value setting_value(std::string_view text) {
  try {
    const toml::table table = read_toml(fmt::format("value = {}\n", text));
    if (table.size() == 1) return value_of(*table.get("value"));
  } catch (const toml::parse_error&) {
    // a bare string, as most people write one on a command line
  }
  return {std::string(text)};
}

Place place_in(const std::string& file, int layer, const toml::source_region& source) {
  const auto [line, column] = std::pair(source.begin.line, source.begin.column);
  return {layer, line, column, fmt::format("{}:{}:{}", file, line, column)};
}

// What no program ever read is told as such; what one did read, with the limit of today.
std::string expected(const Key& key, const Value& value) {
  Experiment scratch;
  const bool ever = !key.value.read_recorded || key.value.read_recorded(value, scratch);
  return ever ? key.value.expected : key.value.expected_ever;
}

}  // namespace

KeyCollector::KeyCollector(std::string_view top_file, const VariableLookup& variables, Writer writer)
    : top_file_(visible(top_file)),
      folder_(std::filesystem::path(top_file).parent_path()),
      variables_(variables),
      writer_(writer) {}

std::optional<Given> KeyCollector::take_file(std::string_view text, std::string_view name,
                                             const std::filesystem::path& folder, int layer) {
  const std::string file = visible(name);
  toml::table table;
  try {
    table = read_toml(text);
  } catch (const toml::parse_error& error) {
    blame(place_in(file, layer, error.source()),
          fmt::format("not valid TOML: {}", visible(error.description())));
    readable_ = false;
    return std::nullopt;
  }
  std::optional<Given> base;
  const auto given = [&](std::string key, const toml::node& node) {
    return Given{value_of(node), place_in(file, layer, node.source()), std::move(key), folder};
  };
  for (const auto& [key, node] : table) {
    const Place place = place_in(file, layer, key.source());
    const toml::table* const section = node.as_table();
    if (key.str() == kBase) {
      base = given(std::string(kBase), node);
      if (!expand_strings(*base, base->value, base->name)) {
        base.reset();
        readable_ = false;
      }
    } else if (section == nullptr || !is_section(key.str())) {
      take(given(std::string(key.str()), node), place, section != nullptr);
    } else {
      for (const auto& [inner, value] : *section)
        take(given(fmt::format("{}.{}", key.str(), inner.str()), value),
             place_in(file, layer, inner.source()), value.is_table());
    }
  }
  return base;
}

void KeyCollector::take(const Given& given, const Place& key_place, bool is_table) {
  const std::string& name = given.name;
  const std::string quoted_name = fmt::format("\"{}\"", visible(name, 100));
  const std::string near_base = did_you_mean(name, {std::string(kBase)});
  if (const Key* key = find_key(name)) {
    keep(*key, given);
  } else if (is_section(name)) {
    blame(key_place, fmt::format("{} must be a section, as in [{}]", quoted_name, name));
  } else if (is_table) {
    blame(key_place, fmt::format("there is no section {}{}", quoted_name, suggest_section(name)));
  } else {
    blame(key_place, fmt::format("there is no key {}{}", quoted_name,
                                 near_base.empty() ? suggest_key(name) : near_base));
  }
}

void KeyCollector::take_setting(std::string_view setting) {
  const std::size_t equals = setting.find('=');
  const std::string name(setting.substr(0, equals));
  const Place place{.layer = kSettings, .shown = fmt::format("--set {}", visible(name, 100))};
  if (equals == 0 || equals == std::string_view::npos) {
    blame(place, "must be KEY=VALUE, as in --set evaluation.orderings=50");
  } else if (const Key* key = find_key(name)) {
    keep(*key, {setting_value(setting.substr(equals + 1)), place, name, folder_});
  } else if (const std::string array = name.substr(0, name.find('.'));
             array.size() < name.size() && (array == kModelsKey || array == kIslandsKey)) {
    elements_.push_back(
        {array, name.substr(array.size() + 1), setting_value(setting.substr(equals + 1)), place});
  } else if (name == kBase) {
    blame(place, "can only be given in an experiment file");
  } else if (is_section(name)) {
    blame(place, fmt::format("is a section; set one of its keys, as in --set {}.KEY=VALUE", name));
  } else {
    blame(place, fmt::format("there is no such key{}", suggest_key(name)));
  }
}

void KeyCollector::keep(const Key& key, const Given& given) {
  const Renamed renamed{given.name, key.name};
  if (given.name != key.name) renamed_.emplace_back(given.place.layer, renamed);
  if (writer_ == Writer::kRun && given.place.layer == kTopFile && key.name == "evaluation.budget")
    records_budget_ = !std::holds_alternative<std::string>(given.value.held);
  const auto [at, is_new] = given_.try_emplace(key.name, given);
  if (is_new) return;
  const Place &before = at->second.place, &now = given.place;
  if (before.layer == now.layer && at->second.name != given.name) {
    const bool later = std::tie(before.line, before.column) <= std::tie(now.line, now.column);
    const Given &first = later ? at->second : given, &second = later ? given : at->second;
    blame(second.place, fmt::format("{} and {} ({}) are two names of one key; keep {}", second.name,
                                    first.name, first.place.shown, key.name));
  }
  if (before.layer <= now.layer) at->second = given;
}

void KeyCollector::read_into(Experiment& experiment, const Key& key) {
  const auto found = given_.find(key.name);
  if (found == given_.end()) return;
  Given& given = found->second;
  if (!expand_strings(given, given.value, key.name)) return;
  if (key.value.read(given.value, experiment) || read_as_recorded(key, given, experiment)) return;
  const std::string name =
      given.name == key.name ? key.name : fmt::format("{} (given as {})", key.name, given.name);
  blame(given.place, key.value.fault ? fmt::format("{}: {}", name, key.value.fault(given.value))
                                     : fmt::format("{} must be {}, found {}", name,
                                                   expected(key, given.value), shown(given.value)));
}

void KeyCollector::put_elements() {
  for (const ElementSetting& each : elements_) {
    const auto found = given_.find(each.key);
    std::vector<Value> none;
    auto* const array =
        found == given_.end() ? &none : std::get_if<std::vector<Value>>(&found->second.value.held);
    if (array == nullptr) continue;  // told as it is read
    const auto path = element_path(*array, each.path);
    if (!path) {
      blame(each.place, path.error());
    } else if (const auto fault =
                   each.key == kModelsKey ? fault_of_field(path->fields, each.value) : std::nullopt) {
      blame(each.place, *fault);
    } else if (!put_at(*array, *path, each.value)) {
      blame(each.place, "leads into a value that has no fields");
    }
  }
}

Experiment KeyCollector::finish() {
  put_elements();
  Experiment experiment;
  for (const Key& key : experiment_keys()) {
    if (key.name != kIslandsKey) read_into(experiment, key);
  }
  // A run that does not name the version of its prompts had the first.
  if (writer_ == Writer::kRun && given("model.prompt_version") == nullptr)
    experiment.model_prompt_version = 1;
  read_into(experiment, *find_key(kIslandsKey));  // islands have what the others say
  // A run whose program knew one rule for budgets alone does not say which it was.
  if (records_budget_ && experiment.budget && given("evaluation.foresight") == nullptr)
    experiment.foresight = true;
  // Nor does one of a program that estimated no gain.
  if (writer_ == Writer::kRun && given("objective.expected_gain") == nullptr)
    experiment.expected_gain = false;
  // Nor did one before the lead counted count it.
  if (writer_ == Writer::kRun && given("objective.expected_lead") == nullptr)
    experiment.expected_lead = false;
  // One of a program that tried all candidates for founders at once had no stages.
  if (writer_ == Writer::kRun && given("population.founder_stages") == nullptr) experiment.founder_stages = 0;
  // Nor did one that does not say so draw parts for whole samples.
  if (writer_ == Writer::kRun && given("variation.whole_samples") == nullptr)
    experiment.whole_samples = false;
  if (writer_ == Writer::kRun) take_budgets_of_run(experiment);
  // One that names no edition is of a program that had the first.
  if (writer_ == Writer::kRun && given("population.edition") == nullptr)
    experiment.edition = genome::kFirstEdition;
  if (readable_) check_together(experiment);
  if (problems_.empty()) return experiment;
  std::stable_sort(problems_.begin(), problems_.end(), [](const Problem& a, const Problem& b) {
    return std::tie(a.place.layer, a.place.line, a.place.column) <
           std::tie(b.place.layer, b.place.line, b.place.column);
  });
  std::vector<std::string> messages;
  for (const Problem& problem : problems_)
    messages.push_back(fmt::format("{}: {}", problem.place.shown, problem.text));
  throw UsageError(std::move(messages));
}

// A run says its budgets in numbers; had it not said them, they were those that programs once took.
void KeyCollector::take_budgets_of_run(Experiment& experiment) {
  constexpr double kOnceLow = 50e3, kOnceHigh = 500e3;
  const auto take = [&](const char* key, double& budget, double once) {
    const Given* const found = given(key);
    if (found == nullptr)
      budget = once;
    else if (budget == Experiment::kFromData && found->place.layer == kTopFile && problems_.empty())
      blame(found->place,
            fmt::format("{} must be a number above 0 in a run, found {}", key, shown(found->value)));
  };
  take("objective.budget_low", experiment.budget_low, kOnceLow);
  take("objective.budget_high", experiment.budget_high, kOnceHigh);
}

bool KeyCollector::read_as_recorded(const Key& key, const Given& given, Experiment& experiment) const {
  const bool recorded = writer_ == Writer::kRun && given.place.layer == kTopFile;
  return recorded && key.value.read_recorded && key.value.read_recorded(given.value, experiment);
}

const Given* KeyCollector::given(std::string_view key) const {
  const auto found = given_.find(key);
  return found == given_.end() ? nullptr : &found->second;
}

std::vector<Renamed> KeyCollector::renamed(int layer) const {
  std::vector<Renamed> found;
  for (const Key& key : experiment_keys()) {
    for (const auto& [of_layer, each] : renamed_) {
      const bool fits = of_layer >= layer && each.name == key.name;
      if (fits && std::ranges::count(found, each) == 0) found.push_back(each);
    }
  }
  return found;
}

// Puts variables into every string of the value; false when that has failed and is among the problems.
bool KeyCollector::expand_strings(const Given& given, Value& value, const std::string& key) {
  bool good = true;
  if (auto* items = std::get_if<std::vector<Value>>(&value.held)) {
    for (Value& item : *items) good = expand_strings(given, item, key) && good;
  }
  if (auto* fields = std::get_if<std::vector<Field>>(&value.held)) {
    for (Field& field : *fields)
      good = expand_strings(given, field.value, fmt::format("{}.{}", key, visible(field.name, 60))) && good;
  }
  auto* const text = std::get_if<std::string>(&value.held);
  if (text == nullptr) return good;
  bool used = false;
  const VariableLookup noting = [&](const std::string& name) {
    auto held = variables_(name);
    used = used || held.has_value();
    if (held) expansions_.uses.insert({name, key});
    return held;
  };
  auto expanded = expand(*text, variables_ ? noting : variables_);
  if (expanded && genome::base::first_not_utf8(*expanded)) expanded = std::unexpected("must be UTF-8 text");
  if (!expanded) {
    blame(given.place, fmt::format("{}: {}", key, expanded.error()));
    return false;
  }
  if (used) expansions_.written[*expanded] = *text;
  *text = std::move(*expanded);
  return true;
}

Place KeyCollector::place_of(std::span<const std::string_view> keys) const {
  for (const std::string_view key : keys) {
    if (const Given* found = given(key)) return found->place;
  }
  return {.shown = top_file_};
}

// What is said of models without any would do nothing. A list that is empty says that none is meant.
void KeyCollector::check_models(const Experiment& experiment) {
  // A run holds every key, whoever meant it.
  const auto meant = [&](std::string_view key) {
    const Given* const found = given(key);
    return found != nullptr && (writer_ == Writer::kPerson || found->place.layer == kSettings) ? found
                                                                                               : nullptr;
  };
  const auto refuse = [&](const char* key, bool says_something) {
    const Given* const found = meant(key);
    if (found == nullptr || !says_something) return;
    blame(found->place,
          fmt::format("{} is for a language model, and the experiment has none: give one by [[models]] or "
                      "model.command, or leave it out",
                      key));
  };
  if (all_models(experiment).empty() && meant(kModelsKey) == nullptr) {
    refuse("model.share", experiment.model_share > 0);
    const auto own_share = [](const Experiment& island) {
      return island.model_share > 0 && std::ranges::count(island.own_keys, "model.share") > 0;
    };
    if (std::ranges::any_of(experiment.island_tables, own_share))
      blame(meant(kIslandsKey)->place, "model.share is for a language model, and the experiment has none");
    refuse("model.budget", experiment.model_budget.has_value());
    refuse("model.budget_tokens", experiment.model_budget_tokens.has_value());
  }
  const std::array<std::string_view, 1> models{kModelsKey};
  if (const auto fault = fault_of_models(experiment)) blame(place_of(models), *fault);
}

// What no key alone can be blamed for.
void KeyCollector::check_together(const Experiment& experiment) {
  const auto at = [&](auto... keys) {
    const std::array<std::string_view, sizeof...(keys)> all{keys...};
    return place_of(all);
  };
  if (given("environments.search") == nullptr) {
    blame({.shown = top_file_},
          "environments.search is missing; name at least one environment under [environments], "
          "as in search = [\"synthetic:\"]");
  }
  check_models(experiment);
  if (const auto fault = fault_of_islands(experiment)) blame(at("population.islands", kIslandsKey), *fault);
  if (experiment.champion_errors > 0 && experiment.validation_orderings == 0) {
    blame(at("objective.champion_errors"),
          "objective.champion_errors is measured on the validation orderings; set "
          "evaluation.validation_orderings above 0");
  }
  // Nearer together their logarithms may be the same.
  const bool both =
      experiment.budget_low != Experiment::kFromData && experiment.budget_high != Experiment::kFromData;
  if (both && !(experiment.budget_low * 1.001 <= experiment.budget_high)) {
    blame(at("objective.budget_low", "objective.budget_high"),
          fmt::format("objective.budget_low ({}) must be below objective.budget_high ({}), by 0.1% at least",
                      experiment.budget_low, experiment.budget_high));
  }
}

}  // namespace experiments
