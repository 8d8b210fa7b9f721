#include "experiments/config/model_keys.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <set>
#include <string_view>
#include <utility>

#include "experiments/console/options.hpp"
#include "genome/base/text.hpp"
#include "net/address/key_rules.hpp"
#include "net/address/url.hpp"

namespace experiments {
namespace {

using evo::Experiment;
using evo::ModelSpec;
using genome::base::visible;
using net::ModelKind;

constexpr std::size_t kMostModels = 32;
constexpr std::size_t kMostHosts = 32;
constexpr std::size_t kLineBytes = 500;
constexpr double kMostPrice = 1e6;
constexpr std::string_view kSecretField = "key_variable";  // a key may stand there by mistake

bool is_variable_name(const std::string& text) {
  const auto word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
  return !text.empty() && text.size() <= 100 && std::isdigit(static_cast<unsigned char>(text[0])) == 0 &&
         std::all_of(text.begin(), text.end(), word);
}

Form<net::Price> price_form() {
  const auto read = [](const Value& value) {
    net::Price price;
    return read_price(value, price) ? std::nullopt : std::optional(price);
  };
  const auto write = [](const net::Price& p) {
    return fmt::format("{{ input = {}, cached_read = {}, cache_write = {}, output = {} }}", p.input,
                       p.cached_read, p.cache_write, p.output);
  };
  return {"a table of numbers of at least 0, as in { input = 3, output = 15 }", read, write};
}

Form<ModelKind> kind_form() {
  const auto read = [](const Value& value) {
    const auto* text = std::get_if<std::string>(&value.held);
    return text == nullptr ? std::nullopt : net::model_kind_named(*text);
  };
  return {net::model_kind_names(), read, [](ModelKind kind) { return toml_string(net::info_of(kind).name); }};
}

template <typename Member, typename T>
KeyOf<ModelSpec> field(std::string name, Member member, const Form<T>& form, std::string unit,
                       std::string help, std::string when) {
  return {std::move(name), bound_to<ModelSpec>(member, form), std::move(unit), std::move(help),
          std::move(when)};
}

std::vector<KeyOf<ModelSpec>> make_fields() {
  using M = ModelSpec;
  const Form<std::string> any_line = unless_empty(
      string_of("a string of one line", [](const std::string& t) { return is_line(t, kLineBytes); }));
  const auto url =
      string_of("an http or https address without user, query or fragment",
                [](const std::string& t) { return is_line(t, kLineBytes) && !net::host_of(t).empty(); });
  const auto variable = string_of("the name of an environment variable, not a key itself", is_variable_name);
  return {
      field("kind", &M::kind, kind_form(), "", "how it is reached", "always: by how the model is reached"),
      field("name", &M::name, any_line, "", "in operators and journal; else the model or the program",
            "where two models are the same but for their settings"),
      field("model", &M::model, any_line, "", "as the server calls it",
            "always, except for kind \"command\""),
      field("url", &M::url, unless_empty(url), "", "base address; the provider's own when left out",
            "for a server of your own, or a gateway"),
      field(std::string(kSecretField), &M::key_variable, unless_empty(variable), "",
            "environment variable that holds the key; none is sent without it",
            "when the server wants a key; the key itself never stands in a file"),
      field("unencrypted_hosts", &M::unencrypted_hosts,
            unless_empty(strings("an array of hosts, as in [\"gpu.lan\", \"10.0.0.0/8\"]",
                                 [](const std::vector<std::string>& hosts) {
                                   return hosts.size() <= kMostHosts &&
                                          std::ranges::all_of(hosts, net::is_host_name);
                                 })),
            "", "hosts of your own network that may be sent the key without encryption",
            "for an http server of your own on another machine; all that pass the key on must be among them"),
      field("command", &M::command,
            unless_empty(command("an array of strings, as in [\"my-agent\", \"--print\"]")), "",
            "of kind \"command\": the program and its arguments", "always, for kind \"command\""),
      field("seconds", &M::seconds, between(0.01, 86400), "seconds",
            "for one exchange, all its tries included", "raise it for models that reason long"),
      field("concurrency", &M::concurrency, whole(1, 256), "exchanges", "under way at a time",
            "lower it when the server limits calls; higher keeps more questions under way"),
      field("output_tokens", &M::output_tokens, whole(1, 10'000'000), "tokens",
            "the most it may write in a reply, reasoning included",
            "raise it for models that reason long: a reply that is cut off is lost"),
      field("temperature", &M::temperature, if_given(between(0, 2)), "number", "not sent when left out",
            "higher for more varied proposals, where the model takes it"),
      field("effort", &M::effort, any_line, "", "of reasoning; not sent when left out",
            "lower for cheap proposals, higher for better thought-out ones, where the model takes it"),
      field("thinking_tokens", &M::thinking_tokens, if_given(whole(1024, 10'000'000)), "tokens",
            "of Anthropic's models; no thinking when left out",
            "set it to let the model reason before its reply; it must be below `output_tokens`"),
      field("seeded", &M::seeded, truth(), "", "of kind \"openai\": whether a seed is sent",
            "false for servers that refuse a seed"),
      field("price", &M::price, if_given(price_form()), "money",
            "for a million tokens: input, cached_read, cache_write, output",
            "always, with `model.budget`: money is counted by it"),
  };
}

std::vector<std::string> field_names() {
  std::vector<std::string> names;
  for (const KeyOf<ModelSpec>& each : model_fields()) names.push_back(each.name);
  return names;
}

std::string no_such_field(const std::string& name) {
  std::string instead = did_you_mean(name, field_names());
  if (instead.empty()) instead = fmt::format("; it has {}", fmt::join(field_names(), ", "));
  return fmt::format("a model has no \"{}\"{}", visible(name, 60), instead);
}

// Reads one model; what is wrong with it otherwise.
std::optional<std::string> read_model(const Value& value, ModelSpec& spec) {
  const auto* given = std::get_if<std::vector<Field>>(&value.held);
  if (given == nullptr) return "a model is a table, as in [[models]]";
  for (const Field& each : *given) {
    const auto field = std::ranges::find(model_fields(), each.name, &KeyOf<ModelSpec>::name);
    if (field == model_fields().end()) return no_such_field(each.name);
    if (!field->value.read(each.value, spec))
      return fmt::format("{} must be {}{}", field->name, field->value.expected,
                         field->name == kSecretField ? " (what was found is not shown)" : "");
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
    for (const KeyOf<ModelSpec>& each : model_fields()) {
      const std::string text = each.value.write(spec);
      if (!text.empty()) pairs.push_back(fmt::format("{} = {}", each.name, text));
    }
    tables.push_back(fmt::format("{{ {} }}", fmt::join(pairs, ", ")));
  }
  return fmt::format("[{}]", fmt::join(tables, ", "));
}

constexpr double kNotGiven = -1;

}  // namespace

const std::vector<KeyOf<ModelSpec>>& model_fields() {
  static const std::vector<KeyOf<ModelSpec>> all = make_fields();
  return all;
}

std::optional<std::string> fault_of_field(const std::vector<std::string>& fields, const Value& value) {
  const auto field = std::ranges::find(model_fields(), fields.front(), &KeyOf<ModelSpec>::name);
  if (field == model_fields().end()) return no_such_field(fields.front());
  const auto* text = std::get_if<std::string>(&value.held);
  ModelSpec scratch;
  if (fields.size() > 1 || (text != nullptr && text->find("${") != std::string::npos) ||
      field->value.read(value, scratch))
    return std::nullopt;
  return fmt::format("must be {}{}", field->value.expected,
                     field->name == kSecretField ? " (what was found is not shown)"
                                                 : fmt::format(", found {}", shown(value)));
}

Form<std::vector<ModelSpec>> models_form() {
  const auto read = [](const Value& value) {
    std::vector<ModelSpec> models;
    return read_models(value, models) ? std::nullopt : std::optional(std::move(models));
  };
  const auto fault = [](const Value& value) {
    std::vector<ModelSpec> models;
    return read_models(value, models).value_or("");
  };
  return {"tables, as in [[models]]", read, written, fault};
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
    if (!spec.key_variable.empty() && !net::key_may_go_to(spec.url, spec.unencrypted_hosts))
      return fmt::format(
          "model \"{0}\": its key would go through the network unencrypted; use https, or no key_variable, "
          "or "
          "say unencrypted_hosts = [\"{1}\"] where that network is your own",
          name, net::host_of(spec.url));
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

bool asks_models(const Experiment& experiment) {
  const auto asks = [](const Experiment& island) { return island.model_share > 0; };
  return (asks(experiment) || std::ranges::any_of(experiment.island_tables, asks)) &&
         !all_models(experiment).empty();
}

}  // namespace experiments
