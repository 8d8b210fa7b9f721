// lanes.hpp: an episode as lanes: what became of each branch, and which answer it gave up to where.
// Why:      a list of actions tells an episode in time; side by side, its branches show at a glance.
// Use:      for (const Lane& lane : lanes_of(episode)) draw(lane);
//           print(drawn_lanes(episode, {.width = 100, .colour = true}));
// Promises: a lane for each branch that was opened, in that order. Its spans follow each other and end at the
//           tokens that were spent on it; one that ends with a look belongs to the answer that this revealed.
// Threads:  pure functions.
// Tests:    tests/experiments/commands/trace_draw_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "experiments/reports/trace_lines.hpp"
#include "replay/environment/environment.hpp"

namespace experiments {

enum class LaneEnd : std::uint8_t { kUnfinished, kFinished, kPruned, kCut };

struct Lane {
  struct Span {
    std::int64_t to = 0;  // tokens of the branch
    replay::AnswerId answer = replay::kNoAnswer;
  };
  std::uint32_t recorded = 0;
  int opened = -1;  // the round; -1: the start section
  LaneEnd end = LaneEnd::kUnfinished;
  std::int64_t tokens = 0;
  std::vector<Span> spans;
  replay::AnswerId answer = replay::kNoAnswer;  // the last one revealed
};

std::vector<Lane> lanes_of(const TracedEpisode& episode);

struct Drawing {
  std::size_t width = 80;  // columns
  bool colour = false;     // of a terminal; without it, letters alone tell answers apart
};

// For a terminal: a line for each lane, and what the signs mean.
std::string drawn_lanes(const TracedEpisode& episode, const Drawing& drawing);

}  // namespace experiments
