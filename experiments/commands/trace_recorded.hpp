// trace_recorded.hpp: episodes that evotts serve has recorded, as a list or one of them action by action.
// Why:      what a controller did for a client is read in the same words as what it does in replay.
// Use:      return trace_recorded({.file = "e.jsonl", .episode = "3", .lines = 120, .format = "text"});
// Promises: InputError names file and line of what is no record. All text of others is made visible.
// Threads:  one thread.
// Tests:    tests/experiments/commands/serve_record_test.cpp
#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace experiments {

struct RecordedTrace {
  std::string file;
  std::optional<std::string> episode;  // the number of its line, or its id; nothing: all are listed
  std::size_t lines = 120;             // of actions; 0: all
  std::string format = "text";         // or "json"
};

int trace_recorded(const RecordedTrace& asked);

}  // namespace experiments
