// language_card.hpp: the controller language, told to a language model.
// Why:      a model can only write what it was told of, and what it is told must be what the parser reads;
//           so the card is made from the same tables: ops.def, vocabulary.hpp, typing.hpp.
// Use:      prompt = language_card() + ...
// Promises: the same text in every call; every word of the language is in it, and the example checks.
// Threads:  any.
// Tests:    tests/llm_mutators/prompts/language_card_test.cpp
#pragma once

#include <string>

namespace llm_mutators {

const std::string& language_card();

}  // namespace llm_mutators
