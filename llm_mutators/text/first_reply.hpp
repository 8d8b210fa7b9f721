// first_reply.hpp: how the first programs read a model's reply.
// Why:      a run is replayed from its journal, so that what its program made of a reply must be made of it
//           for ever (prompt version 1, see evo/experiment/experiment.hpp). All other runs read by reply.hpp.
// Use:      ReadReply read = read_first_reply(reply.text);
// Promises: never changes. The controller is the last fenced block that has a line `controller NAME`, else
//           the last block, or without any fence the text from its first line `controller NAME` on. A block
//           that is not closed is refused.
// Threads:  a pure function.
// Tests:    tests/llm_mutators/text/reply_test.cpp
#pragma once

#include <string_view>

#include "llm_mutators/text/reply.hpp"

namespace llm_mutators {

ReadReply read_first_reply(std::string_view text);

}  // namespace llm_mutators
