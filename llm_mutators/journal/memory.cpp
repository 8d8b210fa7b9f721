#include "llm_mutators/journal/memory.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <functional>
#include <iterator>
#include <nlohmann/json.hpp>

#include "genome/base/json.hpp"
#include "genome/base/text.hpp"

namespace llm_mutators {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kFormat = 1;
constexpr const char* kOtherReasons = "other reasons";
constexpr std::size_t kMostReasons = 16;  // kinds of them, of a model

Json json_of(const ModelRecord& m) {
  Json json = {{"name", m.name},          {"asked", m.asked},     {"answered", m.answered},
               {"children", m.children},  {"gains", m.gains},     {"input", m.input},
               {"cached", m.cached},      {"output", m.output},   {"unreported", m.unreported},
               {"money", m.money},        {"pulls", m.pulls},     {"gain", m.gain},
               {"cost", m.cost},          {"row", m.circuit.row}, {"until", m.circuit.until},
               {"pause", m.circuit.pause}};
  if (m.reasoning) json["reasoning"] = *m.reasoning;
  if (!m.left_out.empty()) json["left_out"] = m.left_out;
  for (const ModelRecord::Reason& each : m.reasons)
    json["reasons"].push_back({{"what", each.what}, {"count", each.count}});
  return json;
}

std::vector<ModelRecord::Reason> reasons_of(const Json& j) {
  std::vector<ModelRecord::Reason> reasons;
  for (const Json& each : j.value("reasons", Json::array()))
    reasons.push_back({each.at("what"), each.at("count")});
  return reasons;
}

ModelRecord record_of(const Json& j) {
  return {.name = j.at("name"),
          .asked = j.at("asked"),
          .answered = j.at("answered"),
          .children = j.at("children"),
          .gains = j.at("gains"),
          .input = j.at("input"),
          .cached = j.at("cached"),
          .output = j.at("output"),
          .reasoning =
              j.contains("reasoning") ? std::optional(j.at("reasoning").get<std::int64_t>()) : std::nullopt,
          .unreported = j.at("unreported"),
          .money = j.at("money"),
          .pulls = j.at("pulls"),
          .gain = j.at("gain"),
          .cost = j.at("cost"),
          .circuit = {.row = j.at("row"), .until = j.at("until"), .pause = j.at("pause")},
          .left_out = j.value("left_out", std::vector<std::string>()),
          .reasons = reasons_of(j)};
}

Json json_of(const PendingQuestion& p) {
  Json json = {{"digest", p.digest},
               {"model", p.model},
               {"purpose", p.purpose},
               {"generation", p.generation},
               {"index", p.index},
               {"parents", p.parents},
               {"parent_fitness", p.parent_fitness}};
  if (p.island > 0) json["island"] = p.island;
  return json;
}

PendingQuestion pending_of(const Json& j) {
  return {.digest = j.at("digest"),
          .model = j.at("model"),
          .purpose = j.at("purpose"),
          .generation = j.at("generation"),
          .index = j.at("index"),
          .parents = j.at("parents"),
          .parent_fitness = j.at("parent_fitness"),
          .island = j.value("island", std::size_t{0})};
}

}  // namespace

bool Circuit::note_failure(int generation, int most_in_a_row, bool hopeless) {
  if (!closed_at(generation + 1) && pause > 0 && row == 0) return false;  // it is open already
  ++row;
  if (row < most_in_a_row && !hopeless && !probing()) return false;
  pause = std::clamp(2 * pause, 1, kLongestPause);
  until = generation + pause;
  row = 0;
  return true;
}

void ModelRecord::note_reason(const std::string& what) {
  if (what.empty()) return;
  auto found = std::ranges::find(reasons, what, &Reason::what);
  if (found == reasons.end()) {
    const bool many = reasons.size() >= kMostReasons;
    if (!many || reasons.back().what != kOtherReasons)
      reasons.push_back({.what = many ? kOtherReasons : what});
    found = std::prev(reasons.end());
  }
  ++found->count;
}

Memory Memory::read(std::string_view text) {
  Memory memory;
  try {
    const Json json = genome::base::expect_json<Json>(text);
    if (json.at("format") != kFormat) return {};
    for (const Json& each : json.at("models")) memory.models.push_back(record_of(each));
    for (const Json& each : json.at("pending")) memory.pending.push_back(pending_of(each));
    for (const Json& each : json.at("lessons"))
      memory.lessons.push_back({each.at("generation"), each.at("hypothesis"), each.at("result")});
    memory.proposed = json.value("proposed", std::vector<std::string>());
  } catch (const std::exception&) {
    return {};
  }
  return memory;
}

