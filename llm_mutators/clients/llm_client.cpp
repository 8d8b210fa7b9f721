#include "llm_mutators/clients/llm_client.hpp"

#include <algorithm>
#include <iterator>

namespace llm_mutators {

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

bool is_whole(const Reply& reply) {
  constexpr std::string_view kEnds[] = {"stop", "end_turn", "stop_sequence", "eos", "eos_token"};
  return reply.outcome == Reply::Outcome::kAnswered &&
         std::ranges::find(kEnds, reply.finish) != std::end(kEnds);
}

}  // namespace llm_mutators
