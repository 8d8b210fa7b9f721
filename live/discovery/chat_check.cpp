#include "live/discovery/chat_check.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "live/upstream/requests.hpp"

namespace live {
namespace {

using Json = nlohmann::json;

constexpr const char* kQuestion = "12+34-5";
constexpr const char* kBeginning = " 12 34 12 34 12 34 12 34";  // its tokens are the same behind themselves
constexpr int kTokens = 16;                                     // enough for a thought to begin
constexpr std::int64_t kSeam = 1;  // a token may be merged, or split, where texts meet

const std::vector<std::string> kOptional = {"return_token_ids", "top_logprobs", "logprobs", "temperature"};

Json chat(const Capabilities& can, const std::string& limit, int tokens) {
  return {{"model", can.model},
          {"messages", Json::array({{{"role", "user"}, {"content", kQuestion}}})},
          {limit, tokens},
          {"temperature", 0}};
}

bool keeps(const Reply& reply, int tokens) {
  const std::int64_t counted = static_cast<std::int64_t>(std::max(reply.ids.size(), reply.logprobs.size()));
  return std::max(reply.usage.output.value_or(0), counted) <= tokens + 1;
}

// How many tokens the prompt has with this much of an assistant's message; nothing when it is refused.
std::optional<std::int64_t> prompt_tokens(Asker& asker, Capabilities& can, int times, Continuation how) {
  Json body = chat_body(can, 1);
  std::string beginning;
  for (int i = 0; i < times; ++i) beginning += kBeginning;
  if (times > 0) {
    body["messages"].push_back({{"role", "assistant"}, {"content", beginning}});
    mark_continued(body, how);
  }
  const Answer answer = asker.post(can.base + "/chat/completions", body, {"temperature"});
  if (answer.good()) return answer.reply().usage.input;
  if (how == Continuation::kLastMessage && can.prefill_refused.empty())
    can.prefill_refused = answer.refusal();
  return std::nullopt;
}

// Of none, one and two beginnings the numbers of tokens grow evenly, unless turns are put between.
void find_continuation(Asker& asker, Capabilities& can) {
  const auto none = prompt_tokens(asker, can, 0, Continuation::kNone);
  if (!none) return;
  constexpr std::array kWays = {Continuation::kLastMessage, Continuation::kFinalFlag, Continuation::kPrefix,
                                Continuation::kPartial};
  for (const Continuation how : kWays) {
    const auto one = prompt_tokens(asker, can, 1, how);
    const auto two = one ? prompt_tokens(asker, can, 2, how) : std::nullopt;
    if (!two || *two <= *one || *one <= *none) continue;
    const std::int64_t between = 2 * *one - *two - *none;
    if (between > kSeam || between < -kSeam) continue;
    can.continuation = how;
    can.prefill_refused.clear();
    return;
  }
}

}  // namespace

Json chat_body(const Capabilities& can, int tokens) {
  Json body = chat(can, can.limit, tokens);
  for (const std::string& name : can.chat_left_out) body.erase(name);
  return body;
}

// The older name first: what does not know the newer one ignores it, and writes on and on.
void find_chat(Asker& asker, Capabilities& can) {
  for (const char* limit : {"max_tokens", "max_completion_tokens"}) {
    Json body = chat(can, limit, kTokens);
    body["logprobs"] = true;
    body["top_logprobs"] = 20;
    body["return_token_ids"] = true;
    const Answer answer = asker.post(can.base + "/chat/completions", body, kOptional);
    if (!answer.good()) continue;
    const Reply reply = answer.reply();
    if (reply.choices == 0) continue;
    can.chat = true;
    can.limit = limit;
    can.chat_left_out = asker.left_out();
    can.chat_ids_out = !reply.ids.empty() && reply.fault.empty();
    can.chat_logprobs = !reply.logprobs.empty();
    for (const auto& each : reply.top)
      can.chat_top_logprobs = std::max(can.chat_top_logprobs, static_cast<int>(each.size()));
    can.thought_field = reply.thought_field;
    can.usage = can.usage || reply.usage.known();
    if (can.server.empty()) can.server = reply.server;
    if (keeps(reply, kTokens)) break;
  }
  if (can.chat) find_continuation(asker, can);
}

std::string chat_refusal(Asker& asker, const Capabilities& can) {
  return asker.post(can.base + "/chat/completions", chat_body(can, 1)).refusal();
}

}  // namespace live
