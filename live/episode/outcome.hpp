// outcome.hpp: what came of a question that a controller answered at a server of models.
// Why:      whoever asked is told the answer, and what it took: really generated, by purpose.
// Use:      if (outcome.how == EpisodeOutcome::How::kAnswered) reply(outcome.text,
//           outcome.tokens.generated());
// Promises: plain data.
// Threads:  values.
// Tests:    tests/live/episode/episode_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "live/episode/delays.hpp"
#include "live/episode/trail.hpp"
#include "live/session/session.hpp"

namespace live {

// As the server counts them.
struct EpisodeTokens {
  std::int64_t branches = 0, looks = 0, finishing = 0;
  std::int64_t lost = 0;  // of requests that failed or were cancelled, as far as they had come
  std::int64_t prompt = 0, cached = 0;
  std::int64_t requests = 0;
  std::int64_t generated() const { return branches + looks + finishing + lost; }
  friend bool operator==(const EpisodeTokens&, const EpisodeTokens&) = default;
};

struct Vote {
  std::string answer;
  std::size_t finished = 0;  // branches that ended with it
  std::size_t others = 0;    // branches that showed it last
  friend bool operator==(const Vote&, const Vote&) = default;
};

struct EpisodeOutcome {
  enum class How { kAnswered, kFailed, kCancelled };
  // Where the text comes from.
  enum class Text {
    kNone,      // there is no answer, and no branch that ended
    kBranch,    // a branch that ended, with the answer if there is one
    kFinished,  // a branch that was finished with the answer, as none had ended with it
    kAnswer,    // the answer alone: no branch could be finished with it
  };
  How how = How::kAnswered;
  std::string error;  // of kFailed
  std::optional<std::string> answer;
  std::optional<std::size_t> branch;  // that the text is of, or that shows the answer
  Text from = Text::kNone;
  std::string text;
  std::size_t thought_bytes = 0;           // of the text: up to the end of the thought, its mark included
  bool cut = false;                        // a limit kept the text from being whole
  bool ceiling = false, deadline = false;  // what stopped the controller before its end
  std::vector<Vote> votes;                 // by falling number
  SessionUsage session;
  std::size_t failed = 0, dropped = 0;  // of its lost branches: for good, and at the ceiling or the deadline
  EpisodeTokens tokens;
  Delays delays;  // from the last result of each statement until the requests of the next were handed over
  std::shared_ptr<const EpisodeTrail> trail;  // where it was asked for, and a session was begun
};

// While it is under way, after each statement of the controller.
struct EpisodeProgress {
  int rounds = 0;
  std::size_t opened = 0, finished = 0, pruned = 0;
  std::int64_t generated = 0, read = 0;  // tokens
};

}  // namespace live
