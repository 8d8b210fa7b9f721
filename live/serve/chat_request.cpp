#include "live/serve/chat_request.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "genome/base/json.hpp"
#include "genome/base/text.hpp"

namespace live {
namespace {

using genome::base::visible;
using Json = nlohmann::json;

constexpr std::int64_t kMostTokens = 1'000'000'000'000;
constexpr std::size_t kMostMessages = 10'000;

[[noreturn]] void refuse(const std::string& parameter, const std::string& message) {
  throw ChatRefusal(400, message, parameter, "invalid_value");
}

enum class Rule : std::uint8_t {
  kRead,
  kUsual,    // taken when it asks for nothing but the usual; else there is no doing it
  kLeftOut,  // the controller decides over it
  kNoted,    // of no meaning here
};

struct Parameter {
  const char* name;
  Rule rule;
  const char* usual;  // a list of JSON
};

constexpr std::array kParameters = {
    Parameter{"model", Rule::kRead, ""},
    Parameter{"messages", Rule::kRead, ""},
    Parameter{"stream", Rule::kRead, ""},
    Parameter{"stream_options", Rule::kRead, ""},
    Parameter{"max_tokens", Rule::kRead, ""},
    Parameter{"max_completion_tokens", Rule::kRead, ""},
    Parameter{"seed", Rule::kRead, ""},
    Parameter{"evotts", Rule::kRead, ""},
    Parameter{"n", Rule::kUsual, "[1]"},
    Parameter{"tools", Rule::kUsual, "[[]]"},
    Parameter{"tool_choice", Rule::kUsual, R"(["none", "auto"])"},
    Parameter{"functions", Rule::kUsual, "[[]]"},
    Parameter{"function_call", Rule::kUsual, R"(["none", "auto"])"},
    Parameter{"response_format", Rule::kUsual, R"([{"type": "text"}])"},
    Parameter{"logprobs", Rule::kUsual, "[false]"},
    Parameter{"top_logprobs", Rule::kUsual, "[0]"},
    Parameter{"modalities", Rule::kUsual, R"([["text"]])"},
    Parameter{"audio", Rule::kUsual, "[]"},
    Parameter{"prediction", Rule::kUsual, "[]"},
    Parameter{"web_search_options", Rule::kUsual, "[]"},
    Parameter{"stop", Rule::kUsual, R"([[], ""])"},
    Parameter{"logit_bias", Rule::kUsual, "[{}]"},
    Parameter{"frequency_penalty", Rule::kUsual, "[0]"},
    Parameter{"presence_penalty", Rule::kUsual, "[0]"},
    Parameter{"temperature", Rule::kLeftOut, ""},
    Parameter{"top_p", Rule::kLeftOut, ""},
    Parameter{"top_k", Rule::kLeftOut, ""},
    Parameter{"min_p", Rule::kLeftOut, ""},
    Parameter{"reasoning_effort", Rule::kLeftOut, ""},
    Parameter{"verbosity", Rule::kLeftOut, ""},
    Parameter{"parallel_tool_calls", Rule::kNoted, ""},
    Parameter{"user", Rule::kNoted, ""},
    Parameter{"metadata", Rule::kNoted, ""},
    Parameter{"store", Rule::kNoted, ""},
    Parameter{"service_tier", Rule::kNoted, ""},
    Parameter{"safety_identifier", Rule::kNoted, ""},
    Parameter{"prompt_cache_key", Rule::kNoted, ""},
    Parameter{"prompt_cache_retention", Rule::kNoted, ""},
};

void check_parameters(const Json& json, ChatRequest& asked) {
  for (const auto& [name, value] : json.items()) {
    if (value.is_null()) continue;
    const auto* const known =
        std::ranges::find_if(kParameters, [&](const Parameter& each) { return each.name == name; });
    if (known == kParameters.end())
      throw ChatRefusal(400, fmt::format("unrecognized request argument: {}", visible(name, 100)),
                        visible(name, 100), "unknown_parameter");
    if (known->rule == Rule::kLeftOut) {
      const bool word = name == "reasoning_effort" || name == "verbosity";
      if (word ? !value.is_string() : !value.is_number())
        refuse(name, fmt::format("{} must be a {}", name, word ? "text" : "number"));
      asked.left_out.push_back(name);
    }
    if (known->rule != Rule::kUsual) continue;
    const Json usual = Json::parse(known->usual);
    if (std::ranges::count(usual, value) == 0)
      throw ChatRefusal(400, fmt::format("{} is not supported: the controller decides over branches", name),
                        name, "unsupported_parameter");
  }
}

const Json* member(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found == json.end() || found->is_null() ? nullptr : &*found;
}

bool flag(const Json& json, const char* name, const std::string& parameter) {
  const Json* const value = member(json, name);
  if (value == nullptr) return false;
  if (!value->is_boolean()) refuse(parameter, parameter + " must be true or false");
  return value->get<bool>();
}

std::optional<std::int64_t> whole(const Json& json, const char* name, const std::string& parameter,
                                  std::int64_t least) {
  const Json* const value = member(json, name);
  if (value == nullptr) return std::nullopt;
  const bool fits = value->is_number_integer() &&
                    !(value->is_number_unsigned() && value->get<std::uint64_t>() > kMostTokens);
  if (!fits || value->get<std::int64_t>() < least || value->get<std::int64_t>() > kMostTokens)
    refuse(parameter, fmt::format("{} must be a whole number from {} to {}", parameter, least, kMostTokens));
  return value->get<std::int64_t>();
}

// The noise may be any number; it is no amount.
std::optional<std::uint64_t> seed_of(const Json& json) {
  const Json* const value = member(json, "seed");
  if (value == nullptr) return std::nullopt;
  if (!value->is_number_integer()) refuse("seed", "seed must be a whole number of 64 bits");
  return value->is_number_unsigned() ? value->get<std::uint64_t>()
                                     : static_cast<std::uint64_t>(value->get<std::int64_t>());
}

std::string text_of_parts(const Json& parts, const std::string& where) {
  std::string text;
  for (const Json& part : parts) {
    const Json* const type = part.is_object() ? member(part, "type") : nullptr;
    const Json* const said = part.is_object() ? member(part, "text") : nullptr;
    if (type == nullptr || *type != "text" || said == nullptr || !said->is_string())
      refuse("messages", where + ".content may hold parts of the type text alone: no images, sounds, files");
    text += said->get<std::string>();
  }
  return text;
}

Message message_of(const Json& json, std::size_t number) {
  const std::string where = fmt::format("messages[{}]", number);
  if (!json.is_object()) refuse("messages", where + " must be an object");
  for (const auto& [name, value] : json.items()) {
    // As replies have them, which clients send back as they came.
    const bool known = name == "role" || name == "content" || name == "refusal" ||
                       name == "reasoning_content" || name == "annotations";
    if (!known && !value.is_null() && !value.empty())
      refuse("messages", fmt::format("{}.{} is not supported", where, visible(name, 60)));
  }
  const Json* const role = member(json, "role");
  if (role == nullptr || !role->is_string()) refuse("messages", where + ".role must be a text");
  Message message{.role = role->get<std::string>(), .content = {}};
  if (message.role == "developer") message.role = "system";
  if (message.role != "system" && message.role != "user" && message.role != "assistant")
    refuse("messages", fmt::format("{}.role must be system, developer, user or assistant, found \"{}\"",
                                   where, visible(message.role, 60)));
  const Json* const content = member(json, "content");
  if (content != nullptr && content->is_string())
    message.content = content->get<std::string>();
  else if (content != nullptr && content->is_array())
    message.content = text_of_parts(*content, where);
  else
    refuse("messages", where + ".content must be a text, or a list of parts of text");
  return message;
}

std::vector<Message> messages_of(const Json& json) {
  const Json* const messages = member(json, "messages");
  if (messages == nullptr || !messages->is_array() || messages->empty() || messages->size() > kMostMessages)
    refuse("messages", fmt::format("messages must be a list of 1 to {} messages", kMostMessages));
  std::vector<Message> all;
  for (const Json& each : *messages) all.push_back(message_of(each, all.size()));
  if (all.back().role != "user")
    refuse("messages", "the last message must be the user's: it is the question that is answered");
  return all;
}

std::optional<double> beta_of(std::string_view text) {
  double beta = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), beta);
  if (error != std::errc() || end != text.data() + text.size() || !(beta >= 0 && beta <= 1))
    return std::nullopt;
  return beta;
}

