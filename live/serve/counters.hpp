// counters.hpp: what a server of answers has done so far, and the text in which Prometheus reads it.
// Why:      whoever runs one must see how busy it is, what it costs, and whether its upstream fails.
// Use:      counters.add(outcome, seconds);   reply->send({.body = metrics_text(counters, now)});
// Promises: sums since the start; metrics_text() holds nothing that a client or the upstream said.
// Threads:  one at a time.
// Tests:    tests/live/serve/chat_reply_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "live/episode/outcome.hpp"

namespace live {

struct ServeCounters {
  std::int64_t answered = 0, failed = 0, cancelled = 0;  // episodes
  std::int64_t branches = 0, lost_branches = 0;
  double seconds = 0;                   // of episodes that were answered
  EpisodeTokens tokens;                 // of all episodes
  Delays delays;                        // of all their statements
  std::map<int, std::int64_t> refused;  // requests, by status

  void add(const EpisodeOutcome& outcome, double seconds);
};

// Episodes that were to be kept: those that are, and those that could not be.
struct RecordCounts {
  std::int64_t kept = 0, lost = 0;
};

// At this moment.
struct ServeGauges {
  std::size_t running = 0, waiting = 0;                    // episodes
  std::size_t upstream_at_work = 0, upstream_waiting = 0;  // requests
  std::optional<RecordCounts> recorded = std::nullopt;     // nothing: nobody records
};

std::string metrics_text(const ServeCounters& counters, const ServeGauges& gauges);

}  // namespace live
