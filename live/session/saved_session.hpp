// saved_session.hpp: a session as text, and taken up again.
// Why:      a long question outlives a process; what was paid for is not generated twice.
// Use:      write(file, save(session, controller_id, beta));
//           SavedSession saved = read_saved(text);           // what program, what options
//           Session session(bind(program, saved.beta), saved.options);
//           restore(session, saved);
// Promises: what the branches showed is kept, and the program is run over it again: the same session, to the
//           last bit, results given so far included. Version 1 of the form will be read by later releases.
// Throws:   replay::InputError for anything that is no such text, or not of this program.
// Threads:  pure functions.
// Tests:    tests/live/session/saved_session_test.cpp
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "live/session/session.hpp"

namespace live {

struct SavedBranch {
  std::vector<SeenStep> steps;  // those that were looked at have an answer
  GrowingQuestion::End end = GrowingQuestion::End::kNone;
  std::int64_t tokens = 0;      // when it has ended
  std::string answer;           // when it has finished
  std::vector<double> signals;  // likewise
};

struct SavedSession {
  std::string controller;  // git blob id of its canonical text
  double beta = 0;
  SessionOptions options;
  std::vector<SavedBranch> branches;
  std::size_t applied = 0;  // see Session
  bool waiting = false;     // next() was called since
  std::optional<std::size_t> stopped_after;
  std::int64_t look_tokens = 0;
  std::vector<Result> given;  // of the wants that have no result yet for others
};

std::string save(const Session& session, const std::string& controller, double beta);
SavedSession read_saved(std::string_view text);
// REQUIRES: the session is new, of saved.controller at saved.beta, with saved.options.
void restore(Session& session, const SavedSession& saved);

}  // namespace live
