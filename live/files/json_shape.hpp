// json_shape.hpp: what the beginning of a file of JSON tells: how it holds records, and what the first has.
// Why:      names of files lie: arrays are called .jsonl, and lines .json. Which tool wrote a file is known
//           by the members of its records.
// Use:      const JsonShape shape = json_shape(window);
//           if (shape.has("doc_id") && shape.has("resps")) ...
// Promises: nothing is consumed; some MiB are looked at. Members are those that begin there.
//           Whether it is JSON at all is for who reads it.
// Throws:   what the window throws.
// Threads:  one thread.
// Tests:    tests/live/files/json_stream_test.cpp
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "live/files/json_stream.hpp"
#include "live/files/text_window.hpp"

namespace live {

struct ShapeMember {
  std::string name;
  char begins = 0;  // the value: `{`, `[`, `"`, a digit, -, t, f or n
  char within = 0;  // of an array: its first element, likewise; `]` when it is empty
};

struct JsonShape {
  std::optional<JsonLayout> layout;  // nothing: no JSON, for it begins otherwise. An object alone is kValues
  std::vector<ShapeMember> members;  // of the first record, when that is an object
  char first = 0;                    // how the first record begins

  const ShapeMember* find(std::string_view name) const;
  bool has(std::string_view name) const { return find(name) != nullptr; }
  bool has_list(std::string_view name) const { return find(name) != nullptr && find(name)->begins == '['; }
};

JsonShape json_shape(TextWindow& window);

}  // namespace live
