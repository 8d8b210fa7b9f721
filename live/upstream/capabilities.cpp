#include "live/upstream/capabilities.hpp"

#include <fmt/format.h>

namespace live {
namespace {

void miss_exact(const Capabilities& can, std::vector<Advice>& all) {
  if (!can.completions) {
    all.push_back({"no completions of a prompt: POST /completions does not answer",
                   "use a server that has it (vLLM, SGLang, llama.cpp), or a gateway that lets it through"});
    return;
  }
  if (!can.tokenizer)
    all.push_back({"no tokenizer: POST /tokenize does not answer with ids",
                   "it lies beside /v1; where a gateway hides it, give the server's own address"});
  else if (!can.ids_in)
    all.push_back({"a prompt of token ids is not taken as it is",
                   "a newer server may; until then prompts are text, joined at their seams"});
  if (!can.ids_out)
    all.push_back({"token ids do not come back (asked for by return_token_ids)",
                   "vLLM 0.10.2 and SGLang of 2026 or newer send them; llama.cpp with log-probabilities"});
  if (can.tokenizer && can.rendering == Rendering::kNone)
    all.push_back({"messages are not rendered: neither /tokenize nor /apply-template takes them",
                   "give prompts as text, as the model's template would write them"});
}

void miss_text(const Capabilities& can, std::vector<Advice>& all) {
  if (!can.chat || can.completions) return;
  if (!can.prefill_refused.empty()) {
    all.push_back({"a last message of the assistant is refused: " + can.prefill_refused,
                   "some servers take one when thinking is turned off in their template's settings"});
  } else if (can.continuation == Continuation::kNone) {
    all.push_back({can.usage ? "no message of the assistant is continued"
                             : "whether a message of the assistant is continued cannot be told without usage",
                   "branches come whole: controllers that look into them are refused"});
  } else if (!can.thought_field.empty()) {
    all.push_back({fmt::format("thoughts come apart, in \"{}\": none is continued", can.thought_field),
                   "start the server without its reasoning parser"});
  }
}

void miss_rest(const Capabilities& can, std::vector<Advice>& all) {
  const bool logprobs = can.completions ? can.logprobs : can.chat_logprobs;
  const int top = can.completions ? can.top_logprobs : can.chat_top_logprobs;
  if (!logprobs)
    all.push_back({"no log-probabilities", "recordings have no signals; controllers cannot use any"});
  else if (top < 2)
    all.push_back({"log-probabilities of the sampled tokens alone",
                   "recordings have the signal logprob, but neither entropy nor confidence"});
  if ((can.completions ? can.left_out : can.chat_left_out).contains("temperature"))
    all.push_back({"temperature is refused", "its branches are sampled in the server's own way"});
  if (!can.streams)
    all.push_back({"replies are not streamed", "a request that is dropped may go on: keep intervals short"});
  if (!can.usage)
    all.push_back({"no usage", "tokens are counted here; what is billed cannot be compared"});
  else if (can.streams && !can.stream_usage)
    all.push_back({"no usage in streams", "tokens of streams are counted here"});
  if (can.cancel == Seen::kIgnored)
    all.push_back({"a request that is dropped goes on", "keep intervals short: each may run to its end"});
  if (!can.context)
    all.push_back(
        {"how long a prompt and its reply may be is not told", "give the most tokens a branch may have"});
}

}  // namespace

Grade grade_of(const Capabilities& can) {
  if (can.completions && can.tokenizer && can.ids_in && can.ids_out) return Grade::kExact;
  if (can.completions) return Grade::kText;
  if (!can.chat) return Grade::kNone;
  // Where a thought comes apart nothing shows that it would be continued.
  const bool continued = can.continuation != Continuation::kNone && can.thought_field.empty();
  return continued ? Grade::kText : Grade::kWholeSamples;
}

bool takes_questions(const Capabilities& can, bool messages) {
  if (!messages) return can.completions;
  const Grade grade = grade_of(can);
  const bool rendered =
      can.rendering == Rendering::kText || (can.rendering == Rendering::kIds && grade == Grade::kExact);
  if (can.completions && rendered) return true;
  const bool continued = can.continuation != Continuation::kNone && can.thought_field.empty();
  return can.chat && (continued || grade == Grade::kWholeSamples);
}

std::vector<Advice> missing(const Capabilities& can) {
  std::vector<Advice> all;
  miss_exact(can, all);
  miss_text(can, all);
  miss_rest(can, all);
  return all;
}

std::string_view name_of(Grade grade) {
  switch (grade) {
    case Grade::kNone: return "none";
    case Grade::kWholeSamples: return "whole samples";
    case Grade::kText: return "text";
    case Grade::kExact: return "exact";
  }
  return "";
}

std::string_view meaning_of(Grade grade) {
  switch (grade) {
    case Grade::kNone: return "it completes nothing";
    case Grade::kWholeSamples: return "branches come whole, and are not looked into";
    case Grade::kText: return "branches are paused and looked into by text";
    case Grade::kExact: return "branches are paused and looked into by token ids";
  }
  return "";
}

std::string_view name_of(Rendering rendering) {
  switch (rendering) {
    case Rendering::kNone: return "no";
    case Rendering::kIds: return "as token ids";
    case Rendering::kText: return "as text";
  }
  return "";
}

std::string_view name_of(Continuation continuation) {
  switch (continuation) {
    case Continuation::kNone: return "no";
    case Continuation::kLastMessage: return "the last message";
    case Continuation::kFinalFlag: return "continue_final_message";
    case Continuation::kPrefix: return "prefix";
    case Continuation::kPartial: return "partial";
  }
  return "";
}

std::string_view name_of(Seen seen) {
  switch (seen) {
    case Seen::kUnknown: return "not seen";
    case Seen::kYes: return "yes";
    case Seen::kIgnored: return "no";
    case Seen::kRefused: return "refused";
  }
  return "";
}

}  // namespace live
