// reply.hpp: a model's reply -> a checked controller, or what is wrong with it.
// Why:      models wrap what they were asked for in all sorts of ways; what they mean should get through,
//           and nothing else should.
// Use:      ReadReply read = read_reply(reply.text, {.whole = true});
//           if (read.controller) ...; else prompt = prompter.repair(prompt, read.quoted, read.faults);
// The rule: thoughts are left out (see thinking.hpp). A controller begins at a line `controller NAME`, in a
//           fence of any kind, on the fence's own line, in a quotation, in a fence within a fence, or without
//           any. It ends at the next fence, or else where prose begins. Of several the last is meant that
//           checks or acts and answers: an excerpt behind it is not, and one that it was made of is not.
// Promises: never throws and never takes long, whatever the bytes. A fence that is not closed is taken for a
//           reply cut short, and refused, unless it is known to be whole. The controller is named "evolved".
// Threads:  pure functions.
// Tests:    tests/llm_mutators/text/reply_test.cpp
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "genome/text/checker.hpp"
#include "llm_mutators/text/reply_pieces.hpp"

namespace llm_mutators {

struct ReadReply {
  std::string hypothesis;  // one line, at most kLongestHypothesis bytes; may be empty
  std::optional<genome::CheckedController> controller;
  std::string quoted;  // without a controller: the part of the reply that the faults are about
  std::string faults;  // without a controller: all that is wrong, for a model or a person to read
  std::string reason;  // without a controller: the kind of fault in a few words, the same for all of a kind
};

struct ReadOptions {
  bool whole = false;  // the server says that the model ended its reply
};

ReadReply read_reply(std::string_view text, const ReadOptions& options = {});

// The line `HYPOTHESIS: ...` beside the controller, without control characters; or nothing.
std::string hypothesis_in(std::string_view text);

}  // namespace llm_mutators