void read_model(const Json& json, const std::string& served, ChatRequest& asked) {
  const Json* const name = member(json, "model");
  if (name == nullptr || !name->is_string())
    refuse("model", "model must be a text; /v1/models lists what there is");
  asked.model = name->get<std::string>();
  asked.beta = beta_named(asked.model, served);
}

void read_own(const Json& json, ChatRequest& asked) {
  const Json* const own = member(json, "evotts");
  if (own == nullptr) return;
  if (!own->is_object()) refuse("evotts", "evotts must be an object");
  for (const auto& [name, value] : own->items()) {
    if (name != "beta" && name != "budget")
      throw ChatRefusal(400, fmt::format("evotts may hold beta and budget, found {}", visible(name, 100)),
                        "evotts", "unknown_parameter");
  }
  if (const Json* const beta = member(*own, "beta")) {
    const double value = beta->is_number() ? beta->get<double>() : -1;
    if (!(value >= 0 && value <= 1)) refuse("evotts.beta", "evotts.beta must be a number from 0 to 1");
    if (asked.beta && *asked.beta != value)
      refuse("evotts.beta", "model and evotts.beta name different numbers");
    asked.beta = value;
  }
  asked.budget = whole(*own, "budget", "evotts.budget", 0);
}

}  // namespace

std::optional<double> beta_named(const std::string& name, const std::string& served) {
  if (name == served) return std::nullopt;
  if (!name.starts_with(served + "@"))
    throw ChatRefusal(
        404,
        fmt::format("the model {} does not exist; {} is served", visible(name, 100), visible(served, 100)),
        "model", "model_not_found");
  const std::optional<double> beta = beta_of(std::string_view(name).substr(served.size() + 1));
  if (!beta) refuse("model", "what stands behind @ must be a number from 0 to 1, the knob of token use");
  return beta;
}

