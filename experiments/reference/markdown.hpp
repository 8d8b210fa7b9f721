// markdown.hpp: texts of tables, made fit to stand in a page of Markdown.
// Why:      a '|' ends a cell, and a lone '*' or '<' changes how the rest of a page is shown.
// Use:      page += markdown_table({"key", "meaning"}, {{code("seed"), prose("equal seeds, equal trees")}});
// Promises: what is shown is what the text says; spans between backquotes stay code.
// Threads:  pure functions.
// Tests:    tests/experiments/reference/markdown_test.cpp
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace experiments {

// A text as it is to be read, on one line.
std::string prose(std::string_view text);

// A text to be read letter by letter; nothing when it is empty.
std::string code(std::string_view text);

// A table; cells are Markdown already, but for '|'.
std::string markdown_table(const std::vector<std::string>& columns,
                           const std::vector<std::vector<std::string>>& rows);

// Where a heading of this text is linked to: "#how-it-ends".
std::string anchor(std::string_view heading);

// Lines of at most so many columns, each but the first behind this indent; words are never broken.
std::string wrapped(std::string_view text, std::size_t columns, std::string_view indent);

}  // namespace experiments
