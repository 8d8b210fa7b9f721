// json_pieces.hpp: looking into JSON that somebody else wrote.
// Why:      an answer may have any shape; asking for a piece must never throw.
// Use:      if (const Json* text = piece(block, "text"); text && text->is_string()) ...
// Promises: no function throws, whatever the value is.
// Threads:  pure functions.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

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

// A count of tokens; what is none, or cannot be one, is missing.
inline std::optional<std::int64_t> count_of(const nlohmann::json* value) {
  constexpr std::int64_t kMost = 1'000'000'000'000;
  if (value == nullptr || !value->is_number_integer()) return std::nullopt;
  if (value->is_number_unsigned() && value->get<std::uint64_t>() > static_cast<std::uint64_t>(kMost))
    return std::nullopt;
  const auto count = value->get<std::int64_t>();
  return count >= 0 ? std::optional(count) : std::nullopt;
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
