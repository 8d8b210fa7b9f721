#include "experiments/config/experiment_keys.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <optional>
#include <utility>

#include "experiments/config/model_keys.hpp"
#include "experiments/config/variables.hpp"
#include "experiments/console/options.hpp"
#include "genome/variation/crossover.hpp"
#include "genome/variation/mutation.hpp"
#include "replay/environment/input_error.hpp"

namespace experiments {
namespace {

using evo::Experiment;
using evo::Founders;

constexpr std::size_t kMostBetas = 101;
constexpr std::size_t kMostTilts = 8;
constexpr std::size_t kNameBytes = 200;
constexpr std::size_t kTextBytes = 4000;
constexpr std::string_view kNoBudget = "none";
constexpr std::array<std::pair<std::string_view, Founders>, 3> kFounders{
    {{"library", Founders::kLibrary}, {"random", Founders::kRandom}, {"both", Founders::kBoth}}};

template <typename T>
Key whole(std::string name, T Experiment::*member, Range<std::int64_t> allowed) {
  const auto read = [=](const Value& value, Experiment& e) {
    const auto* number = std::get_if<std::int64_t>(&value.held);
    const bool good = number != nullptr && *number >= allowed.low && *number <= allowed.high;
    if (good) e.*member = static_cast<T>(*number);
    return good;
  };
  return {std::move(name), fmt::format("a whole number from {} to {}", allowed.low, allowed.high), read,
          [=](const Experiment& e) { return fmt::format("{}", e.*member); }};
}

Key real(std::string name, double Experiment::*member, std::string expected, bool (*allowed)(double)) {
  const auto read = [=](const Value& value, Experiment& e) {
    const std::optional<double> number = as_number(value);
    const bool good = number && allowed(*number);
    if (good) e.*member = *number;
    return good;
  };
  return {std::move(name), std::move(expected), read,
          [=](const Experiment& e) { return fmt::format("{}", e.*member); }};
}

Key chance(std::string name, double Experiment::*member) {
  return real(std::move(name), member, "a number from 0 to 1", [](double x) { return x >= 0 && x <= 1; });
}

bool good_name(const std::string& name) {
  const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20U || c == 0x7F; };
  return !name.empty() && name.size() <= kNameBytes && std::none_of(name.begin(), name.end(), control);
}

Key name_key() {
  const auto read = [](const Value& value, Experiment& e) {
    const auto* text = std::get_if<std::string>(&value.held);
    const bool good = text != nullptr && good_name(*text);
    if (good) e.name = *text;
    return good;
  };
  return {"name", fmt::format("a string of one line, 1 to {} bytes", kNameBytes), read,
          [](const Experiment& e) { return toml_string(e.name); }};
}

Key search_key() {
  const auto read = [](const Value& value, Experiment& e) {
    const auto* items = std::get_if<std::vector<Value>>(&value.held);
    std::vector<std::string> search;
    for (const Value& item : items != nullptr ? *items : std::vector<Value>()) {
      const auto* text = std::get_if<std::string>(&item.held);
      if (text == nullptr || text->empty()) return false;
      search.push_back(*text);
    }
    if (!search.empty()) e.search = std::move(search);
    return items != nullptr && !items->empty();
  };
  const auto write = [](const Experiment& e) {
    std::vector<std::string> items;
    for (const std::string& spec : e.search) items.push_back(toml_string(spec));
    return fmt::format("[{}]", fmt::join(items, ", "));
  };
  return {"environments.search", "an array of strings, not empty, as in [\"recorded.json\", \"synthetic:\"]",
          read, write};
}

Key held_out_key() {
  const auto read = [](const Value& value, Experiment& e) {
    const auto* items = std::get_if<std::vector<Value>>(&value.held);
    if (items == nullptr) return false;
    std::vector<std::string> held_out;
    for (const Value& item : *items) {
      const auto* text = std::get_if<std::string>(&item.held);
      if (text == nullptr || text->empty()) return false;
      held_out.push_back(*text);
    }
    e.held_out = std::move(held_out);
    return true;
  };
  const auto write = [](const Experiment& e) {
    std::vector<std::string> items;
    for (const std::string& spec : e.held_out) items.push_back(toml_string(spec));
    return fmt::format("[{}]", fmt::join(items, ", "));
  };
  return {"environments.held_out", "an array of strings, as in [\"unseen.json\"]", read, write};
}

Key betas_key() {
  const auto read = [](const Value& value, Experiment& e) {
    const auto* items = std::get_if<std::vector<Value>>(&value.held);
    if (items == nullptr || items->empty() || items->size() > kMostBetas) return false;
    std::vector<double> betas;
    for (const Value& item : *items) {
      const std::optional<double> beta = as_number(item);
      if (!beta || *beta < 0 || *beta > 1 || (!betas.empty() && *beta <= betas.back())) return false;
      betas.push_back(*beta);
    }
    e.betas = std::move(betas);
    return true;
  };
  return {"evaluation.betas",
          fmt::format("an array of 1 to {} rising numbers from 0 to 1, as in [0, 0.5, 1]", kMostBetas), read,
          [](const Experiment& e) { return fmt::format("[{}]", fmt::join(e.betas, ", ")); }};
}

Key tilts_key() {
  const auto read = [](const Value& value, Experiment& e) {
    const auto* items = std::get_if<std::vector<Value>>(&value.held);
    if (items == nullptr || items->size() > kMostTilts) return false;
    std::vector<double> tilts;
    for (const Value& item : *items) {
      const std::optional<double> odds = as_number(item);
      if (!odds || *odds < 0.01 || *odds > 100 || *odds == 1 ||
          std::find(tilts.begin(), tilts.end(), *odds) != tilts.end())
        return false;
      tilts.push_back(*odds);
    }
    e.reweightings = std::move(tilts);
    return true;
  };
  return {
      "environments.tilts",
      fmt::format("an array of at most {} different numbers from 0.01 to 100 other than 1, as in [0.25, 4]",
                  kMostTilts),
      read, [](const Experiment& e) { return fmt::format("[{}]", fmt::join(e.reweightings, ", ")); }};
}

Key budget_key() {
  const auto read = [](const Value& value, Experiment& e) {
    const auto* text = std::get_if<std::string>(&value.held);
    const auto* number = std::get_if<std::int64_t>(&value.held);
    if (text != nullptr && *text == kNoBudget) {
      e.budget.reset();
      return true;
    }
    const bool good = number != nullptr && *number >= kBudgets.low && *number <= kBudgets.high;
    if (good) e.budget = *number;
    return good;
  };
  const auto write = [](const Experiment& e) {
    return e.budget ? fmt::format("{}", *e.budget) : toml_string(kNoBudget);
  };
  return {"evaluation.budget",
          fmt::format("a whole number from {} to {}, or \"{}\"", kBudgets.low, kBudgets.high, kNoBudget),
          read, write};
}

Key founders_key() {
  const auto read = [](const Value& value, Experiment& e) {
    const auto* text = std::get_if<std::string>(&value.held);
    for (const auto& [word, founders] : kFounders) {
      if (text == nullptr || *text != word) continue;
      e.founders = founders;
      return true;
    }
    return false;
  };
  const auto write = [](const Experiment& e) {
    for (const auto& [word, founders] : kFounders) {
      if (founders == e.founders) return toml_string(word);
    }
    return toml_string("");
  };
  return {"population.founders", "\"library\", \"random\" or \"both\"", read, write};
}

Key text(std::string name, std::string Experiment::*member) {
  const auto read = [=](const Value& value, Experiment& e) {
    const auto* found = std::get_if<std::string>(&value.held);
    const bool good =
        found != nullptr && found->size() <= kTextBytes && found->find('\0') == std::string::npos;
    if (good) e.*member = *found;
    return good;
  };
  return {std::move(name), fmt::format("a string of at most {} bytes", kTextBytes), read,
          [=](const Experiment& e) { return toml_string(e.*member); }};
}

Key command_key() {
  const auto read = [](const Value& value, Experiment& e) {
    auto command = as_command(value);
    if (command) e.model_command = std::move(*command);
    return command.has_value();
  };
  const auto write = [](const Experiment& e) {
    std::vector<std::string> items;
    for (const std::string& word : e.model_command) items.push_back(toml_string(word));
    return fmt::format("[{}]", fmt::join(items, ", "));
  };
  return {"model.command",
          "an array of strings, the program and its arguments, as in [\"my-agent\", \"--print\"]", read,
          write};
}

Key truth(std::string name, bool Experiment::*member) {
  const auto read = [=](const Value& value, Experiment& e) {
    const auto* found = std::get_if<bool>(&value.held);
    if (found != nullptr) e.*member = *found;
    return found != nullptr;
  };
  return {std::move(name), "true or false", read,
          [=](const Experiment& e) { return std::string(e.*member ? "true" : "false"); }};
}

std::vector<std::string> operator_names() {
  std::vector<std::string> names;
  for (const genome::Mutation each : genome::all_mutations()) names.emplace_back(genome::name_of(each));
  for (const genome::Crossover each : genome::all_crossovers()) names.emplace_back(genome::name_of(each));
  return names;
}

Key operators_key() {
  const auto read = [](const Value& value, Experiment& e) {
    const auto* items = std::get_if<std::vector<Value>>(&value.held);
    if (items == nullptr) return false;
    const std::vector<std::string> known = operator_names();
    std::vector<std::string> without;
    for (const Value& item : *items) {
      const auto* word = std::get_if<std::string>(&item.held);
      if (word == nullptr || std::find(known.begin(), known.end(), *word) == known.end()) return false;
      without.push_back(*word);
    }
    e.without = std::move(without);
    return true;
  };
  const auto write = [](const Experiment& e) {
    std::vector<std::string> items;
    for (const std::string& name : e.without) items.push_back(toml_string(name));
    return fmt::format("[{}]", fmt::join(items, ", "));
  };
  return {"variation.without",
          fmt::format("an array of names of operators ({})", fmt::join(operator_names(), ", ")), read, write};
}

std::vector<Key> make_keys() {
  using E = Experiment;
  const auto positive = [](double x) { return x > 0; };
  const auto not_negative = [](double x) { return x >= 0; };
  return {
      name_key(),
      whole("seed", &E::seed, kSeeds),
      whole("generations", &E::generations, {1, 1'000'000}),
      search_key(),
      tilts_key(),
      held_out_key(),
      betas_key(),
      whole("evaluation.orderings", &E::orderings, kOrderings),
      whole("evaluation.first_ordering", &E::first_ordering, kSeeds),
      budget_key(),
      whole("evaluation.probe_cost", &E::probe_cost, kProbeCosts),
      whole("evaluation.first_slice", &E::first_rung, {0, 10'000}),
      truth("evaluation.cache", &E::cache),
      whole("evaluation.playoff", &E::validation_orderings, {0, 10'000}),
      real("objective.budget_low", &E::budget_low, "a number above 0", positive),
      real("objective.budget_high", &E::budget_high, "a number above 0", positive),
      real("objective.parsimony", &E::parsimony, "a number of at least 0", not_negative),
      real("objective.reach", &E::coverage_penalty, "a number of at least 0", not_negative),
      real("objective.evenness", &E::baseline_regret, "a number of at least 0", not_negative),
      real("objective.caution", &E::lower_bound_errors, "a number of at least 0", not_negative),
      real("objective.margin", &E::champion_errors, "a number of at least 0", not_negative),
      whole("population.size", &E::population, {2, 10'000}),
      whole("population.children", &E::children, {1, 10'000}),
      founders_key(),
      whole("population.auditions", &E::founder_candidates, {0, 100'000}),
      whole("population.tournament", &E::tournament, {1, 100}),
      whole("population.niche", &E::niche, {0, 10'000}),
      chance("variation.crossover", &E::crossover),
      chance("variation.constants", &E::constants),
      whole("variation.most_mutations", &E::most_mutations, {1, 100}),
      truth("variation.adaptive", &E::adaptive),
      operators_key(),
      truth("variation.freed", &E::beta_tables),
      whole("variation.simplified", &E::simplified, {0, 100}),
      whole("variation.tuned", &E::tuned, {0, 100}),
      whole("variation.tuning_steps", &E::tuning_steps, {1, 1000}),
      whole("variation.folds", &E::folds, {0, 100}),
      command_key(),
      text("model.name", &E::model_name),
      chance("model.share", &E::model_share),
      real("model.seconds", &E::model_seconds, "a number above 0, at most 86400",
           [](double x) { return x > 0 && x <= 86400; }),
      whole("model.repairs", &E::model_repairs, {0, 20}),
      whole("model.patience", &E::model_patience, {0, E::kNeverWaits}),
      chance("model.invent", &E::model_invent),
      whole("model.tuning_steps", &E::model_tuning_steps, {0, 1000}),
      text("model.advice", &E::model_advice),
      truth("model.required", &E::model_required),
  };
}

}  // namespace

std::string toml_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : escape(text)) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += std::string("\\") + c;
    } else if (byte < 0x20U || byte == 0x7FU) {
      out += fmt::format("\\u{:04X}", byte);
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::optional<std::vector<std::string>> as_command(const Value& value) {
  const auto* items = std::get_if<std::vector<Value>>(&value.held);
  if (items == nullptr) return std::nullopt;
  std::vector<std::string> command;
  for (const Value& item : *items) {
    const auto* word = std::get_if<std::string>(&item.held);
    if (word == nullptr || word->find('\0') != std::string::npos || (command.empty() && word->empty()))
      return std::nullopt;
    command.push_back(*word);
  }
  return command;
}

std::optional<double> as_number(const Value& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value.held)) return static_cast<double>(*whole);
  const auto* real = std::get_if<double>(&value.held);
  return real != nullptr && std::isfinite(*real) ? std::optional(*real) : std::nullopt;
}

std::string shown(const Value& value) {
  struct Shower {
    std::string operator()(Value::Other) const { return "something else"; }
    std::string operator()(bool truth) const { return truth ? "true" : "false"; }
    std::string operator()(std::int64_t number) const { return fmt::format("{}", number); }
    std::string operator()(double number) const { return fmt::format("{}", number); }
    std::string operator()(const std::string& text) const {
      return fmt::format("\"{}\"", replay::visible(text, 60));
    }
    std::string operator()(const std::vector<Value>& items) const {
      std::vector<std::string> all;
      for (const Value& item : items) all.push_back(shown(item));
      return replay::visible(fmt::format("[{}]", fmt::join(all, ", ")), 120);
    }
    std::string operator()(const std::vector<Field>&) const { return "a table"; }
  };
  return std::visit(Shower{}, value.held);
}

std::span<const Key> experiment_keys() {
  static const std::vector<Key> keys = [] {
    std::vector<Key> all = make_keys();
    for (Key& key : model_keys()) all.push_back(std::move(key));
    // Those of no section must come first in a file.
    std::stable_partition(all.begin(), all.end(),
                          [](const Key& key) { return section_of(key.name).empty(); });
    return all;
  }();
  return keys;
}

std::string_view section_of(std::string_view key) {
  const std::size_t dot = key.find('.');
  return dot == std::string_view::npos ? std::string_view() : key.substr(0, dot);
}

std::string_view last_part_of(std::string_view key) {
  const std::size_t dot = key.rfind('.');
  return dot == std::string_view::npos ? key : key.substr(dot + 1);
}

}  // namespace experiments
