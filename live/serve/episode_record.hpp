// episode_record.hpp: all that is kept of an episode once it has ended.
// Why:      what a controller was given, did and spent for a client can be looked at, and used again, later.
// Use:      options.record = [&](EpisodeRecord record) { recorder.add(std::move(record)); };
// Promises: plain data. It holds no key and no address: of the client its messages, of the server what it
//           said.
// Threads:  values.
// Tests:    tests/live/record/episode_json_test.cpp
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "live/episode/outcome.hpp"
#include "live/upstream/branch.hpp"

namespace live {

// The same for all episodes of a server.
struct RecordHead {
  std::string program;             // its version
  std::string controller, digest;  // its name, and the git blob id of its canonical text
  std::string made = "{}";         // how branches are made and read: an object of JSON, as in "collected"
  friend bool operator==(const RecordHead&, const RecordHead&) = default;
};

struct EpisodeRecord {
  RecordHead head;
  std::string id, time;           // time: of its request, as 2026-01-31T12:00:00Z
  std::string model;              // as the request named it
  std::vector<Message> messages;  // likewise
  double beta = 0.5;
  std::uint64_t seed = 0;
  std::optional<std::int64_t> budget, ceiling;
  std::optional<double> deadline;  // seconds
  double seconds = 0;              // from the request to its end
  EpisodeOutcome outcome;
};

}  // namespace live
