// settings.hpp: what a collection was asked for, and the object in which its environment tells it.
// Why:      an environment is worth what is known of its making; and a collection that is gone on with must
//           be the same one.
// Use:      Journal journal(path, settings_json(settings, can, questions));
//           environment.collected = collected_json(settings, can, made).dump();
// Promises: pure functions. settings_json() holds what decides over a branch: model, prompt, sampling,
//           limits, suffix, questions. How many branches there are and how answers are read is not among it,
//           so that a collection can be enlarged and read anew.
// Threads:  values.
// Tests:    tests/live/collect/settings_test.cpp
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "live/collect/collected_branch.hpp"
#include "live/reading/answer_task.hpp"
#include "live/reading/question_file.hpp"
#include "live/upstream/branch.hpp"
#include "live/upstream/capabilities.hpp"

namespace live {

struct CollectSettings {
  std::size_t branches = 64;  // of each question
  std::int64_t interval = 500, most_tokens = 32'768, look_tokens = 32;
  std::uint64_t seed = 0;
  Sampling sampling;
  std::string system;                       // a message before the question; empty: none
  bool raw = false;                         // prompts are no messages but what the model is to read
  std::string end_of_thought = "</think>";  // empty: a reply is all thought
  TaskWords words;
};

// The question as it is asked.
Question question_of(const CollectSettings& settings, const ReadingTask& task, const std::string& text);

nlohmann::json settings_json(const CollectSettings& settings, const ReadingTask& task,
                             const Capabilities& can, const std::vector<CollectQuestion>& questions);

// What is known in the end.
struct Made {
  std::string template_text;  // the prompt of the question "{question}", as the model reads it
  std::string date, program;
  Spent spent;
  std::size_t cut = 0;  // branches
};

nlohmann::json collected_json(const CollectSettings& settings, const ReadingTask& task,
                              const Capabilities& can, const std::vector<CollectQuestion>& questions,
                              const Made& made);

}  // namespace live
