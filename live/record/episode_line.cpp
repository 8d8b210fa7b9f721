// An episode as a line of JSON. What is read back is in episode_json.cpp.
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "genome/base/json.hpp"
#include "genome/base/text.hpp"
#include "live/record/episode_json.hpp"
#include "live/record/names.hpp"

namespace live {
namespace {

using genome::base::valid_utf8;
using Json = nlohmann::ordered_json;

template <typename T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}
Json or_null(const std::optional<std::string>& text) { return text ? Json(valid_utf8(*text)) : Json(); }

Json json_of(const TrailBranch& branch, bool texts) {
  Json looks = Json::array();
  for (const TrailLook& look : branch.looks)
    looks.push_back({{"depth", look.depth},
                     {"answer", valid_utf8(look.answer)},
                     {"said", texts ? or_null(look.said) : Json()}});
  Json signals = Json::object();
  for (const auto& [name, numbers] : branch.signals) signals[name] = numbers;
  return {{"end", name_of(branch.end)},
          {"tokens", branch.tokens},
          {"intervals", branch.intervals},
          {"cut", branch.cut},
          {"answer", branch.end == TrailBranch::End::kFinished ? Json(valid_utf8(branch.answer)) : Json()},
          {"error", branch.error.empty() ? Json() : Json(valid_utf8(branch.error))},
          {"looks", looks},
          {"signals", signals},
          {"text", texts ? or_null(branch.text) : Json()}};
}

Json json_of(const replay::Action& action) {
  Json json = Json::array({action.round < 0 ? Json() : Json(action.round), kActionNames.name_of(action.kind),
                           action.lane, action.cost});
  if (action.finished || action.cut) json.push_back(action.cut ? "cut" : "finished");
  return json;
}

void add_outcome(Json& json, const EpisodeOutcome& outcome) {
  Json votes = Json::array();
  for (const Vote& vote : outcome.votes)
    votes.push_back(
        {{"answer", valid_utf8(vote.answer)}, {"finished", vote.finished}, {"others", vote.others}});
  json["end"] = name_of(outcome.how);
  json["error"] = outcome.error.empty() ? Json() : Json(valid_utf8(outcome.error));
  json["answer"] = or_null(outcome.answer);
  json["branch"] = or_null(outcome.branch);
  json["text"] = kSourceNames.name_of(outcome.from);
  json["finished_text"] =
      outcome.from == EpisodeOutcome::Text::kFinished ? Json(valid_utf8(outcome.text)) : Json();
  json["cut"] = outcome.cut;
  json["ceiling_reached"] = outcome.ceiling;
  json["deadline_reached"] = outcome.deadline;
  json["votes"] = votes;
  const SessionUsage& session = outcome.session;
  json["rounds"] = session.rounds;
  json["spent"] = session.spent;
  json["latency"] = session.latency;
  json["counts"] = {{"opened", session.opened},
                    {"finished", session.finished},
                    {"pruned", session.pruned},
                    {"lost", session.lost}};
  const EpisodeTokens& tokens = outcome.tokens;
  json["tokens"] = {{"branches", tokens.branches}, {"looks", tokens.looks},   {"finishing", tokens.finishing},
                    {"lost", tokens.lost},         {"prompt", tokens.prompt}, {"cached", tokens.cached}};
  json["requests"] = tokens.requests;
}

std::string line_of(const EpisodeRecord& record, bool texts) {
  Json json = {{"evotts", "episode"},
               {"version", kRecordVersion},
               {"id", valid_utf8(record.id)},
               {"time", valid_utf8(record.time)},
               {"program", valid_utf8(record.head.program)},
               {"controller", {{"name", valid_utf8(record.head.controller)}, {"digest", record.head.digest}}},
               {"made", Json::parse(record.head.made)},
               {"model", valid_utf8(record.model)},
               {"beta", record.beta},
               {"seed", record.seed},
               {"budget", or_null(record.budget)},
               {"ceiling", or_null(record.ceiling)},
               {"deadline", or_null(record.deadline)},
               {"seconds", record.seconds}};
  Json messages = Json::array(), branches = Json::array(), actions = Json::array();
  for (const Message& each : record.messages)
    messages.push_back({{"role", valid_utf8(each.role)}, {"content", valid_utf8(each.content)}});
  json["messages"] = messages;
  add_outcome(json, record.outcome);
  if (const EpisodeTrail* const trail = record.outcome.trail.get(); trail != nullptr) {
    for (const TrailBranch& branch : trail->branches) branches.push_back(json_of(branch, texts));
    for (const replay::Action& action : trail->actions) actions.push_back(json_of(action));
  }
  json["branches"] = std::move(branches);
  json["actions"] = std::move(actions);
  json["actions_left_out"] = record.outcome.trail ? record.outcome.trail->actions_left_out : 0;
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::size_t bytes_of_messages(const EpisodeRecord& record) {
  std::size_t bytes = 0;
  for (const Message& each : record.messages) bytes += each.content.size();
  return bytes;
}

std::size_t bytes_of_texts(const EpisodeRecord& record) {
  std::size_t bytes = 0;
  if (!record.outcome.trail) return bytes;
  for (const TrailBranch& branch : record.outcome.trail->branches)
    bytes += branch.text ? branch.text->size() : 0;
  return bytes;
}

}  // namespace

// What is too large is known before it is written where texts alone make it so.
std::string line_of(const EpisodeRecord& record) {
  const std::size_t asked = bytes_of_messages(record);
  if (asked > genome::base::kMostJsonBytes)
    throw std::length_error("an episode is too large to be kept: its messages are");
  if (asked + bytes_of_texts(record) <= genome::base::kMostJsonBytes) {
    std::string line = line_of(record, true);
    if (genome::base::beyond_json_limits(line).empty()) return line;
  }
  std::string line = line_of(record, false);
  if (const std::string why = genome::base::beyond_json_limits(line); !why.empty())
    throw std::length_error("an episode is too large to be kept: " + why);
  return line;
}

}  // namespace live
