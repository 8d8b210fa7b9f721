// recorded_text.hpp: one recorded episode as a page for reading, or as JSON lines.
// Why:      traces of replay have their words and their table; those of service are read in the same.
// Use:      print(recorded_text(record, 120));
// Promises: lines as trace_text.hpp. Answers stand where they were looked at, whenever that was. All text of
//           others is made visible and cut, in JSON it is whole.
// Threads:  pure functions.
// Tests:    tests/experiments/commands/serve_record_test.cpp
#pragma once

#include <cstddef>
#include <string>

#include "live/serve/episode_record.hpp"

namespace experiments {

std::string recorded_text(const live::EpisodeRecord& record, std::size_t most_lines);
std::string recorded_json(const live::EpisodeRecord& record);

}  // namespace experiments
