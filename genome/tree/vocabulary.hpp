// vocabulary.hpp: the words of the language: keywords, sections, statements; and those of observed values.
// Why:      lexer, parser, checker, printer, typed sampling and the reference shown to people and models
//           must agree on them, so each word is written down once: here, in ops.def or in observed.def.
// Use:      if (is_reserved("round")) ...;  section_named("memory") == Section::kMemory
// Promises: constant tables.
// Threads:  any.
// Tests:    tests/genome/tree/typing_test.cpp
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "genome/tree/ast.hpp"
#include "genome/tree/observed.hpp"

namespace genome {

enum class Section : std::uint8_t { kNone, kSchedule, kMemory, kBranch, kStart, kRound, kAnswer };

std::optional<Section> section_named(std::string_view word);
std::string_view name_of(Section section);

// A statement as people and models are shown it: the word it begins with (an assignment has none), what
// stands behind that word, and what it does.
struct VerbInfo {
  Verb verb;
  std::string_view keyword;
  std::string_view shape;
  std::string_view meaning;
};
std::span<const VerbInfo> all_verbs();  // in the order of the enumerators

// The word a statement begins with ("" for an assignment).
std::string_view keyword_of(Verb verb);
std::optional<Verb> verb_named(std::string_view word);

// The operation called by this name, e.g. "confidence".
std::optional<Op> function_named(std::string_view word);

// Words that no schedule entry, register or let may take.
bool is_reserved(std::string_view word);

// Letters, digits and '_', not beginning with a digit, not too long.
bool is_identifier(std::string_view word);

}  // namespace genome
