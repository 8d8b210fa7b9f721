// first_wording.hpp: the sentences of prompts of version 1.
// Why:      see wording.hpp; they stand apart so that nobody mends them.
// Use:      wording(1)
// Threads:  a constant.
// Tests:    tests/llm_mutators/prompts/wording_test.cpp
#pragma once

#include "llm_mutators/prompts/words.hpp"

namespace llm_mutators {

const Wording& first_wording();

}  // namespace llm_mutators
