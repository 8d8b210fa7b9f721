#include "live/upstream/requests.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "genome/base/rng.hpp"

namespace live {
namespace {

using Json = nlohmann::json;

constexpr std::uint64_t kSeeds = 2'147'483'647;  // what every server takes
constexpr int kCandidates = 20;

// Only what differs from a server's own ways: hosted ones refuse what they do not know.
void add_sampling(Json& body, const Sampling& sampling) {
  body["temperature"] = sampling.temperature;
  if (sampling.top_p < 1) body["top_p"] = sampling.top_p;
  if (sampling.top_k > 0) body["top_k"] = sampling.top_k;
  if (sampling.min_p > 0) body["min_p"] = sampling.min_p;
  if (!sampling.stop.empty()) body["stop"] = sampling.stop;
  for (const auto& [token, bias] : sampling.logit_bias) body["logit_bias"][std::to_string(token)] = bias;
}

void add_stream(const Capabilities& can, Json& body) {
  if (!can.streams) return;
  body["stream"] = true;
  if (can.stream_usage) body["stream_options"] = {{"include_usage", true}};
}

std::vector<TokenId> prompt_ids(const Branch& branch, const Suffix& suffix) {
  std::vector<TokenId> ids = branch.prompt->ids;
  ids.insert(ids.end(), branch.ids.begin(), branch.ids.end());
  ids.insert(ids.end(), suffix.ids.begin(), suffix.ids.end());
  return ids;
}

Work completion_work(const Capabilities& can, const Branch& branch, const Suffix& suffix,
                     std::int64_t tokens) {
  const bool exact = is_by_ids(can, branch);
  Work work{.path = "/completions", .body = {{"model", can.model}, {"max_tokens", tokens}}, .prompt_ids = {}};
  if (exact)
    work.prompt_ids = prompt_ids(branch, suffix);
  else
    work.body["prompt"] = branch.prompt->text + branch.text + suffix.text;
  if (can.ids_out && !can.left_out.contains("return_token_ids")) work.body["return_token_ids"] = true;
  if (!exact && !branch.prompt->own_beginning) work.body["add_special_tokens"] = false;
  return work;
}

Work chat_work(const Capabilities& can, const Branch& branch, const Suffix& suffix, std::int64_t tokens) {
  Work work{.path = "/chat/completions", .body = {}, .prompt_ids = {}};
  Json messages = json_of(branch.prompt->messages);
  work.body = {{"model", can.model}, {can.limit, tokens}};
  const std::string begun = branch.text + suffix.text;
  if (!begun.empty()) messages.push_back({{"role", "assistant"}, {"content", begun}});
  work.body["messages"] = std::move(messages);
  if (!begun.empty()) mark_continued(work.body, can.continuation);
  if (can.chat_ids_out) work.body["return_token_ids"] = true;
  return work;
}

Work work_of(const Capabilities& can, const Branch& branch, const Suffix& suffix, const Sampling& sampling,
             std::int64_t tokens) {
  Work work = branch.prompt->messages.empty() ? completion_work(can, branch, suffix, tokens)
                                              : chat_work(can, branch, suffix, tokens);
  add_sampling(work.body, sampling);
  add_stream(can, work.body);
  const bool by_messages = !branch.prompt->messages.empty();
  for (const std::string& name : by_messages ? can.chat_left_out : can.left_out) work.body.erase(name);
  return work;
}

// Ids may come beside log-probabilities alone, so that a look asks for them too.
void add_logprobs(const Capabilities& can, Work& work, int candidates) {
  if (work.path == "/completions") {
    if (can.logprobs) work.body["logprobs"] = std::clamp(can.top_logprobs, 1, candidates);
  } else if (can.chat_logprobs) {
    work.body["logprobs"] = true;
    if (can.chat_top_logprobs > 0) work.body["top_logprobs"] = std::min(can.chat_top_logprobs, candidates);
  }
}

}  // namespace

std::string body_text(const Work& work) {
  std::string rest = work.body.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (work.prompt_ids.empty()) return rest;
  constexpr std::size_t kDigits = 8;  // of most ids, with a comma
  std::string text = "{\"prompt\":[";
  text.reserve(text.size() + work.prompt_ids.size() * kDigits + rest.size());
  for (const TokenId id : work.prompt_ids) {
    if (text.back() != '[') text += ',';
    const fmt::format_int digits(id);
    text.append(digits.data(), digits.size());
  }
  text += "],";
  return text.append(rest, 1);
}

bool is_by_ids(const Capabilities& can, const Branch& branch) {
  return grade_of(can) == Grade::kExact && !branch.prompt->ids.empty();
}

Json json_of(const std::vector<Message>& messages) {
  Json all = Json::array();
  for (const Message& each : messages) all.push_back({{"role", each.role}, {"content", each.content}});
  return all;
}

void mark_continued(Json& body, Continuation how) {
  Json& last = body["messages"].back();
  if (how == Continuation::kFinalFlag) {
    body["continue_final_message"] = true;
    body["add_generation_prompt"] = false;
  }
  if (how == Continuation::kPrefix) last["prefix"] = true;
  if (how == Continuation::kPartial) last["partial"] = true;
}

std::uint64_t segment_seed(std::uint64_t branch_seed, int segment) {
  using genome::base::Rng;
  return Rng::scramble(Rng::scramble(branch_seed) + static_cast<std::uint64_t>(segment)) % kSeeds;
}

Work segment_work(const Capabilities& can, const Branch& branch, const Sampling& sampling,
                  std::int64_t tokens) {
  Work work = work_of(can, branch, {}, sampling, tokens);
  add_logprobs(can, work, kCandidates);
  if (can.seed != Seen::kRefused) work.body["seed"] = segment_seed(branch.seed, branch.segments);
  return work;
}

Work look_work(const Capabilities& can, const Branch& branch, const Suffix& suffix, const Sampling& sampling,
               std::int64_t tokens) {
  Sampling likeliest = sampling;
  likeliest.temperature = 0;
  likeliest.top_p = 1;
  likeliest.top_k = 0;
  likeliest.min_p = 0;
  Work work = work_of(can, branch, suffix, likeliest, tokens);
  add_logprobs(can, work, 1);
  return work;
}

Prompt rendered_prompt(const Capabilities& can, std::string text) {
  Prompt prompt{.text = std::move(text)};
  if (!can.own_beginning) return prompt;
  if (!can.beginning_text.empty() && prompt.text.starts_with(can.beginning_text))
    prompt.text.erase(0, can.beginning_text.size());
  else if (can.beginning_text.empty() && can.beginning_may_be_left_out)
    prompt.own_beginning = false;
  return prompt;
}

std::vector<TokenId> with_one_beginning(const Capabilities& can, std::vector<TokenId> ids) {
  if (can.beginning && ids.size() > 1 && ids[0] == *can.beginning && ids[1] == *can.beginning)
    ids.erase(ids.begin());
  return ids;
}

}  // namespace live
