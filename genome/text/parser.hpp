// parser.hpp: the text of a controller -> its tree.
// Why:      people and models write text; evolution works on trees.
// Use:      Parsed parsed = parse(text);
//           if (!has_errors(parsed.diagnostics)) check(parsed.controller);
// Promises: never throws and never recurses deeper than a fixed bound, whatever the bytes. Every bad line
//           is reported (its bad characters, or else its first mistake); the rest of the text is read all
//           the same, and names that a bad line would have declared are declared, so that one mistake does
//           not cause others. After kLimits.problems the rest of the text is left. The time it takes grows
//           with the text's length alone, not with its nesting. Only names, shapes and sections are judged
//           here; types are the checker's.
// Threads:  pure function.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "genome/tree/ast.hpp"
#include "genome/tree/diagnostic.hpp"

namespace genome {

struct Parsed {
  Controller controller;  // kError nodes stand for what could not be read
  Diagnostics diagnostics;
  std::optional<std::uint32_t> read_lines;  // of a text with too many problems to be read to its end
};

Parsed parse(std::string_view text);

}  // namespace genome
