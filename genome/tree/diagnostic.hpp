// diagnostic.hpp: what is wrong with a text, told so that a person or a model can mend it.
// Why:      every problem of a text is reported at once, with the line itself and what would be right.
// Use:      for (const Diagnostic& d : diagnostics) std::cerr << render(d, "mine.ctl", text);
// Promises: rendering never fails; the input is shown without characters that could move the cursor or hide
//           something. Columns in a rendering count characters (positions count bytes).
// Threads:  pure functions.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "genome/tree/ast.hpp"

namespace genome {

enum class Severity : std::uint8_t { kError, kWarning };

struct Diagnostic {
  Severity severity = Severity::kError;
  std::string code;     // short and stable, e.g. "unknown-name"
  std::string message;  // what was expected and what was found
  std::string hint;     // what would be right, or empty
  Position at;
};

using Diagnostics = std::vector<Diagnostic>;

bool has_errors(std::span<const Diagnostic> diagnostics);

// A word of the input in quotes for a message, cut when long.
std::string quoted(std::string_view word);

// Four lines: where and what; the line of the text; a marker below it; the hint when there is one.
std::string render(const Diagnostic& diagnostic, std::string_view file, std::string_view text);

// All of them in the order of the text, each rendered.
std::string render_all(std::span<const Diagnostic> diagnostics, std::string_view file, std::string_view text);

// The candidate nearest to a misspelt word by edit distance, letters in either case being alike; empty when
// none is near.
std::string nearest(std::string_view word, std::span<const std::string> candidates);

}  // namespace genome
