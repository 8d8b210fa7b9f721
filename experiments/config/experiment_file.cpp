#include "experiments/config/experiment_file.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <expected>
#include <fmt/format.h>
#include <functional>
#include <limits>
#include <map>
#include <system_error>
#include <toml++/toml.h>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "experiments/config/experiment_keys.hpp"
#include "experiments/config/model_files.hpp"
#include "experiments/config/model_keys.hpp"
#include "experiments/config/variables.hpp"
#include "experiments/console/options.hpp"
#include "experiments/console/text_file.hpp"
#include "experiments/console/usage_error.hpp"
#include "replay/environment/input_error.hpp"

namespace experiments {
namespace {

namespace fs = std::filesystem;
using evo::Experiment;
using replay::visible;

constexpr std::size_t kMostBytes = 1U << 20U;

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

std::vector<std::string> key_names() {
  std::vector<std::string> names;
  for (const Key& key : experiment_keys()) names.push_back(key.name);
  return names;
}

std::vector<std::string> section_names() {
  std::vector<std::string> names;
  for (const Key& key : experiment_keys()) {
    if (!section_of(key.name).empty()) names.emplace_back(section_of(key.name));
  }
  return names;
}

bool is_section(std::string_view name) {
  const std::vector<std::string> names = section_names();
  return std::find(names.begin(), names.end(), name) != names.end();
}

// For a key that does not exist: one of that name in another section, or one spelt alike.
std::string suggest_key(std::string_view unknown) {
  std::string_view nearest_key;
  for (const Key& key : experiment_keys()) {
    if (last_part_of(key.name) == last_part_of(unknown)) nearest_key = key.name;
  }
  if (!nearest_key.empty()) return fmt::format("; did you mean \"{}\"?", nearest_key);
  return did_you_mean(unknown, key_names());
}

// Where something was given, for messages and for their order; settings come after the file.
struct Place {
  std::uint32_t line = std::numeric_limits<std::uint32_t>::max();
  std::uint32_t column = 0;
  std::string shown;  // "demo.toml:3:8" or "--set seed"
};

struct Given {
  Value value;
  Place place;
};

// Collects what file and settings give, and everything that is wrong with it.
class Collector {
 public:
  explicit Collector(std::string_view name) : name_(visible(name)) {}

  void take_file(std::string_view text) {
    toml::table table;
    try {
      table = toml::parse(text);
    } catch (const toml::parse_error& error) {
      report(place_of(error.source()), fmt::format("not valid TOML: {}", visible(error.description())));
      readable_ = false;
      return;
    }
    for (const auto& [key, node] : table) {
      const toml::table* const section = node.as_table();
      if (section == nullptr || !is_section(key.str())) {
        take(std::string(key.str()), key.source(), node);
        continue;
      }
      for (const auto& [inner, value] : *section) {
        take(fmt::format("{}.{}", key.str(), inner.str()), inner.source(), value);
      }
    }
  }

  void take_setting(std::string_view setting) {
    const std::size_t equals = setting.find('=');
    const std::string name(setting.substr(0, equals));
    const Place place{.shown = fmt::format("--set {}", visible(name, 100))};
    if (equals == 0 || equals == std::string_view::npos) {
      report(place, "must be KEY=VALUE, as in --set evaluation.orderings=50");
    } else if (is_known(name)) {
      given_[name] = {setting_value(setting.substr(equals + 1)), place};
    } else if (is_section(name)) {
      report(place, fmt::format("is a section; set one of its keys, as in --set {}.KEY=VALUE", name));
    } else {
      report(place, fmt::format("there is no such key{}", suggest_key(name)));
    }
  }

  Experiment finish(const VariableLookup& variables) {
    Experiment experiment;
    for (const Key& key : experiment_keys()) {
      const auto found = given_.find(key.name);
      if (found == given_.end()) continue;
      Given& given = found->second;
      if (!expand_strings(given, given.value, key.name, variables)) continue;
      if (!key.read(given.value, experiment)) {
        report(given.place, key.fault ? fmt::format("{}: {}", key.name, key.fault(given.value))
                                      : fmt::format("{} must be {}, found {}", key.name, key.expected,
                                                    shown(given.value)));
      }
    }
    if (readable_) check_together(experiment);
    if (problems_.empty()) return experiment;
    std::vector<std::string> messages;
    std::stable_sort(problems_.begin(), problems_.end(), [](const Problem& a, const Problem& b) {
      return std::tie(a.place.line, a.place.column) < std::tie(b.place.line, b.place.column);
    });
    for (const Problem& problem : problems_)
      messages.push_back(fmt::format("{}: {}", problem.place.shown, problem.text));
    throw UsageError(std::move(messages));
  }

 private:
  struct Problem {
    Place place;
    std::string text;
  };

  Place place_of(const toml::source_region& source) const {
    const auto [line, column] = std::pair(source.begin.line, source.begin.column);
    return {line, column, fmt::format("{}:{}:{}", name_, line, column)};
  }

  void report(const Place& place, std::string text) { problems_.push_back({place, std::move(text)}); }

  static bool is_known(std::string_view name) {
    const auto keys = experiment_keys();
    return std::any_of(keys.begin(), keys.end(), [&](const Key& key) { return key.name == name; });
  }

