#include "experiments/config/model_keys.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <set>

#include "experiments/console/options.hpp"
#include "experiments/console/text_file.hpp"
#include "llm_mutators/prompts/templates.hpp"
#include "net/http_client.hpp"
#include "net/key_rules.hpp"
#include "replay/environment/input_error.hpp"

namespace experiments {
namespace {

using evo::Experiment;
using evo::ModelSpec;
using net::ModelKind;
using replay::visible;

constexpr std::size_t kMostModels = 32;
constexpr std::size_t kLineBytes = 500;
constexpr std::size_t kTemplateBytes = 20'000;
constexpr double kMostPrice = 1e6;

// A field of a model: what it may be, how it is read and written (nothing: it is left out).
struct ModelField {
  std::string name;
  std::string expected;
  std::function<bool(const Value&, ModelSpec&)> read;
  std::function<std::optional<std::string>(const ModelSpec&)> write;
};

bool is_line(const std::string& text) {
  return text.size() <= kLineBytes && std::none_of(text.begin(), text.end(), [](char c) {
           return static_cast<unsigned char>(c) < 0x20U || c == 0x7F;
         });
}

bool is_variable_name(const std::string& text) {
  const auto word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
  return !text.empty() && text.size() <= 100 && std::isdigit(static_cast<unsigned char>(text[0])) == 0 &&
         std::all_of(text.begin(), text.end(), word);
}

ModelField line(std::string name, std::string ModelSpec::*member, std::string expected,
                bool (*allowed)(const std::string&)) {
  const auto read = [=](const Value& value, ModelSpec& spec) {
    const auto* text = std::get_if<std::string>(&value.held);
    const bool good = text != nullptr && allowed(*text);
    if (good) spec.*member = *text;
    return good;
  };
  const auto write = [=](const ModelSpec& spec) {
    return (spec.*member).empty() ? std::nullopt : std::optional(toml_string(spec.*member));
  };
  return {std::move(name), std::move(expected), read, write};
}

template <typename T>
ModelField number(std::string name, T ModelSpec::*member, double low, double high) {
  const auto read = [=](const Value& value, ModelSpec& spec) {
    const auto* whole = std::get_if<std::int64_t>(&value.held);
    const auto real = as_number(value);
    const bool good =
        real && *real >= low && *real <= high && (std::is_floating_point_v<T> || whole != nullptr);
    if (good) spec.*member = static_cast<T>(*real);
    return good;
  };
  return {std::move(name),
          fmt::format("a {}number from {:g} to {:g}", std::is_floating_point_v<T> ? "" : "whole ", low, high),
          read, [=](const ModelSpec& spec) { return std::optional(fmt::format("{}", spec.*member)); }};
}

template <typename T>
ModelField optional_number(std::string name, std::optional<T> ModelSpec::*member, double low, double high) {
  const auto read = [=](const Value& value, ModelSpec& spec) {
    const auto* whole = std::get_if<std::int64_t>(&value.held);
    const auto real = as_number(value);
    const bool good =
        real && *real >= low && *real <= high && (std::is_floating_point_v<T> || whole != nullptr);
    if (good) spec.*member = static_cast<T>(*real);
    return good;
  };
  const auto write = [=](const ModelSpec& spec) {
    return spec.*member ? std::optional(fmt::format("{}", *(spec.*member))) : std::nullopt;
  };
  return {std::move(name),
          fmt::format("a {}number from {:g} to {:g}", std::is_floating_point_v<T> ? "" : "whole ", low, high),
          read, write};
}

ModelField kind_field() {
  const auto read = [](const Value& value, ModelSpec& spec) {
    const auto* text = std::get_if<std::string>(&value.held);
    const auto kind = text == nullptr ? std::nullopt : net::model_kind_named(*text);
    if (kind) spec.kind = *kind;
    return kind.has_value();
  };
  return {"kind", net::model_kind_names(), read,
          [](const ModelSpec& spec) { return std::optional(toml_string(info_of(spec.kind).name)); }};
}

ModelField command_field() {
  const auto read = [](const Value& value, ModelSpec& spec) {
    auto command = as_command(value);
    if (command) spec.command = std::move(*command);
    return command.has_value();
  };
  const auto write = [](const ModelSpec& spec) -> std::optional<std::string> {
    if (spec.command.empty()) return std::nullopt;
    std::vector<std::string> words;
    for (const std::string& word : spec.command) words.push_back(toml_string(word));
    return fmt::format("[{}]", fmt::join(words, ", "));
  };
  return {"command", "an array of strings, as in [\"my-agent\", \"--print\"]", read, write};
}

ModelField seeded_field() {
  const auto read = [](const Value& value, ModelSpec& spec) {
    const auto* truth = std::get_if<bool>(&value.held);
    if (truth != nullptr) spec.seeded = *truth;
    return truth != nullptr;
  };
  return {"seeded", "true or false", read,
          [](const ModelSpec& spec) { return std::optional<std::string>(spec.seeded ? "true" : "false"); }};
}

ModelField price_field() {
  const auto read = [](const Value& value, ModelSpec& spec) {
    net::Price price;
    if (read_price(value, price)) return false;
    spec.price = price;
    return true;
  };
  const auto write = [](const ModelSpec& spec) -> std::optional<std::string> {
    if (!spec.price) return std::nullopt;
    const net::Price& p = *spec.price;
    return fmt::format("{{ input = {}, cached_read = {}, cache_write = {}, output = {} }}", p.input,
                       p.cached_read, p.cache_write, p.output);
  };
  return {"price", "a table of numbers of at least 0, as in { input = 3, output = 15 }", read, write};
}

const std::vector<ModelField>& fields() {
  using M = ModelSpec;
  static const std::vector<ModelField> all = {
      kind_field(),
      line("name", &M::name, "a string of one line", is_line),
      line("model", &M::model, "a string of one line", is_line),
      line("url", &M::url, "an http or https address without user, query or fragment",
           [](const std::string& t) { return is_line(t) && !net::host_of(t).empty(); }),
      line("key_variable", &M::key_variable,
           "the name of an environment variable, not a key itself (what was found is not shown)",
           is_variable_name),
      command_field(),
      number("seconds", &M::seconds, 0.01, 86400),
      number("concurrency", &M::concurrency, 1, 256),
      number("output_tokens", &M::output_tokens, 1, 1e7),
      optional_number("temperature", &M::temperature, 0, 2),
      line("effort", &M::effort, "a string of one line", is_line),
      optional_number("thinking_tokens", &M::thinking_tokens, 1024, 1e7),
      seeded_field(),
      price_field()};
  return all;
}

std::vector<std::string> field_names() {
  std::vector<std::string> names;
  for (const ModelField& field : fields()) names.push_back(field.name);
  return names;
}

// Reads one model; what is wrong with it otherwise.
std::optional<std::string> read_model(const Value& value, ModelSpec& spec) {
  const auto* given = std::get_if<std::vector<Field>>(&value.held);
  if (given == nullptr) return "a model is a table, as in [[models]]";
  for (const Field& each : *given) {
    const auto field = std::find_if(fields().begin(), fields().end(),
                                    [&](const ModelField& f) { return f.name == each.name; });
    if (field == fields().end())
      return fmt::format("a model has no \"{}\"{}", visible(each.name, 60),
                         did_you_mean(each.name, field_names()));
    if (!field->read(each.value, spec)) return fmt::format("{} must be {}", field->name, field->expected);
  }
  if (std::none_of(given->begin(), given->end(), [](const Field& each) { return each.name == "kind"; }))
    return fmt::format("kind is missing; it is {}", net::model_kind_names());
  const net::ModelKindInfo& kind = info_of(spec.kind);
  const bool by_command = kind.reached_by == net::ReachedBy::kCommand;
  if (spec.url.empty()) spec.url = kind.url;
  if (by_command ? spec.command.empty() : spec.model.empty())
    return fmt::format("a model of kind \"{}\" needs its {}", kind.name, by_command ? "command" : "model");
  if (spec.name.empty())
    spec.name = by_command ? std::filesystem::path(spec.command[0]).filename().string() : spec.model;
  settle_price(spec);
  return std::nullopt;
}

std::optional<std::string> read_models(const Value& value, std::vector<ModelSpec>& models) {
  const auto* items = std::get_if<std::vector<Value>>(&value.held);
  if (items == nullptr || items->size() > kMostModels)
    return fmt::format("must be at most {} tables, as in [[models]]", kMostModels);
  for (std::size_t i = 0; i < items->size(); ++i) {
    ModelSpec spec;
    if (auto fault = read_model((*items)[i], spec)) return fmt::format("model {}: {}", i + 1, *fault);
    models.push_back(std::move(spec));
  }
  return std::nullopt;
}

std::string written(const std::vector<ModelSpec>& models) {
  std::vector<std::string> tables;
  for (const ModelSpec& spec : models) {
    std::vector<std::string> pairs;
    for (const ModelField& field : fields()) {
      if (const auto text = field.write(spec)) pairs.push_back(fmt::format("{} = {}", field.name, *text));
    }
    tables.push_back(fmt::format("{{ {} }}", fmt::join(pairs, ", ")));
  }
  return fmt::format("[{}]", fmt::join(tables, ", "));
}

Key models_key() {
  const auto read = [](const Value& value, Experiment& e) {
    std::vector<ModelSpec> models;
    const bool good = !read_models(value, models);
    if (good) e.models = std::move(models);
    return good;
  };
  const auto fault = [](const Value& value) {
    std::vector<ModelSpec> models;
    return read_models(value, models).value_or("");
  };
  return {"models", "tables, as in [[models]]", read, [](const Experiment& e) { return written(e.models); },
          fault};
}

template <typename T>
Key limit_key(std::string name, std::optional<T> Experiment::*member, std::string expected) {
  const auto read = [=](const Value& value, Experiment& e) {
    const auto* text = std::get_if<std::string>(&value.held);
    const auto* whole = std::get_if<std::int64_t>(&value.held);
    if (text != nullptr && *text == "none") {
      (e.*member).reset();
      return true;
    }
    const auto number = as_number(value);
    const bool good = number && *number >= 0 && (std::is_floating_point_v<T> || whole != nullptr);
    if (good) e.*member = static_cast<T>(*number);
    return good;
  };
  const auto write = [=](const Experiment& e) {
    return e.*member ? fmt::format("{}", *(e.*member)) : std::string("\"none\"");
  };
  return {std::move(name), std::move(expected), read, write};
}

Key line_key(std::string name, std::string Experiment::*member) {
  const auto read = [=](const Value& value, Experiment& e) {
    const auto* text = std::get_if<std::string>(&value.held);
    const bool good = text != nullptr && is_line(*text);
    if (good) e.*member = *text;
    return good;
  };
  return {std::move(name), fmt::format("a string of one line, at most {} bytes", kLineBytes), read,
          [=](const Experiment& e) { return toml_string(e.*member); }};
}

Key template_key(const std::string& name, std::string evo::ModelTemplates::*member) {
  const auto fault_of = [=](const Value& value) -> std::optional<std::string> {
    const auto* text = std::get_if<std::string>(&value.held);
    if (text == nullptr || text->size() > kTemplateBytes)
      return fmt::format("must be a string of at most {} bytes", kTemplateBytes);
    return llm_mutators::template_fault(name, *text);
  };
  const auto read = [=](const Value& value, Experiment& e) {
    const bool good = !fault_of(value);
    if (good) e.model_templates.*member = std::get<std::string>(value.held);
    return good;
  };
  return {"prompts." + name, "a string", read,
          [=](const Experiment& e) { return toml_string(e.model_templates.*member); },
          [=](const Value& value) { return fault_of(value).value_or(""); }};
}

constexpr double kNotGiven = -1;

}  // namespace

std::vector<Key> model_keys() {
  using E = Experiment;
  using T = evo::ModelTemplates;
  return {
      models_key(),
      line_key("model.currency", &E::model_currency),
      limit_key("model.budget", &E::model_budget, "a number of at least 0, or \"none\""),
      limit_key("model.budget_tokens", &E::model_budget_tokens, "a whole number of at least 0, or \"none\""),
      line_key("model.prices", &E::model_prices),
      line_key("model.templates", &E::model_template_folder),
      template_key("task", &T::task),
      template_key("rules", &T::rules),
      template_key("mutate", &T::mutate),
      template_key("cross", &T::cross),
      template_key("invent", &T::invent),
      template_key("repair", &T::repair)};
}

void settle_price(evo::ModelSpec& spec) {
  if (!spec.price || spec.price->cache_write >= 0) return;
  spec.price->cache_write = spec.price->input * info_of(spec.kind).cache_write;
}

std::optional<std::string> read_price(const Value& value, net::Price& price) {
  const auto* given = std::get_if<std::vector<Field>>(&value.held);
  if (given == nullptr) return "a price is a table, as in { input = 3, output = 15 }";
  std::optional<double> input, cached_read, cache_write, output;
  for (const Field& each : *given) {
    auto* const kind = each.name == "input"         ? &input
                       : each.name == "cached_read" ? &cached_read
                       : each.name == "cache_write" ? &cache_write
                       : each.name == "output"      ? &output
                                                    : nullptr;
    const auto number = as_number(each.value);
    if (kind == nullptr)
      return fmt::format("a price has no \"{}\"; it has input, cached_read, cache_write, output",
                         visible(each.name, 60));
    if (!number || *number < 0 || *number > kMostPrice)
      return fmt::format("{} must be a number from 0 to {:.0f}", each.name, kMostPrice);
    *kind = *number;
  }
  if (!input || !output) return "a price needs input and output, for a million tokens";
  price = {*input, cached_read.value_or(*input), cache_write.value_or(kNotGiven), *output};
  return std::nullopt;
}

std::optional<std::string> fault_of_models(const Experiment& experiment) {
  std::set<std::string> names;
  for (const ModelSpec& spec : all_models(experiment)) {
    const std::string name = visible(spec.name, 60);
    if (!names.insert(spec.name).second)
      return fmt::format("two models are named \"{}\"; give one another name", name);
    if (!spec.key_variable.empty() && !net::key_may_go_to(spec.url))
      return fmt::format(
          "model \"{}\": its key would go through the network unencrypted; use https, or no key_variable",
          name);
    if (spec.thinking_tokens && *spec.thinking_tokens >= spec.output_tokens)
      return fmt::format("model \"{}\": thinking_tokens must be below output_tokens", name);
  }
  return std::nullopt;
}

std::vector<ModelSpec> all_models(const Experiment& experiment) {
  std::vector<ModelSpec> models;
  if (!experiment.model_command.empty()) {
    ModelSpec spec{.kind = ModelKind::kCommand,
                   .name = experiment.model_name,
                   .command = experiment.model_command,
                   .seconds = experiment.model_seconds,
                   .concurrency = 1};
    if (spec.name.empty()) spec.name = std::filesystem::path(spec.command[0]).filename().string();
    models.push_back(std::move(spec));
  }
  models.insert(models.end(), experiment.models.begin(), experiment.models.end());
  return models;
}

}  // namespace experiments
