// experiment_keys.hpp: the keys of an experiment file: what each may be, and how it is written.
// Why:      reading, checking and writing a key belong side by side, so that they cannot drift apart.
// Use:      for (const Key& key : experiment_keys()) text += key.write(experiment);
// Promises: in the order of the file, keys of a section together; reading what write() gave sets the
//           member to an equal value. read() sets nothing unless the value is all right.
// Threads:  constant data.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "evo/experiment/experiment.hpp"

namespace experiments {

struct Field;

// A value of the file, freed from the library that parsed it.
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

struct Key {
  std::string name;                                          // "evaluation.betas"
  std::string expected;                                      // "a whole number from 1 to 10000"
  std::function<bool(const Value&, evo::Experiment&)> read;  // whether the value is as expected
  std::function<std::string(const evo::Experiment&)> write;  // the TOML value
  // What is wrong with a value that was not read, where that can be said better; may be empty.
  std::function<std::string(const Value&)> fault = {};
};

// A string as TOML writes it, so that variables are not put into it again.
std::string toml_string(std::string_view text);
// A finite number, whole or not.
std::optional<double> as_number(const Value& value);
// A program and its arguments: strings without zero bytes, the first not empty; an empty array is no program.
std::optional<std::vector<std::string>> as_command(const Value& value);

std::span<const Key> experiment_keys();

// "evaluation" of "evaluation.betas", and "" of "seed".
std::string_view section_of(std::string_view key);
std::string_view last_part_of(std::string_view key);

}  // namespace experiments