std::string Memory::text() const {
  Json all_models = Json::array(), all_pending = Json::array(), all_lessons = Json::array();
  for (const ModelRecord& each : models) all_models.push_back(json_of(each));
  for (const PendingQuestion& each : pending) all_pending.push_back(json_of(each));
  for (const Lesson& each : lessons)
    all_lessons.push_back(
        {{"generation", each.generation}, {"hypothesis", each.hypothesis}, {"result", each.result}});
  Json json = {
      {"format", kFormat}, {"models", all_models}, {"pending", all_pending}, {"lessons", all_lessons}};
  if (!proposed.empty()) json["proposed"] = proposed;
  return json.dump();
}

void Memory::fade() {
  for (ModelRecord& model : models) model.pulls *= kFade, model.gain *= kFade, model.cost *= kFade;
}

ModelRecord& Memory::of(const std::string& name) {
  const auto found =
      std::find_if(models.begin(), models.end(), [&](const ModelRecord& m) { return m.name == name; });
  if (found != models.end()) return *found;
  models.push_back({.name = name});
  return models.back();
}

net::Amount Memory::spent() const {
  net::Amount spent;
  for (const ModelRecord& m : models) spent += {m.money, m.input, m.cached, m.output};
  return spent;
}

std::int64_t Memory::asked() const {
  std::int64_t sum = 0;
  for (const ModelRecord& m : models) sum += m.asked;
  return sum;
}

std::int64_t Memory::answered() const {
  std::int64_t sum = 0;
  for (const ModelRecord& m : models) sum += m.answered;
  return sum;
}

std::int64_t Memory::children() const {
  std::int64_t sum = 0;
  for (const ModelRecord& m : models) sum += m.children;
  return sum;
}

void Memory::learn(Lesson lesson) {
  lessons.push_back(std::move(lesson));
  if (lessons.size() > kMostLessons) lessons.erase(lessons.begin());
}

bool Memory::was_proposed(const std::string& fingerprint) const {
  return std::find(proposed.begin(), proposed.end(), fingerprint) != proposed.end();
}

void Memory::propose(std::string fingerprint) {
  proposed.push_back(std::move(fingerprint));
  if (proposed.size() > kMostProposed) proposed.erase(proposed.begin());
}

std::string reasons_text(const Memory& memory, std::size_t most) {
  std::vector<ModelRecord::Reason> all;
  for (const ModelRecord& model : memory.models) {
    for (const ModelRecord::Reason& each : model.reasons) {
      const auto found = std::ranges::find(all, each.what, &ModelRecord::Reason::what);
      if (found == all.end())
        all.push_back(each);
      else
        found->count += each.count;
    }
  }
  std::ranges::stable_sort(all, std::greater<>(), &ModelRecord::Reason::count);
  std::string text;
  for (std::size_t i = 0; i < std::min(all.size(), most); ++i)
    text += fmt::format("{}{} times {}", i == 0 ? "" : "; ", all[i].count, all[i].what);
  return text;
}

std::string spending_text(const Memory& memory, const net::SpendingLimits& limits, std::string_view currency,
                          const LostCalls& lost) {
  std::int64_t input = 0, cached = 0, output = 0, unreported = 0;
  for (const ModelRecord& m : memory.models) {
    input += m.input, cached += m.cached, output += m.output, unreported += m.unreported;
  }
  std::string out =
      fmt::format("{} exchanges, {} answered, {} children; {} tokens read ({} cached), {} written",
                  memory.asked(), memory.answered(), memory.children(), input, cached, output);
  if (limits.tokens)
    out += fmt::format(" of {} ({} left)", *limits.tokens,
                       *limits.tokens - memory.spent().tokens() - lost.amount.tokens());
  out += fmt::format("; {:.4f} {}", memory.spent().money, currency);
  if (limits.money)
    out += fmt::format(" of {:g} ({:.4f} left)", *limits.money,
                       *limits.money - memory.spent().money - lost.amount.money);
  if (unreported > 0) out += fmt::format("; {} without reported usage, counted at their worst", unreported);
  if (lost.calls > 0)
    out += fmt::format("; beside that {} without a reply, perhaps paid: at most {} tokens, {:.4f} {}",
                       lost.calls == 1 ? "1 call" : fmt::format("{} calls", lost.calls), lost.amount.tokens(),
                       lost.amount.money, currency);
  if (const std::string reasons = reasons_text(memory); !reasons.empty())
    out += fmt::format("; without a child: {}", genome::base::one_line(reasons));
  return out;
}

}  // namespace llm_mutators
