// chat_reply.hpp: what a client is told, as the protocol of chat completions has it.
// Why:      the same answer goes out whole or as a stream; clients of others read both.
// Use:      reply->send({.body = completion_text(told, outcome)});
//           for (std::string& event : stream_events(told, outcome)) reply->write(std::move(event));
// Promises: pure functions; whatever bytes are in an outcome, what goes out is JSON in UTF-8 on one line. A
//           thought and what follows it are told apart: reasoning_content has neither the mark at its end
//           nor the one at its beginning. Where limits kept the text from being whole, the content is the
//           winning answer alone and finish_reason is length.
// Threads:  pure functions.
// Tests:    tests/live/serve/chat_reply_test.cpp
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "live/episode/outcome.hpp"
#include "live/serve/chat_request.hpp"

namespace live {

// What belongs to a reply beside what came out.
struct ChatTold {
  std::string id, model;
  std::int64_t created = 0;  // seconds
  double beta = 0, seconds = 0;
  std::string end_of_thought;
  std::vector<std::string> left_out;
  bool usage = false;  // in a stream
};

struct ChatText {
  std::string thought, content;
};

ChatText text_of(const EpisodeOutcome& outcome, const std::string& end_of_thought);

std::string completion_text(const ChatTold& told, const EpisodeOutcome& outcome);

// All of a stream but its comments.
std::vector<std::string> stream_events(const ChatTold& told, const EpisodeOutcome& outcome);

// A line that readers of streams skip.
std::string progress_comment(const EpisodeProgress& at);

std::string error_text(const ChatRefusal& refusal);

std::string model_text(const std::string& model, std::int64_t created);

std::string models_text(const std::string& model, std::int64_t created);

}  // namespace live
