#include "net/retry.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string_view>

#include "genome/base/json.hpp"
#include "genome/base/text.hpp"

namespace net {
namespace {

using Json = nlohmann::json;

constexpr double kFirstWait = 0.5, kLongestOwnWait = 8, kJitter = 0.25;
constexpr std::size_t kMostMessage = 400;  // bytes of what a server says

// Codes and types of errors that mean: no more money.
constexpr std::array<std::string_view, 7> kSpent = {"insufficient_quota", "billing_hard_limit_reached",
                                                    "billing_not_active", "quota_exceeded",
                                                    "credits_exhausted",  "billing_error",
                                                    "spend_limit_reached"};
constexpr std::array<std::string_view, 4> kSpentWords = {"exceeded your current quota", "spend limit",
                                                         "spending limit", "credit balance is too low"};

const std::string* header(const HttpResponse& response, const char* name) {
  const auto at = response.headers.find(name);
  return at == response.headers.end() ? nullptr : &at->second;
}

std::string text_in(const Json& object, const char* key) {
  const auto at = object.find(key);
  if (at == object.end()) return {};
  if (at->is_string())
    return std::string(genome::base::beginning(at->get_ref<const std::string&>(), kMostMessage));
  return at->is_number_integer() ? at->dump() : std::string();
}

std::optional<double> number_in(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

bool is_spent(const ServerError& error) {
  const auto said = [&](std::string_view word) { return error.code == word || error.type == word; };
  const auto mentions = [&](std::string_view words) {
    return error.message.find(words) != std::string::npos;
  };
  return std::any_of(kSpent.begin(), kSpent.end(), said) ||
         std::any_of(kSpentWords.begin(), kSpentWords.end(), mentions);
}

// "body.max_tokens: Input should be a valid integer", of an entry of FastAPI's list.
ServerError complaint_in(const Json& entry) {
  if (entry.is_string()) return {.message = entry.get<std::string>()};
  if (!entry.is_object()) return {};
  ServerError error{.message = text_in(entry, "msg"), .type = text_in(entry, "type")};
  std::string place;
  const auto loc = entry.find("loc");
  for (const Json& step : loc != entry.end() && loc->is_array() ? *loc : Json::array()) {
    const std::string name = step.is_string() ? step.get<std::string>() : step.dump();
    place += (place.empty() ? "" : ".") + name;
    error.parameter = name;
  }
  if (!place.empty()) error.message = place + ": " + error.message;
  return error;
}

// What frameworks and gateways write where the protocol has {"error": ...}.
std::optional<ServerError> error_beside_protocol(const Json& json) {
  if (json.contains("choices") || json.contains("content")) return std::nullopt;  // a reply
  const auto detail = json.find("detail");
  if (detail != json.end() && detail->is_string()) return ServerError{.message = text_in(json, "detail")};
  if (detail != json.end() && detail->is_object()) {
    for (const char* key : {"message", "msg", "error"}) {
      if (std::string said = text_in(*detail, key); !said.empty())
        return ServerError{.message = std::move(said)};
    }
  }
  if (detail == json.end() || !detail->is_array() || detail->empty()) {
    const auto message = json.find("message");
    if (message == json.end() || !message->is_string()) return std::nullopt;
    return ServerError{text_in(json, "message"), text_in(json, "type"), text_in(json, "code"),
                       text_in(json, "param")};
  }
  ServerError all;
  for (const Json& entry : *detail) {
    ServerError one = complaint_in(entry);
    if (!all.message.empty()) all.message += "; ";
    all.message += one.message;
    all.type = one.type;
    all.parameter = detail->size() == 1 ? one.parameter : std::string();
    if (all.message.size() > kMostMessage) break;
  }
  all.message = genome::base::beginning(all.message, kMostMessage);
  return all;
}

}  // namespace

std::optional<ServerError> server_error_in(const std::string& body) {
  return server_error_of(genome::base::read_json<Json>(body));
}

std::optional<ServerError> server_error_of(const Json& json) {
  if (!json.is_object()) return std::nullopt;
  // Older servers tell of an error without a wrapping.
  if (text_in(json, "object") == "error")
    return ServerError{text_in(json, "message"), text_in(json, "type"), text_in(json, "code"),
                       text_in(json, "param")};
  const auto error = json.find("error");
  if (error == json.end() || error->is_null()) return error_beside_protocol(json);
  if (error->is_string())
    return ServerError{
        .message = std::string(genome::base::beginning(error->get_ref<const std::string&>(), kMostMessage))};
  if (!error->is_object()) return ServerError{};
  return ServerError{text_in(*error, "message"), text_in(*error, "type"), text_in(*error, "code"),
                     text_in(*error, "param")};
}

bool is_about(const ServerError& error, const std::string& parameter) {
  if (error.parameter == parameter) return true;
  const std::string& text = error.message;
  const auto in_word = [&](std::size_t at) {
    return at < text.size() && (std::isalnum(static_cast<unsigned char>(text[at])) != 0 || text[at] == '_');
  };
  for (std::size_t at = text.find(parameter); at != std::string::npos; at = text.find(parameter, at + 1)) {
    if (!(at > 0 && in_word(at - 1)) && !in_word(at + parameter.size()))
      return true;  // not "seed" in "seeded"
  }
  return false;
}

Verdict verdict_of(const HttpResponse& response, const std::optional<ServerError>& error) {
  using Result = HttpResponse::Result;
  switch (response.result) {
    case Result::kAnswered: break;
    case Result::kNotReached:
    case Result::kDropped: return Verdict::kAgain;
    case Result::kUnusable: return Verdict::kHopeless;
    default: return Verdict::kNever;
  }
  const long status = response.status;
  if (status >= 200 && status < 300) return Verdict::kGood;
  if (error && is_spent(*error)) return Verdict::kHopeless;
  if (status == 401 || status == 403 || (status >= 300 && status < 400)) return Verdict::kHopeless;
  if (const std::string* told = header(response, "x-should-retry")) {
    if (*told == "true") return Verdict::kAgain;
    if (*told == "false") return Verdict::kNever;
  }
  if (status == 408 || status == 409 || status == 429 || status >= 500) return Verdict::kAgain;
  return status == 404 ? Verdict::kHopeless : Verdict::kNever;
}

// What came with a good status was worked for, whatever it is; behind a gateway that waited no longer the
// work may have gone on.
bool may_be_charged(const HttpResponse& response) {
  using Result = HttpResponse::Result;
  if (response.result == Result::kAnswered)
    return response.status / 100 == 2 || response.status == 504 || response.status == 524;
  return response.result != Result::kNotReached && response.result != Result::kUnusable && response.sent;
}

std::optional<double> wait_asked_for(const HttpResponse& response, std::int64_t now) {
  if (const std::string* told = header(response, "retry-after-ms")) {
    if (const auto milliseconds = number_in(*told); milliseconds && *milliseconds >= 0)
      return *milliseconds / 1000;
  }
  const std::string* told = header(response, "retry-after");
  if (told == nullptr) return std::nullopt;
  if (const auto seconds = number_in(*told)) return *seconds >= 0 ? seconds : std::nullopt;
  const auto date = http_date(*told);
  return date ? std::optional(static_cast<double>(std::max<std::int64_t>(0, *date - now))) : std::nullopt;
}

double seconds_to_wait(int tries, const HttpResponse& response, std::int64_t now, genome::base::Rng& rng) {
  if (const auto asked = wait_asked_for(response, now)) return std::min(*asked, kMostWait);
  const double own = std::min(kLongestOwnWait, kFirstWait * std::exp2(std::clamp(tries - 1, 0, 10)));
  return own * (1 - kJitter * genome::base::uniform_real(rng));
}

}  // namespace net
