// json_pieces.hpp: looking into JSON that somebody else wrote.
// Why:      an answer may have any shape; asking for a piece must never throw.
// Use:      if (const Json* text = piece(block, "text"); text && text->is_string()) ...
// Promises: no function throws, whatever the value is.
// Threads:  pure functions.
#pragma once

#include <charconv>
#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <system_error>

#include "net/usage.hpp"

namespace net {

// The member of an object, or null when this is no object or has no such member (or a null there).
inline const nlohmann::json* piece(const nlohmann::json& in, const char* key) {
  if (!in.is_object()) return nullptr;
  const auto at = in.find(key);
  return at == in.end() || at->is_null() ? nullptr : &*at;
}

inline std::string text_of(const nlohmann::json* value) {
  return value != nullptr && value->is_string() ? value->get<std::string>() : std::string();
}

// A count of tokens; what is none, or cannot be one, is missing. Some servers write 12.0 or "12"; of a part
// the whole is counted, as a budget must not come out too low.
inline std::optional<std::int64_t> count_of(const nlohmann::json* value) {
  constexpr double kMost = 1e12;
  if (value == nullptr) return std::nullopt;
  double count = -1;
  if (value->is_number()) count = value->get<double>();
  if (value->is_string()) {
    const auto& text = value->get_ref<const std::string&>();
    const char* const last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, count);
    if (error != std::errc() || end != last) return std::nullopt;
  }
  if (!(count >= 0 && count <= kMost)) return std::nullopt;
  return static_cast<std::int64_t>(std::ceil(count));
}

// What the member `usage` of a reply tells, in the words of the completions protocols.
inline Usage usage_in(const nlohmann::json& reply) {
  const nlohmann::json* usage = piece(reply, "usage");
  if (usage == nullptr) return {};
  Usage out{.input = count_of(piece(*usage, "prompt_tokens")),
            .output = count_of(piece(*usage, "completion_tokens"))};
  if (const nlohmann::json* details = piece(*usage, "prompt_tokens_details"))
    out.cached_read = count_of(piece(*details, "cached_tokens"));
  if (const nlohmann::json* details = piece(*usage, "completion_tokens_details"))
    out.reasoning = count_of(piece(*details, "reasoning_tokens"));
  return out;
}

}  // namespace net
