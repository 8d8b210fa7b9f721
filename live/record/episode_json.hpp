// episode_json.hpp: an episode that was served <-> a line of JSON.
// Why:      what is written down in one year is read in another, by programs of several hands: a line tells
//           all of it by itself.
// Use:      const std::string line = line_of(record);           // without its end
//           const EpisodeRecord same = record_of(line);
// Form:     begins with {"evotts":"episode","version":1; docs/serve.md explains the members. Unknown members
//           are passed over.
// Promises: line_of() gives at most kMostJsonBytes, else throws; where texts make it too long, they are left
//           out. Text that is no UTF-8 is written with U+FFFD in its place. What record_of() gives can be
//           replayed: branches are opened in order, actions are of branches that are there, looks and signals
//           of intervals that are there, and all numbers are within the limits of recordings.
// Throws:   std::exception that says what is wrong.
// Threads:  pure functions.
// Tests:    tests/live/record/episode_json_test.cpp, tests/live/record/hostile_record_test.cpp
#pragma once

#include <string>
#include <string_view>

#include "live/serve/episode_record.hpp"

namespace live {

inline constexpr std::string_view kRecordHead = R"({"evotts":"episode",)";  // how each line begins

std::string line_of(const EpisodeRecord& record);
EpisodeRecord record_of(std::string_view line);

// "answered", "failed", "cancelled"; "finished", "pruned", "lost", "unfinished".
const char* name_of(EpisodeOutcome::How how);
const char* name_of(TrailBranch::End end);

}  // namespace live
