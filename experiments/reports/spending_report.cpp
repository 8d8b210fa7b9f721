#include "experiments/reports/spending_report.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <optional>

#include "experiments/config/model_keys.hpp"
#include "genome/base/text.hpp"
#include "llm_mutators/journal/memory.hpp"

namespace experiments {
namespace {

using Json = nlohmann::ordered_json;
using llm_mutators::Memory;
using llm_mutators::ModelRecord;

constexpr std::size_t kMostName = 60;

std::string shown_name(const ModelRecord& model) {
  return genome::base::one_line(genome::base::beginning(model.name, kMostName));
}

// A model that the experiment gives no price (or that it does not have any more) costs nobody knows what.
std::optional<double> money_of(const evo::Experiment& experiment, const ModelRecord& model) {
  for (const evo::ModelSpec& spec : all_models(experiment)) {
    if (spec.name == model.name && spec.price) return model.money;
  }
  return model.money > 0 ? std::optional(model.money) : std::nullopt;
}

template <typename T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

Json tokens_json(const ModelRecord& sum) {
  return {{"input", sum.input},
          {"cached", sum.cached},
          {"output", sum.output},
          {"reasoning", or_null(sum.reasoning)}};
}

ModelRecord total(const Memory& memory) {
  ModelRecord sum;
  for (const ModelRecord& each : memory.models) {
    sum.asked += each.asked, sum.answered += each.answered;
    sum.children += each.children, sum.gains += each.gains;
    sum.input += each.input, sum.cached += each.cached, sum.output += each.output;
    if (each.reasoning) sum.reasoning = sum.reasoning.value_or(0) + *each.reasoning;
    sum.unreported += each.unreported;
    sum.money += each.money;
  }
  return sum;
}

Json counts_json(const ModelRecord& sum) {
  return {{"exchanges", sum.asked}, {"answered", sum.answered},   {"children", sum.children},
          {"gains", sum.gains},     {"tokens", tokens_json(sum)}, {"usage_unknown", sum.unreported}};
}

// Why exchanges brought no child.
Json reasons_json(const ModelRecord& model) {
  Json all = Json::array();
  for (const ModelRecord::Reason& each : model.reasons)
    all.push_back({{"reason", genome::base::one_line(each.what)}, {"exchanges", each.count}});
  return all;
}

// What is allowed, and what of it is left.
Json budget_json(const evo::Experiment& experiment, const ModelRecord& sum,
                 const llm_mutators::LostCalls& lost) {
  Json json = {{"money", or_null(experiment.model_budget)},
               {"money_left", Json()},
               {"tokens", or_null(experiment.model_budget_tokens)},
               {"tokens_left", Json()}};
  if (experiment.model_budget) json["money_left"] = *experiment.model_budget - sum.money - lost.amount.money;
  if (experiment.model_budget_tokens)
    json["tokens_left"] = *experiment.model_budget_tokens - sum.input - sum.output - lost.amount.tokens();
  return json;
}

}  // namespace

std::string spending_line(const evo::Experiment& experiment, const std::string& memory,
                          const llm_mutators::LostCalls& lost) {
  const auto known = Memory::read(memory);
  std::string text = llm_mutators::spending_text(
      known, {experiment.model_budget, experiment.model_budget_tokens}, experiment.model_currency, lost);
  if (!known.pending.empty()) text += fmt::format("; {} under way", known.pending.size());
  for (const ModelRecord& model : known.models) {
    if (model.circuit.pause > 0)
      text += fmt::format("; {} has failed and is tried again from generation {} on", shown_name(model),
                          model.circuit.until);
  }
  return text;
}

Table spending_table(const evo::Experiment& experiment, const std::string& memory) {
  Table table({"model", "exchanges", "answered", "children", "gains", "input", "cached", "output",
               "reasoning", "money"});
  for (const ModelRecord& each : Memory::read(memory).models) {
    const auto money = money_of(experiment, each);
    table.add_row({shown_name(each), each.asked, each.answered, each.children, each.gains, each.input,
                   each.cached, each.output, each.reasoning ? Cell{*each.reasoning} : Cell{Missing{}},
                   money ? Cell{Decimal{*money, 4}} : Cell{Missing{}}});
  }
  return table;
}

Table reasons_table(const std::string& memory) {
  Table table({"model", "exchanges", "reason"});
  for (const ModelRecord& each : Memory::read(memory).models) {
    for (const ModelRecord::Reason& reason : each.reasons)
      table.add_row({shown_name(each), reason.count, genome::base::one_line(reason.what)});
  }
  return table;
}

Json spending_json(const evo::Experiment& experiment, const std::string& memory,
                   const llm_mutators::LostCalls& lost) {
  const auto known = Memory::read(memory);
  const ModelRecord sum = total(known);
  Json json = counts_json(sum);
  json["under_way"] = known.pending.size();
  json["money"] = sum.money;
  json["perhaps_paid"] = {
      {"calls", lost.calls}, {"tokens", lost.amount.tokens()}, {"money", lost.amount.money}};
  json["currency"] = genome::base::one_line(experiment.model_currency);
  json["budget"] = budget_json(experiment, sum, lost);
  json["by_model"] = Json::array();
  for (const ModelRecord& each : known.models) {
    Json one = {{"model", shown_name(each)}};
    one.update(counts_json(each));
    one["without_child"] = reasons_json(each);
    one["money"] = or_null(money_of(experiment, each));
    one["tried_again_from"] = each.circuit.pause > 0 ? Json(each.circuit.until) : Json();
    json["by_model"].push_back(std::move(one));
  }
  return json;
}

}  // namespace experiments
