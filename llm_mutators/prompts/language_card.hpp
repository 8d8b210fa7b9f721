// language_card.hpp: the controller language, told to a language model.
// Why:      a model can only write what it was told of, and what it is told must be what the parser reads;
//           so the card is made from the same tables: ops.def, vocabulary.hpp, typing.hpp.
// Use:      prompt = language_card() + ...
// Promises: the same text in every call; every word of the language is in it, but those of signals: they
//           stand in signals_card(); the example checks.
// Threads:  any.
// Tests:    tests/llm_mutators/prompts/language_card_test.cpp
#pragma once

#include <span>
#include <string>

namespace llm_mutators {

// `version` is that of prompts (see wording.hpp).
const std::string& language_card(int version = 2);

// What is told beside it where environments record signals of these names; empty without any.
std::string signals_card(std::span<const std::string> signals, int version = 2);

}  // namespace llm_mutators