ChatRequest read_chat_request(std::string_view body, const std::string& model) {
  const Json json = genome::base::read_json(body);
  if (!json.is_object())
    throw ChatRefusal(400, "the body must be an object of JSON, nested and long within reason", {},
                      "invalid_json");
  ChatRequest asked;
  check_parameters(json, asked);
  read_model(json, model, asked);
  asked.messages = messages_of(json);
  asked.stream = flag(json, "stream", "stream");
  if (const Json* const options = member(json, "stream_options")) {
    if (!options->is_object()) refuse("stream_options", "stream_options must be an object");
    asked.stream_usage = flag(*options, "include_usage", "stream_options.include_usage");
  }
  const auto older = whole(json, "max_tokens", "max_tokens", 1);
  asked.ceiling = whole(json, "max_completion_tokens", "max_completion_tokens", 1);
  if (!asked.ceiling) asked.ceiling = older;
  asked.seed = seed_of(json);
  read_own(json, asked);
  return asked;
}

Question chat_question(const ChatRequest& asked, const Asking& asking, const ReadingTask& task) {
  Question question;
  const std::string last = task.prompt_of(asked.messages.back().content);
  if (asking.raw) {
    if (asked.messages.size() > 1)
      refuse("messages",
             "the model is served without a template of a chat: it takes one message, the user's");
    question.text = asking.system + last;
    return question;
  }
  const bool own = std::ranges::any_of(asked.messages, [](const Message& it) { return it.role == "system"; });
  if (!own && !asking.system.empty()) question.messages.push_back({"system", asking.system});
  question.messages.insert(question.messages.end(), asked.messages.begin(), asked.messages.end());
  question.messages.back().content = last;
  return question;
}

}  // namespace live
