// parser.hpp: the text of a controller -> its tree.
// Why:      people and models write text; evolution works on trees.
// Use:      Parsed parsed = parse(text);
//           if (!has_errors(parsed.diagnostics)) check(parsed.controller);
// Promises: never throws and never recurses deeper than a fixed bound, whatever the bytes. Every bad line
//           is reported (its bad characters, or else its first mistake); the rest of the text is read all the
//           same, and names that a bad line would have declared are declared, so that one mistake does not
//           cause others. Only names, shapes and sections are judged here; types are the checker's.
// Threads:  pure function.
#pragma once

#include <string_view>

#include "genome/tree/ast.hpp"
#include "genome/tree/diagnostic.hpp"

namespace genome {

struct Parsed {
  Controller controller;  // kError nodes stand for what could not be read
  Diagnostics diagnostics;
};

Parsed parse(std::string_view text);

}  // namespace genome
