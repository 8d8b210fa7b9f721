// wording.hpp: the sentences of prompts that are not in templates, by version.
// Why:      what a model is asked is part of a run: a journal is looked up by it, so that a run keeps the
//           words it began with, while new runs are asked in better ones.
// Use:      const Wording& words = wording(task.prompt_version);
//           out += fmt::format(fmt::runtime(words.budget), fmt::arg("tokens", tokens));
// Promises: version 1 never changes. Each text names in braces what is put in, and both versions are given
//           the same. Names of tables and functions of the language come from its tables (language_card.hpp).
// Threads:  constants.
// Tests:    tests/llm_mutators/prompts/wording_test.cpp
#pragma once

#include "llm_mutators/prompts/words.hpp"

namespace llm_mutators {

// REQUIRES: 1 or 2.
const Wording& wording(int version);

}  // namespace llm_mutators
