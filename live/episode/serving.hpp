// serving.hpp: what is the same for all questions that a controller answers at a server of models.
// Why:      what a branch is like, how it is looked into and how it is read must be as it was recorded; all
//           of it is settled once, and what cannot be done is refused before the first question.
// Use:      const Serving serving{.recipe = recipe, .task = task, .closing = closing};
//           expect_servable(program, upstream.can(), true);
// Promises: expect_servable() names what the program reads and the server cannot show.
// Throws:   UpstreamError (the input's fault) from expect_servable() alone.
// Threads:  values and a pure function.
// Tests:    tests/live/episode/episode_test.cpp
#pragma once

#include <cstdint>

#include "genome/program/program.hpp"
#include "live/collect/branch_recorder.hpp"
#include "live/reading/answer_task.hpp"
#include "live/upstream/branch.hpp"
#include "live/upstream/capabilities.hpp"

namespace live {

struct Serving {
  Recipe recipe;  // its segment_tokens are of no use here: a session says how far a branch goes
  ReadingTask task;
  Suffix closing;              // ends the thought of a branch that answers unfinished; may be empty
  std::int64_t finish = 1024;  // the most tokens of what follows then
};

// `messages`: questions are messages, not prompts as the model reads them.
void expect_servable(const genome::Program& program, const Capabilities& can, bool messages);

}  // namespace live
