#include "live/formats/columns.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "genome/base/text.hpp"
#include "live/files/json_records.hpp"
#include "live/formats/usual_columns.hpp"

namespace live {
namespace {

using genome::base::visible;
using Names = std::span<const std::string_view>;

constexpr int kMostLevels = 8;  // of lists within lists

std::string first_of(const ColumnFacts& facts, Names names, const std::string& but = {}) {
  const auto first = [&](bool ColumnFact::*wanted) {
    const auto found = std::ranges::find_if(
        names, [&](std::string_view name) { return name != but && facts.of(name).*wanted; });
    return found == names.end() ? std::string() : std::string(*found);
  };
  const std::string told = first(&ColumnFact::told);
  return told.empty() ? first(&ColumnFact::there) : told;
}

std::string_view first_of(JsonObject record, Names names) {
  const auto is_told = [&](std::string_view name) { return find(record, name).has_value(); };
  const auto found = std::ranges::find_if(names, is_told);
  return found == names.end() ? std::string_view() : *found;
}

std::optional<JsonElement> first_told(JsonArray list) {
  for (const JsonElement each : list)
    if (!each.is_null()) return each;
  return std::nullopt;
}

// What a value shows of what its column holds: itself, or the first of a list that is told.
std::optional<JsonElement> shown_by(JsonElement value) {
  for (int level = 0; level < kMostLevels; ++level) {
    const auto list = as_array(value);
    if (!list) break;
    const auto told = first_told(*list);
    if (!told) return std::nullopt;
    value = *told;
  }
  return value;
}

std::vector<std::pair<std::string, std::string>> usual_signals(const ColumnFacts& facts) {
  std::vector<std::pair<std::string, std::string>> found;
  for (const auto& [column, name] : usual::kSignals) {
    if (!facts.of(column).numbers || facts.of(column).others) continue;
    if (std::ranges::find(found, name, &std::pair<std::string, std::string>::first) == found.end())
      found.emplace_back(name, column);
  }
  return found;
}

std::string names_in(JsonObject record) {
  std::string names;
  std::size_t count = 0;
  for (const auto& [name, value] : record) {
    if (++count > 20) return names + ", ...";
    names += fmt::format("{}\"{}\"", names.empty() ? "" : ", ", visible(name, 40));
  }
  return names.empty() ? "it has none" : "it has " + names;
}

void expect_column(const ColumnFacts& facts, const std::string& name, std::string_view option) {
  if (name.empty() || facts.of(name).there) return;
  const std::string among =
      facts.records() > 1 ? fmt::format(" in the first {} records", facts.records()) : std::string();
  throw BadRecord(
      fmt::format("there is no column \"{}\" ({}){}: {}", visible(name, 60), option, among, facts.names()));
}

void choose_all(const ColumnFacts& facts, ColumnNames& found) {
  const auto choose = [&](std::string& name, Names usual, const std::string& but = {}) {
    if (name.empty()) name = first_of(facts, usual, but);
  };
  choose(found.id, usual::kId);
  choose(found.question, usual::kQuestion);
  choose(found.gold, usual::kGold, found.answer);
  choose(found.text, usual::kText);
  choose(found.answer, usual::kAnswer, found.gold);
  choose(found.tokens, usual::kTokens);
  choose(found.sample, usual::kSample);
  choose(found.reason, usual::kReason);
  choose(found.right, usual::kRight);
  choose(found.options, usual::kOptions);
  choose(found.model, usual::kModel);
  if (found.signals.empty()) found.signals = usual_signals(facts);
  if (!found.right.empty()) return;
  for (const char* const name : {"score", "scores"})  // a verdict that is called a score
    if (facts.of(name).others && !facts.of(name).numbers) found.right = name;
}

// Names with points lead into objects.
std::vector<std::string> paths_of(const ColumnNames& given) {
  std::vector<std::string> paths{"usage.completion_tokens", "usage.output_tokens"};
  for (const std::string* const name :
       {&given.id, &given.question, &given.gold, &given.text, &given.answer, &given.right, &given.tokens,
        &given.sample, &given.reason, &given.options, &given.model})
    if (name->contains('.')) paths.push_back(*name);
  for (const auto& [signal, column] : given.signals)
    if (column.contains('.')) paths.push_back(column);
  return paths;
}

}  // namespace

ColumnFacts::ColumnFacts(const ColumnNames& given) : paths_(paths_of(given)) {}

void ColumnFacts::add(JsonObject record) {
  if (records_++ == 0) names_ = names_in(record);
  for (const auto& [name, value] : record) add(name, value);
  for (const std::string& path : paths_)
    if (const auto value = at_path(record, path)) add(path, *value);
}

void ColumnFacts::add(std::string_view name, JsonElement value) {
  if (facts_.size() == kMostJsonMembers && !facts_.contains(std::string(name))) return;
  ColumnFact& fact = facts_[std::string(name)];
  fact.there = true;
  if (value.is_null()) return;
  fact.told = true;
  // Of a truth value a score is a verdict, and no number.
  if (const auto shown = shown_by(value)) (as_number(*shown) ? fact.numbers : fact.others) = true;
}

ColumnFact ColumnFacts::of(std::string_view name) const {
  const auto found = facts_.find(std::string(name));
  return found == facts_.end() ? ColumnFact() : found->second;
}

ColumnNames found_columns(const ColumnFacts& facts, const ColumnNames& given) {
  for (const auto& [name, option] : {std::pair(&given.id, "--id-column"),
                                     {&given.question, "--question-column"},
                                     {&given.gold, "--gold-column"},
                                     {&given.text, "--text-column"},
                                     {&given.answer, "--answer-column"},
                                     {&given.tokens, "--tokens-column"},
                                     {&given.right, "--right-column"},
                                     {&given.reason, "--reason-column"},
                                     {&given.options, "--options-column"},
                                     {&given.model, "--model-column"},
                                     {&given.sample, "--sample-column"}})
    expect_column(facts, *name, option);
  for (const auto& [signal, column] : given.signals) expect_column(facts, column, "--signal");
  ColumnNames found = given;
  choose_all(facts, found);
  if (found.text.empty() && found.answer.empty())
    throw BadRecord(fmt::format(
        "no column looks like texts or answers; name one with --text-column or --answer-column: {}",
        facts.names()));
  if (found.question.empty() && found.id.empty())
    throw BadRecord(
        fmt::format("no column looks like the question; name one with --question-column: {}", facts.names()));
  return found;
}

ColumnNames found_entry_columns(JsonObject entry) {
  ColumnFacts facts;
  facts.add(entry);
  ColumnNames found;
  found.gold = "-";  // it stands beside the list, so that "answer" is the sample's
  choose_all(facts, found);
  if (found.text.empty() && found.answer.empty())
    throw BadRecord(
        fmt::format("a sample has nothing that looks like its text or answer: {}", facts.names()));
  return found;
}

std::optional<JsonElement> usual_question(JsonObject record) {
  const std::string_view name = first_of(record, usual::kQuestion);
  return name.empty() ? std::nullopt : find(record, name);
}

std::optional<JsonElement> usual_gold(JsonObject record) {
  const std::string_view name = first_of(record, usual::kGold);
  return name.empty() ? std::nullopt : find(record, name);
}

}  // namespace live
