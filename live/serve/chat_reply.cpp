#include "live/serve/chat_reply.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <string_view>

#include "genome/base/text.hpp"

namespace live {
namespace {

using genome::base::valid_utf8;
using Json = nlohmann::ordered_json;

constexpr std::string_view kBlanks = " \t\r\n";

std::string line_of(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

// Of "</think>" the beginning is "<think>".
std::string thought_without_marks(std::string_view thought, const std::string& end) {
  thought = trimmed(thought);
  if (!end.empty() && thought.ends_with(trimmed(end))) thought.remove_suffix(trimmed(end).size());
  if (end.starts_with("</")) {
    const std::string begin = "<" + end.substr(2);
    if (trimmed(thought).starts_with(begin)) thought = trimmed(thought).substr(begin.size());
  }
  return std::string(trimmed(thought));
}

const char* finish_reason(const EpisodeOutcome& outcome) {
  const bool limited = outcome.ceiling || outcome.deadline;
  const bool nothing = outcome.from == EpisodeOutcome::Text::kNone;
  return outcome.cut || (nothing && limited) ? "length" : "stop";
}

const char* source_of(EpisodeOutcome::Text from) {
  switch (from) {
    case EpisodeOutcome::Text::kBranch: return "branch";
    case EpisodeOutcome::Text::kFinished: return "finished";
    case EpisodeOutcome::Text::kAnswer: return "answer";
    case EpisodeOutcome::Text::kNone: break;
  }
  return "none";
}

Json usage_of(const EpisodeOutcome& outcome) {
  const EpisodeTokens& tokens = outcome.tokens;
  return {{"prompt_tokens", tokens.prompt},
          {"completion_tokens", tokens.generated()},
          {"total_tokens", tokens.prompt + tokens.generated()},
          {"prompt_tokens_details", {{"cached_tokens", tokens.cached}}}};
}

Json own_of(const ChatTold& told, const EpisodeOutcome& outcome) {
  Json votes = Json::array();
  for (const Vote& vote : outcome.votes)
    votes.push_back(
        {{"answer", valid_utf8(vote.answer)}, {"finished", vote.finished}, {"others", vote.others}});
  const SessionUsage& session = outcome.session;
  const EpisodeTokens& tokens = outcome.tokens;
  const char* const stopped = outcome.ceiling ? "ceiling" : outcome.deadline ? "deadline" : nullptr;
  return {{"answer", outcome.answer ? Json(valid_utf8(*outcome.answer)) : Json()},
          {"beta", told.beta},
          {"text", source_of(outcome.from)},
          {"stopped", stopped != nullptr ? Json(stopped) : Json()},
          {"votes", votes},
          {"branches",
           {{"opened", session.opened},
            {"finished", session.finished},
            {"pruned", session.pruned},
            {"lost", outcome.failed},
            {"dropped", outcome.dropped}}},
          {"rounds", session.rounds},
          {"spent", session.spent},
          {"tokens",
           {{"branches", tokens.branches},
            {"looks", tokens.looks},
            {"finishing", tokens.finishing},
            {"lost", tokens.lost}}},
          {"requests", tokens.requests},
          {"seconds", told.seconds},
          {"ignored", told.left_out}};
}

Json head_of(const ChatTold& told, const char* object) {
  return {{"id", told.id}, {"object", object}, {"created", told.created}, {"model", valid_utf8(told.model)}};
}

std::string event_of(const Json& json) { return "data: " + line_of(json) + "\n\n"; }

std::string chunk(const ChatTold& told, Json delta, const char* reason) {
  Json json = head_of(told, "chat.completion.chunk");
  json["choices"] = Json::array({{{"index", 0},
                                  {"delta", std::move(delta)},
                                  {"finish_reason", reason != nullptr ? Json(reason) : Json()}}});
  if (told.usage) json["usage"] = nullptr;
  return event_of(json);
}

Json json_of(const std::string& model, std::int64_t created) {
  return {{"id", valid_utf8(model)}, {"object", "model"}, {"created", created}, {"owned_by", "evotts"}};
}

}  // namespace

ChatText text_of(const EpisodeOutcome& outcome, const std::string& end_of_thought) {
  const std::string_view text = outcome.text;
  if (outcome.from == EpisodeOutcome::Text::kAnswer) return {.thought = {}, .content = outcome.text};
  const std::string_view thought = text.substr(0, outcome.thought_bytes);
  const std::string_view rest = text.substr(thought.size());
  if (outcome.cut && outcome.answer) {
    const bool all_thought = thought.empty() && !end_of_thought.empty();
    return {.thought = thought_without_marks(all_thought ? text : thought, end_of_thought),
            .content = *outcome.answer};
  }
  return {.thought = thought_without_marks(thought, end_of_thought),
          .content = std::string(thought.empty() ? rest : trimmed(rest))};
}

std::string completion_text(const ChatTold& told, const EpisodeOutcome& outcome) {
  const ChatText text = text_of(outcome, told.end_of_thought);
  Json message = {{"role", "assistant"}, {"content", valid_utf8(text.content)}, {"refusal", nullptr}};
  if (!text.thought.empty()) message["reasoning_content"] = valid_utf8(text.thought);
  Json json = head_of(told, "chat.completion");
  json["choices"] = Json::array({{{"index", 0},
                                  {"message", std::move(message)},
                                  {"logprobs", nullptr},
                                  {"finish_reason", finish_reason(outcome)}}});
  json["usage"] = usage_of(outcome);
  json["evotts"] = own_of(told, outcome);
  return line_of(json);
}

std::vector<std::string> stream_events(const ChatTold& told, const EpisodeOutcome& outcome) {
  const ChatText text = text_of(outcome, told.end_of_thought);
  std::vector<std::string> events = {chunk(told, {{"role", "assistant"}, {"content", ""}}, nullptr)};
  if (!text.thought.empty())
    events.push_back(chunk(told, {{"reasoning_content", valid_utf8(text.thought)}}, nullptr));
  if (!text.content.empty()) events.push_back(chunk(told, {{"content", valid_utf8(text.content)}}, nullptr));
  Json last = head_of(told, "chat.completion.chunk");
  last["choices"] =
      Json::array({{{"index", 0}, {"delta", Json::object()}, {"finish_reason", finish_reason(outcome)}}});
  if (told.usage) last["usage"] = nullptr;
  last["evotts"] = own_of(told, outcome);
  events.push_back(event_of(last));
  if (told.usage) {
    Json usage = head_of(told, "chat.completion.chunk");
    usage["choices"] = Json::array();
    usage["usage"] = usage_of(outcome);
    events.push_back(event_of(usage));
  }
  events.emplace_back("data: [DONE]\n\n");
  return events;
}

std::string progress_comment(const EpisodeProgress& at) {
  return fmt::format(": evotts rounds {}, branches {}, finished {}, pruned {}, tokens {}\n\n", at.rounds,
                     at.opened, at.finished, at.pruned, at.generated);
}

std::string error_text(const ChatRefusal& refusal) {
  const char* const type = refusal.status == 429   ? "rate_limit_error"
                           : refusal.status == 502 ? "upstream_error"
                           : refusal.status >= 500 ? "server_error"
                                                   : "invalid_request_error";
  const auto text_or_null = [](const std::string& text) { return text.empty() ? Json() : Json(text); };
  return line_of({{"error",
                   {{"message", valid_utf8(refusal.message)},
                    {"type", type},
                    {"param", text_or_null(refusal.parameter)},
                    {"code", text_or_null(refusal.code)}}}});
}

std::string model_text(const std::string& model, std::int64_t created) {
  return line_of(json_of(model, created));
}

std::string models_text(const std::string& model, std::int64_t created) {
  return line_of({{"object", "list"}, {"data", Json::array({json_of(model, created)})}});
}

}  // namespace live
