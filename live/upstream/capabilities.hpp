// capabilities.hpp: what was found out about a server, and how much of the work with branches that allows.
// Why:      servers of the same name differ by version, options and what stands before them; only what was
//           seen is built upon.
// Use:      Capabilities can = discover(server, "name");   if (grade_of(can) == Grade::kExact) ...
//           for (const Advice& each : missing(can)) tell(each.what, each.remedy);
// Promises: grade_of() and missing() are functions of what was found alone.
// Threads:  values.
// Tests:    tests/live/discovery/discovery_test.cpp
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "live/upstream/reply.hpp"

namespace live {

// What can be done with a branch.
enum class Grade : std::uint8_t {
  kNone,
  kWholeSamples,  // it is asked for and comes whole
  kText,          // it is paused and looked into, joined by text: boundaries may differ by a token
  kExact,         // it is paused and looked into, joined by token ids
};

// How messages become a prompt.
enum class Rendering : std::uint8_t {
  kNone,
  kIds,   // the tokenizer takes messages
  kText,  // /apply-template gives the text
};

// What makes a chat go on with the last message, the assistant's.
enum class Continuation : std::uint8_t {
  kNone,
  kLastMessage,  // that there is one
  kFinalFlag,    // "continue_final_message": true, "add_generation_prompt": false
  kPrefix,       // "prefix": true in the message
  kPartial,      // "partial": true in the message
};

// Of what may be asked for: whether it was seen to be done.
enum class Seen : std::uint8_t { kUnknown, kYes, kIgnored, kRefused };

struct Capabilities {
  std::string base, root;  // of /completions, and of /tokenize: the same without "/v1"
  std::string model;
  std::string server;  // model and build, as replies name them
  std::vector<std::string> models;
  std::optional<std::int64_t> context;  // tokens that a prompt and its reply may have together

  bool completions = false;
  bool ids_in = false;   // a prompt may be token ids, and is taken as it is
  bool ids_out = false;  // every token of a reply has its id
  bool logprobs = false;
  int top_logprobs = 0;                    // how many candidates of a token are told, of those asked for
  bool own_beginning = false;              // a prompt of text gets a token of beginning besides
  std::optional<TokenId> beginning;        // that token, as the tokenizer puts it before a text
  std::string beginning_text;              // as a template writes it
  bool beginning_may_be_left_out = false;  // by "add_special_tokens": false

  bool tokenizer = false, detokenizer = false;
  Rendering rendering = Rendering::kNone;

  bool chat = false;
  bool chat_logprobs = false, chat_ids_out = false;
  int chat_top_logprobs = 0;
  std::string limit = "max_tokens";  // the name of the limit on a reply of a chat
  Continuation continuation = Continuation::kNone;
  std::string prefill_refused;  // what the server says of a last message of the assistant
  std::string thought_field;    // that a thought comes in, where it comes apart

  bool streams = false, stream_usage = false;
  bool usage = false;
  std::size_t tokens_in_largest_event = 0;
  std::int64_t comments = 0;  // lines of streams that are none of the reply
  Seen n = Seen::kUnknown, seed = Seen::kUnknown, cancel = Seen::kUnknown;
  std::set<std::string> left_out, chat_left_out;  // parameters of completions that the server refused

  int requests = 0;                            // that finding out took
  std::int64_t tokens_in = 0, tokens_out = 0;  // as far as the server told them
};

Grade grade_of(const Capabilities& can);

// Whether a question of messages, or one that is a prompt of text, can be asked so that it is gone on with.
bool takes_questions(const Capabilities& can, bool messages);

struct Advice {
  std::string what, remedy;
};

// What keeps it from the exact grade, and what is lost besides.
std::vector<Advice> missing(const Capabilities& can);

std::string_view name_of(Grade grade);
std::string_view name_of(Rendering rendering);
std::string_view name_of(Continuation continuation);
std::string_view name_of(Seen seen);

// What a grade means, in a clause.
std::string_view meaning_of(Grade grade);

}  // namespace live