  void take(const std::string& name, const toml::source_region& where, const toml::node& node) {
    const std::string quoted_name = fmt::format("\"{}\"", visible(name, 100));
    if (is_known(name)) {
      given_[name] = {value_of(node), place_of(node.source())};
    } else if (is_section(name)) {
      report(place_of(where), fmt::format("{} must be a section, as in [{}]", quoted_name, name));
    } else if (node.is_table()) {
      report(place_of(where),
             fmt::format("there is no section {}{}", quoted_name, did_you_mean(name, section_names())));
    } else {
      report(place_of(where), fmt::format("there is no key {}{}", quoted_name, suggest_key(name)));
    }
  }

  static Value setting_value(std::string_view text) {
    try {
      const toml::table table = toml::parse(fmt::format("value = {}\n", text));
      if (table.size() == 1) return value_of(*table.get("value"));
    } catch (const toml::parse_error&) {
      // a bare string, as most people write one on a command line
    }
    return {std::string(text)};
  }

  // Puts variables into every string of the value; false when that has failed and been told.
  bool expand_strings(const Given& given, Value& value, const std::string& key,
                      const VariableLookup& variables) {
    bool good = true;
    if (auto* items = std::get_if<std::vector<Value>>(&value.held)) {
      for (Value& item : *items) good = expand_strings(given, item, key, variables) && good;
    }
    if (auto* fields = std::get_if<std::vector<Field>>(&value.held)) {
      for (Field& field : *fields) good = expand_strings(given, field.value, key, variables) && good;
    }
    auto* const text = std::get_if<std::string>(&value.held);
    if (text == nullptr) return good;
    auto expanded = expand(*text, variables);
    if (expanded && genome::base::first_not_utf8(*expanded)) expanded = std::unexpected("must be UTF-8 text");
    if (!expanded) {
      report(given.place, fmt::format("{}: {}", key, expanded.error()));
      return false;
    }
    *text = std::move(*expanded);
    return true;
  }

  // What no key alone can be blamed for.
  void check_together(const Experiment& experiment) {
    const Place whole_file{.line = 0, .shown = name_};
    if (!given_.contains("environments.search") && experiment.search.empty()) {
      report(whole_file,
             "environments.search is missing; name at least one environment under [environments], "
             "as in search = [\"synthetic:\"]");
    }
    if (const auto fault = fault_of_models(experiment)) {
      const auto blamed = given_.find("models");
      report(blamed != given_.end() ? blamed->second.place : whole_file, *fault);
    }
    if (experiment.champion_errors > 0 && experiment.validation_orderings == 0) {
      const auto given = given_.find("objective.margin");
      report(given != given_.end() ? given->second.place : whole_file,
             "objective.margin is measured in the playoff; set evaluation.playoff above 0");
    }
    // Nearer together their logarithms may be the same.
    if (!(experiment.budget_low * 1.001 <= experiment.budget_high)) {
      const auto low = given_.find("objective.budget_low");
      const auto blamed = low != given_.end() ? low : given_.find("objective.budget_high");
      report(
          blamed != given_.end() ? blamed->second.place : whole_file,
          fmt::format("objective.budget_low ({}) must be below objective.budget_high ({}), by 0.1% at least",
                      experiment.budget_low, experiment.budget_high));
    }
  }

  std::string name_;
  bool readable_ = true;  // the file is TOML
  std::map<std::string, Given, std::less<>> given_;
  std::vector<Problem> problems_;
};

std::optional<std::string> process_variable(const std::string& name) {
  const char* const value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

// A relative path that only exists beside the experiment file is meant there.
std::string found_beside(const fs::path& experiment_file, const std::string& spec) {
  std::error_code unknown;
  const fs::path beside = experiment_file.parent_path() / spec;
  const bool relative = !spec.starts_with("synthetic:") && fs::path(spec).is_relative();
  return relative && !fs::exists(spec, unknown) && fs::exists(beside, unknown) ? beside.string() : spec;
}

}  // namespace

Experiment parse_experiment(std::string_view text, std::string_view name,
                            std::span<const std::string> settings, const VariableLookup& variables) {
  Collector collector(name);
  collector.take_file(text);
  for (const std::string& setting : settings) collector.take_setting(setting);
  return collector.finish(variables);
}

Experiment read_experiment(const fs::path& path, std::span<const std::string> settings) {
  const std::string text = read_text(path.string(), kMostBytes);
  Experiment experiment = parse_experiment(text, path.string(), settings, process_variable);
  for (std::string& spec : experiment.search) spec = found_beside(path, spec);
  for (std::string* file : {&experiment.model_prices, &experiment.model_template_folder}) {
    if (!file->empty()) *file = found_beside(path, *file);
  }
  freeze_model_files(experiment);
  for (std::string& spec : experiment.held_out) spec = found_beside(path, spec);
  return experiment;
}

std::string to_toml(const Experiment& experiment) {
  std::string text;
  std::string_view section;
  for (const Key& key : experiment_keys()) {
    if (section_of(key.name) != section) {
      section = section_of(key.name);
      text += fmt::format("\n[{}]\n", section);
    }
    text += fmt::format("{} = {}\n", last_part_of(key.name), key.write(experiment));
  }
  return text;
}

}  // namespace experiments
