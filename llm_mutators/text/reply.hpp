// reply.hpp: a model's reply -> a checked controller, or what is wrong with it.
// Why:      models wrap what they were asked for in all sorts of ways; what they mean should get through,
//           and nothing else should.
// Use:      ReadReply read = read_reply(reply.text);
//           if (read.controller) ...; else prompt = prompter.repair(prompt, read.quoted, read.faults);
// Promises: never throws and never takes long, whatever the bytes. The controller is the last fenced block
//           that has a line `controller NAME` (of any fence and language tag; else the last block), or
//           without any fence the text from its first line `controller NAME` on. A block that is not closed
//           is taken for a reply cut short, and refused. The controller is named "evolved".
// Threads:  pure functions.
// Tests:    tests/llm_mutators/text/reply_test.cpp
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "genome/text/checker.hpp"

namespace llm_mutators {

struct ReadReply {
  std::string hypothesis;  // one line, at most kLongestHypothesis bytes; may be empty
  std::optional<genome::CheckedController> controller;
  std::string quoted;  // without a controller: the part of the reply that the faults are about
  std::string faults;  // without a controller: all that is wrong, for a model or a person to read
};

inline constexpr std::size_t kLongestHypothesis = 300;

ReadReply read_reply(std::string_view text);

// The line `HYPOTHESIS: ...` outside of fenced blocks, without control characters; or nothing.
std::string hypothesis_in(std::string_view text);

}  // namespace llm_mutators
