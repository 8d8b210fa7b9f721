// recording.hpp: a journal that holds all of its branches -> an environment, and the file of its texts.
// Why:      readers of environments know nothing of collections, and a journal nothing of answers.
// Use:      Recording made = recording_of(questions, task, 500, 64, journal, texts);
//           made.environment.collected = ...;   write_durably(path, replay::to_json(made.environment));
// Promises: a function of the journal's branches, whatever the order of its lines. Signals that any branch
//           lacks are left out, and named.
// Throws:   InputError for a journal that was damaged meanwhile; StorageError where texts cannot be written.
// Threads:  one call at a time for a journal.
// Tests:    tests/live/collect/recording_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "live/collect/journal.hpp"
#include "live/reading/answer_task.hpp"
#include "live/reading/question_file.hpp"
#include "live/reading/texts_file.hpp"
#include "replay/environment/environment.hpp"

namespace live {

struct Recording {
  replay::Environment environment;
  std::vector<std::string> incomplete_signals;     // that some branches have
  std::size_t cut = 0, right = 0, unreadable = 0;  // branches; unreadable: their end gives no answer
  std::int64_t tokens = 0;
};

// REQUIRES: the journal has branches 0 to `branches` - 1 of every question.
Recording recording_of(const std::vector<CollectQuestion>& questions, const ReadingTask& task,
                       std::int64_t interval, std::size_t branches, const Journal& journal,
                       TextsWriter& texts);

}  // namespace live
