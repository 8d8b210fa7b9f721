// vocabulary.hpp: the words of the language: keywords, sections, statements and observed values.
// Why:      lexer, parser, checker, printer, typed sampling and the reference shown to people and models
//           must agree on them, so each word is written down once, here and in ops.def.
// Use:      if (is_reserved("round")) ...;  for (const Observed& o : observed_values()) ...
// Promises: constant tables.
// Threads:  any.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "genome/tree/ast.hpp"
#include "genome/tree/typing.hpp"

namespace genome {

// A value that an episode shows to a controller.
struct Observed {
  std::string_view name;
  Type type;
  std::uint16_t slot;  // fixed place among the values of its kind and level (see program.hpp)
  std::string_view meaning;
};

std::span<const Observed> observed_values();

enum class Section : std::uint8_t { kNone, kSchedule, kMemory, kBranch, kStart, kRound, kAnswer };

std::optional<Section> section_named(std::string_view word);
std::string_view name_of(Section section);

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
