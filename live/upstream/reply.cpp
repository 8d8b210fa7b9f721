#include "live/upstream/reply.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <string_view>

#include "genome/base/text.hpp"
#include "net/json_pieces.hpp"

namespace live {
namespace {

using Json = nlohmann::json;
using net::piece;
using net::text_of;

constexpr std::string_view kIdAsToken = "token_id:";  // return_tokens_as_token_ids
constexpr const char* kThoughts[] = {"reasoning_content", "reasoning", "thinking"};

float number_of(const Json* value) {
  return value != nullptr && value->is_number() ? value->get<float>()
                                                : std::numeric_limits<float>::quiet_NaN();
}

const Json* list_of(const Json& in, const char* key) {
  const Json* list = piece(in, key);
  return list != nullptr && list->is_array() ? list : nullptr;
}

std::optional<TokenId> id_in_token(const std::string& token) {
  if (!token.starts_with(kIdAsToken)) return std::nullopt;
  TokenId id = 0;
  const char* const end = token.data() + token.size();
  const auto [stop, error] = std::from_chars(token.data() + kIdAsToken.size(), end, id);
  return error == std::errc() && stop == end && id >= 0 ? std::optional(id) : std::nullopt;
}

// The candidates of a token: an object of them, or a list of entries.
std::vector<float> candidates_in(const Json* top) {
  std::vector<float> all;
  if (top == nullptr) return all;
  if (top->is_object()) {
    for (const auto& [token, logprob] : top->items()) all.push_back(number_of(&logprob));
  } else if (top->is_array()) {
    for (const Json& entry : *top) all.push_back(number_of(piece(entry, "logprob")));
  }
  std::erase_if(all, [](float each) { return std::isnan(each); });
  std::sort(all.begin(), all.end(), std::greater<>());
  return all;
}

std::optional<TokenId> id_of(const Json& value) {
  const auto id = net::count_of(&value);
  if (!id || *id > std::numeric_limits<TokenId>::max()) return std::nullopt;
  return static_cast<TokenId>(*id);
}

}  // namespace

std::vector<TokenId> tokenizer_ids(const Json& answer) {
  std::vector<TokenId> ids;
  const Json* list = list_of(answer, "tokens");
  if (list == nullptr) return ids;
  for (const Json& each : *list) {
    const Json* inner = piece(each, "id");  // llama.cpp has pieces beside the ids where it is asked to
    const auto id = id_of(inner != nullptr ? *inner : each);
    if (!id) return {};
    ids.push_back(*id);
  }
  return ids;
}

void ReplyReader::read(const Json& object) {
  if (auto error = net::server_error_of(object)) {
    reply_.error = std::move(error);
    return;
  }
  if (const net::Usage usage = net::usage_in(object); usage.input || usage.output) reply_.usage = usage;
  if (reply_.server.empty()) {
    reply_.server = text_of(piece(object, "model"));
    const std::string build = text_of(piece(object, "system_fingerprint"));
    if (!build.empty()) reply_.server += (reply_.server.empty() ? "" : " ") + build;
    reply_.server = genome::base::visible(reply_.server, 200);
  }
  if (reply_.prompt_ids.empty()) read_ids(list_of(object, "prompt_token_ids"), reply_.prompt_ids);
  const Json* choices = list_of(object, "choices");
  if (choices == nullptr) return;
  const std::size_t before = std::max(reply_.ids.size(), reply_.logprobs.size());
  for (const Json& choice : *choices) {
    const auto index = static_cast<std::size_t>(net::count_of(piece(choice, "index")).value_or(0));
    reply_.choices = std::max(reply_.choices, index + 1);
    if (index == 0) read_choice(choice);
  }
  reply_.tokens_in_largest_event =
      std::max(reply_.tokens_in_largest_event, std::max(reply_.ids.size(), reply_.logprobs.size()) - before);
}

void ReplyReader::read_choice(const Json& choice) {
  reply_.text += text_of(piece(choice, "text"));
  for (const char* key : {"message", "delta"}) {
    if (const Json* message = piece(choice, key)) read_message(*message);
  }
  if (reply_.prompt_ids.empty()) read_ids(list_of(choice, "prompt_token_ids"), reply_.prompt_ids);
  const Json* tokens = list_of(choice, "tokens");
  const bool texts = tokens != nullptr && !tokens->empty() && tokens->front().is_string();
  if (read_ids(list_of(choice, "token_ids"), reply_.ids) || (!texts && read_ids(tokens, reply_.ids)))
    own_ids_ = true;
  if (const Json* logprobs = piece(choice, "logprobs")) read_logprobs(*logprobs);
  if (const std::string finish = text_of(piece(choice, "finish_reason")); !finish.empty())
    reply_.finish = genome::base::visible(finish, 60);
}

// Some servers send the thought under both names.
void ReplyReader::read_message(const Json& message) {
  reply_.text += text_of(piece(message, "content"));
  for (const char* field : kThoughts) {
    const std::string thought = text_of(piece(message, field));
    if (thought.empty()) continue;
    reply_.thought += thought;
    reply_.thought_field = field;
    break;
  }
}

void ReplyReader::read_logprobs(const Json& logprobs) {
  if (const Json* content = list_of(logprobs, "content")) {
    for (const Json& entry : *content) read_entry(entry);
  } else {
    read_lists(logprobs);
  }
}

void ReplyReader::read_entry(const Json& entry) {
  reply_.logprobs.push_back(number_of(piece(entry, "logprob")));
  reply_.top.push_back(candidates_in(piece(entry, "top_logprobs")));
  if (own_ids_) return;
  if (const Json* id = piece(entry, "id"))
    add_id(*id, reply_.ids);
  else if (const auto told = id_in_token(text_of(piece(entry, "token"))))
    reply_.ids.push_back(*told);
}

void ReplyReader::read_lists(const Json& logprobs) {
  const Json* values = list_of(logprobs, "token_logprobs");
  const Json* tokens = list_of(logprobs, "tokens");
  const Json* top = list_of(logprobs, "top_logprobs");
  const std::size_t count = values != nullptr ? values->size() : tokens != nullptr ? tokens->size() : 0;
  for (std::size_t i = 0; i < count; ++i) {
    reply_.logprobs.push_back(number_of(values != nullptr ? &(*values)[i] : nullptr));
    reply_.top.push_back(candidates_in(top != nullptr && i < top->size() ? &(*top)[i] : nullptr));
  }
  if (own_ids_ || read_ids(list_of(logprobs, "token_ids"), reply_.ids) || tokens == nullptr) return;
  for (const Json& token : *tokens) {
    if (const auto id = id_in_token(text_of(&token))) reply_.ids.push_back(*id);
  }
}

// Whether there is a list of ids.
bool ReplyReader::read_ids(const Json* list, std::vector<TokenId>& into) {
  if (list == nullptr || list->empty()) return false;
  for (const Json& value : *list) add_id(value, into);
  return true;
}

void ReplyReader::add_id(const Json& value, std::vector<TokenId>& into) {
  if (const auto id = id_of(value))
    into.push_back(*id);
  else
    reply_.fault = "a token id that is none: " + value.dump(-1, ' ', true, Json::error_handler_t::replace);
}

}  // namespace live
