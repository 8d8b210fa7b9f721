// language_reference.hpp: every word, rule and limit of the language, each with what it means and an example.
// Why:      people look words up, at the command line and in docs/language.md; both are made from the tables
//           that the parser and the checker read, so that neither can fall behind.
// Use:      for (const LanguageEntry* entry : entries_of("round")) ...   // section, value and function
// Promises: in the order of Topic, and of the tables within one. Every example checks in example_frame().
// Threads:  constant data.
// Tests:    tests/genome/reference/language_reference_test.cpp
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace genome {

enum class Topic : std::uint8_t {
  kSection,
  kStatement,
  kClause,
  kType,
  kLevel,
  kObservation,
  kFunction,
  kOperator,
  kLiteral,
  kRule,
  kLimit,
};

struct TopicInfo {
  Topic topic;
  std::string_view title;  // of many: "Functions"
  std::string_view one;    // of one: "function"
  std::string_view about;  // what is listed here, in sentences
};
std::span<const TopicInfo> all_topics();
const TopicInfo& about(Topic topic);

struct LanguageEntry {
  Topic topic = Topic::kRule;
  std::string word;     // by which it is looked up: "top", "vote order"
  std::string form;     // how it is written, or the figure of a limit; may be empty
  std::string type;     // "number of the question"; "(set, number of the branch) gives answer"; may be empty
  std::string meaning;  // a phrase, or sentences
  std::string example;  // a statement or an expression; may be empty
  std::string value;    // what an example comes to, where that is always the same
};

std::span<const LanguageEntry> language_entries();

// All entries of a word, letters in either case being alike; none where nobody knows it.
std::vector<const LanguageEntry*> entries_of(std::string_view word);

// Every word once, in the order of the entries.
std::vector<std::string> language_words();

// A whole controller with the example in its place: what names in examples stand for.
std::string example_frame(std::string_view statement);

}  // namespace genome
