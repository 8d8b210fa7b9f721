// thinking.hpp: a reply without what its model thought aloud before it.
// Why:      reasoning models write their thoughts into the reply where their server does not take them apart;
//           drafts in thoughts are no proposals.
// Use:      const Spoken spoken = without_thinking(reply.text);   read(spoken.text);
// The rule: all up to the last mark that ends thoughts is thought, such as </think>, [/THINK], or the
//           beginning of a final channel. A mark that begins them at the beginning of a line and that none
//           ends makes thought of all that follows.
// Promises: never throws, whatever the bytes; takes time linear in their number.
// Threads:  a pure function.
// Tests:    tests/llm_mutators/text/thinking_test.cpp
#pragma once

#include <string_view>

namespace llm_mutators {

struct Spoken {
  std::string_view text;    // part of what was given
  bool unfinished = false;  // thoughts were begun and not ended
};

Spoken without_thinking(std::string_view reply);

}  // namespace llm_mutators
