// trace_lines.hpp: the actions of an episode, dense: a line for each thing a round did.
// Why:      an episode of thousands of actions is a few things done to many branches, round after round; said
//           so, it fits on a page and into a prompt.
// Use:      for (const std::string& line : trace_lines({question, dealt, trace, options})) text += line;
// Promises: every action is told once: actions of one kind that follow each other in a round share a line,
//           and rounds in a row that did and revealed the same share their lines. Each line ends with a
//           newline.
// Threads:  pure functions.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "replay/analysis/trace.hpp"

namespace experiments {

struct TracedEpisode {
  const replay::Question& question;
  std::span<const std::uint32_t> ordering;
  const replay::Trace& trace;
  const replay::EpisodeOptions& options;
  std::span<const std::string> signals = {};  // their names, as Environment::signals
};

std::string trace_lines_head();
std::vector<std::string> trace_lines(const TracedEpisode& episode);

// At most about so many of them, with the number of those left out; 0: all.
std::string bounded_lines(const std::vector<std::string>& lines, std::size_t most);

}  // namespace experiments
