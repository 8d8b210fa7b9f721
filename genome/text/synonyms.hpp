// synonyms.hpp: what words of other languages are called here.
// Why:      whoever writes len(...) or average(...) knows what is meant; spelling alone finds no word for it.
// Use:      word_for("len") == "count";   word_for("zebra").empty()
// Promises: a constant table of words that are none of the language, each with one that is.
// Threads:  any.
// Tests:    tests/genome/text/known_names_test.cpp
#pragma once

#include <span>
#include <string_view>

namespace genome {

struct Synonym {
  std::string_view foreign, word;
};
std::span<const Synonym> all_synonyms();

// The word of the language, letters in either case being alike; empty when there is none.
std::string_view word_for(std::string_view foreign);

}  // namespace genome
