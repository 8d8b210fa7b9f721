// trace_text.hpp: a trace as a dense page for reading, or as JSON lines.
// Why:      an episode may have thousands of actions; what is read (by people, and by language models in
//           prompts of limited length) must say in a bounded number of lines what mattered.
// Use:      print(trace_text({"cmc", 0.5, "aime24", 3, 0}, {question, dealt, trace, options}, 120));
// Promises: at most about `most_lines` lines of actions, however long the episode; lines left out are
//           counted. Every action is told once: actions of one kind that follow each other in a round share a
//           line, and rounds in a row that did and revealed the same share their lines.
// Threads:  pure functions.
// Tests:    tests/experiments/commands/trace_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "experiments/reports/trace_lines.hpp"
#include "replay/analysis/trace.hpp"

namespace experiments {

// Which episode it is.
struct EpisodeName {
  std::string controller;
  double beta = 0;
  std::string environment;
  std::size_t question = 0;
  std::uint64_t ordering = 0;
};

// 0 lines: no bound.
std::string trace_text(const EpisodeName& name, const TracedEpisode& episode, std::size_t most_lines);

// One object for each action, and one for the result.
std::string trace_json(const EpisodeName& name, const TracedEpisode& episode);

// `stopped in round 7 by "stop when spent > 9"`, and how else an episode may end.
std::string ending_text(const replay::Trace& trace, const replay::EpisodeOptions& options);
// `42* (right), by the line "top(finished)"`.
std::string answer_text(const replay::Trace& trace, const replay::Question& question);

}  // namespace experiments
