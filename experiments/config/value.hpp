// value.hpp: a value of an experiment file, freed from the library that parsed it, and how TOML writes one.
// Why:      keys are checked one by one without a TOML library in the way, and messages show what was found.
// Use:      if (const auto number = as_number(value)) e.parsimony = *number;
//           text += toml_string(e.name);
// Promises: toml_string() reads back to the same string, without variables being put in again.
// Threads:  values.
// Tests:    tests/experiments/config/experiment_file_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace experiments {

struct Field;

struct Value {
  struct Other {};  // a date, ...: no key has one
  std::variant<Other, bool, std::int64_t, double, std::string, std::vector<Value>, std::vector<Field>> held;
};

// One of a table.
struct Field {
  std::string name;
  Value value;
};

// The value for a message, e.g. [0, "x"].
std::string shown(const Value& value);

// A finite number, whole or not.
std::optional<double> as_number(const Value& value);

// An array of tables is changed at one place by a setting such as models.0.url or models.small.price.input:
// by the element's number, from 0 on, or its name, and the fields on the way, which are made where there are
// none.
struct ElementPath {
  std::size_t element = 0;
  std::vector<std::string> fields;  // at least one
};
// `path` is what follows the key and its dot. What is wrong with it otherwise.
std::expected<ElementPath, std::string> element_path(const std::vector<Value>& elements,
                                                     std::string_view path);
// False when a value on the way is no table.
bool put_at(std::vector<Value>& elements, const ElementPath& path, Value value);

std::string toml_string(std::string_view text);
std::string toml_strings(const std::vector<std::string>& texts);

}  // namespace experiments
