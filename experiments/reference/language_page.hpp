// language_page.hpp: the reference of the language, as a page and as text for a terminal.
// Why:      docs/language.md and `evotts language` say the same, from the same table.
// Use:      print(language_page());   print(language_text(genome::entries_of("top")));
// Promises: every entry of genome/reference is there.
// Threads:  pure functions.
// Tests:    tests/experiments/reference/language_page_test.cpp
#pragma once

#include <span>
#include <string>
#include <vector>

#include "genome/reference/language_reference.hpp"

namespace experiments {

// docs/language.md.
std::string language_page();

// All entries, one or two lines each, below their topics.
std::string language_overview();

// All that is known of these.
std::string language_text(std::span<const genome::LanguageEntry* const> entries);

// The words that come near one that there is not: spelt alike, of the same meaning, or with it in their
// description; none where nothing comes near.
std::vector<std::string> near_words(const std::string& word);

}  // namespace experiments
