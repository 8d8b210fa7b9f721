#include "llm_mutators/clients/llm_client.hpp"

namespace llm_mutators {

constexpr std::size_t kShortestSecret = 6;

std::string without_secret(std::string text, std::string_view secret) {
  if (secret.size() < kShortestSecret) return text;
  for (std::size_t at = text.find(secret); at != std::string::npos; at = text.find(secret, at))
    text.replace(at, secret.size(), "[key]");
  return text;
}

std::string_view name_of(Reply::Outcome outcome) {
  switch (outcome) {
    case Reply::Outcome::kAnswered: return "answered";
    case Reply::Outcome::kTruncated: return "truncated";
    case Reply::Outcome::kRefused: return "refused";
    case Reply::Outcome::kTimedOut: return "timed_out";
    case Reply::Outcome::kFailed: return "failed";
    case Reply::Outcome::kTooLong: return "too_long";
    case Reply::Outcome::kStopped: return "stopped";
    case Reply::Outcome::kSkipped: return "skipped";
  }
  return "failed";
}

}  // namespace llm_mutators
