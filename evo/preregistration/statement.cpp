#include "evo/preregistration/statement.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "evo/base/error.hpp"
#include "evo/base/sha256.hpp"
#include "genome/base/file.hpp"
#include "genome/base/json.hpp"
#include "genome/base/text.hpp"
#include "replay/environment/input_error.hpp"
#include "replay/environment/reader.hpp"

namespace evo {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kForm = "evotts_preregistration";
constexpr int kNewestForm = 1;
constexpr std::string_view kMadeUp = "synthetic:";

std::string content_sha256(const replay::Environment& environment) {
  if (environment.source.starts_with(kMadeUp)) return sha256_hex(replay::to_json(environment));
  const auto bytes = genome::base::content_of(environment.source);
  if (!bytes)
    throw replay::InputError(
        fmt::format("{}: cannot be read any more", genome::base::visible(environment.source)));
  return sha256_hex(*bytes);
}

Json json_of(const std::vector<RegisteredEnvironment>& environments) {
  Json all = Json::array();
  for (const RegisteredEnvironment& each : environments)
    all.push_back({{"name", each.name},
                   {"questions", each.questions},
                   {"digest", each.digest},
                   {"sha256", each.sha256}});
  return all;
}

Json json_of(const RegisteredComparison& comparison) {
  Json against = Json::array();
  for (const RegisteredController& each : comparison.against)
    against.push_back({{"name", each.name}, {"id", each.id}});
  Json json = {{"controller", "best of the last generation"}, {"generations", comparison.generations}};
  if (comparison.minutes) json["minutes"] = *comparison.minutes;
  json["against"] = against;
  json["betas"] = comparison.betas;
  json["budget_low"] = comparison.budget_low;
  json["budget_high"] = comparison.budget_high;
  if (!comparison.charge.is_tokens())
    json["charge"] = {{"tokens", comparison.charge.tokens},
                      {"latency_tokens", comparison.charge.latency_tokens}};
  json["orderings"] = comparison.orderings;
  return json;
}

std::vector<RegisteredEnvironment> environments_from(const Json& json) {
  std::vector<RegisteredEnvironment> all;
  for (const Json& each : json)
    all.push_back({.name = each.at("name"),
                   .digest = each.at("digest"),
                   .sha256 = each.at("sha256"),
                   .questions = each.at("questions")});
  return all;
}

RegisteredComparison comparison_from(const Json& json) {
  RegisteredComparison comparison{.generations = json.at("generations"),
                                  .minutes = std::nullopt,
                                  .against = {},
                                  .betas = json.at("betas"),
                                  .budget_low = json.at("budget_low"),
                                  .budget_high = json.at("budget_high"),
                                  .charge = {},
                                  .orderings = json.at("orderings")};
  if (json.contains("charge")) {
    const Json& charge = json.at("charge");
    comparison.charge = {.tokens = charge.at("tokens"), .latency_tokens = charge.at("latency_tokens")};
    if (!is_charge(comparison.charge)) throw std::invalid_argument("its charge has weights out of range");
  }
  if (json.contains("minutes")) comparison.minutes = json.at("minutes").get<double>();
  for (const Json& each : json.at("against")) comparison.against.push_back({each.at("name"), each.at("id")});
  return comparison;
}

Statement statement_from(const Json& json) {
  const Json &experiment = json.at("experiment"), &program = json.at("program"),
             &environments = json.at("environments");
  return {.claim = json.at("claim"),
          .experiment = experiment.at("name"),
          .seed = experiment.at("seed"),
          .experiment_sha256 = experiment.at("sha256"),
          .program = program.at("version"),
          .c_library = program.at("c_library"),
          .search = environments_from(environments.at("search")),
          .held_out = environments_from(environments.at("held_out")),
          .held_out_sha256 = environments.at("sealed_sha256"),
          .comparison = comparison_from(json.at("comparison"))};
}

// Words of the form alone. Two texts that read alike would be two statements with one meaning.
void expect_form(const Json& json) {
  if (!json.is_object() || !json.contains(kForm))
    throw std::invalid_argument("it is no preregistration of evotts");
  if (json.at(kForm) != kNewestForm)
    throw std::invalid_argument(fmt::format("its form is {}, and this evotts knows {}",
                                            genome::base::visible(json.at(kForm).dump(), 40), kNewestForm));
}

}  // namespace

std::vector<RegisteredEnvironment> registered(std::span<const replay::Environment> environments) {
  std::vector<RegisteredEnvironment> all;
  for (const replay::Environment& each : environments)
    all.push_back({each.name, each.digest, content_sha256(each), each.questions.size()});
  return all;
}

std::string statement_json(const Statement& statement) {
  const Json json = {
      {kForm, kNewestForm},
      {"claim", statement.claim},
      {"experiment",
       {{"name", statement.experiment}, {"seed", statement.seed}, {"sha256", statement.experiment_sha256}}},
      {"program", {{"version", statement.program}, {"c_library", statement.c_library}}},
      {"environments",
       {{"search", json_of(statement.search)},
        {"held_out", json_of(statement.held_out)},
        {"sealed_sha256", statement.held_out_sha256}}},
      {"comparison", json_of(statement.comparison)},
  };
  return json.dump(2) + "\n";
}

Statement statement_from(std::string_view text, std::string_view what) {
  try {
    if (text.size() > kMostStatementBytes)
      throw std::length_error(fmt::format("it has more than {} bytes", kMostStatementBytes));
    const Json json = genome::base::expect_json<Json>(text);
    expect_form(json);
    Statement statement = statement_from(json);
    if (statement_json(statement) == text) return statement;
  } catch (const std::exception& error) {
    throw RunError(fmt::format("{}: cannot be read: {}", what, genome::base::visible(error.what(), 300)));
  }
  throw RunError(fmt::format("{}: is not as evotts writes it; was it edited by hand?", what));
}

}  // namespace evo
