// texts.hpp: arguments that are texts, bytes or paths.
// Why:      a text is taken as it is or refused by name, and what no file is called is no path.
// Use:      [](const Text& text, const Path& path) { use(text.value, path.value); }
// Promises: a text is str, or bytes that are taken as they are; a word is str alone. One with a surrogate
//           is refused by InputError, which names the parameter and the place; a source is taken
//           nevertheless, as bytes that are no UTF-8. A path is str, bytes or what has __fspath__, not
//           empty and without NUL.
// Threads:  with the interpreter's lock.
// Tests:    tests/python/test_texts.py
#pragma once

#include <filesystem>
#include <pybind11/pybind11.h>
#include <string>
#include <string_view>

#include "api/python/binding/numbers.hpp"

namespace evotts::python {

enum class TextKind { kWord, kText, kSource, kBytes };

std::string_view words_for(TextKind kind);  // "str or bytes"

std::string text_of(py::handle given, std::string_view name, TextKind kind = TextKind::kWord);
std::filesystem::path path_of(py::handle given, std::string_view name);

template <TextKind kind>
struct Written {
  std::string value;
};
using Word = Written<TextKind::kWord>;
using Text = Written<TextKind::kText>;
using Source = Written<TextKind::kSource>;
using Bytes = Written<TextKind::kBytes>;

struct Path {
  std::filesystem::path value;
};

}  // namespace evotts::python
