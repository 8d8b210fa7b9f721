// arguments.hpp: what a parameter of a C++ function takes of Python.
// Why:      the type of a parameter tells everything: which objects it takes, and what is said of others.
// Use:      [](Whole orderings, const std::optional<Whole>& budget, Controller& controller) { ... }
// Promises: each kind has words for what it must be, and makes its value or throws an error that names the
//           parameter.
// Threads:  with the interpreter's lock, as code of Python may be called.
// Tests:    tests/python/test_arguments.py
#pragma once

#include <optional>
#include <string_view>
#include <type_traits>

#include "api/python/binding/numbers.hpp"
#include "api/python/binding/objects.hpp"
#include "api/python/binding/texts.hpp"

namespace evotts::python {

// Any object, whose words are the caller's: Given<"a sequence of Controller">.
template <Words words>
struct Given {
  py::handle value;
};

// With an article: "a Controller", of the class's own name.
std::string_view called(PyTypeObject* type);

// An object of the module's own.
template <typename T>
struct Argument {
  static std::string_view must_be() { return called(class_of<T>); }
  static T& of(py::handle given, std::string_view name) {
    if (!is_a<T>(given)) refuse(name, must_be(), given);
    return value_in<T>(given);
  }
};

template <Words words>
struct Argument<Given<words>> {
  static std::string_view must_be() { return words.text; }
  static Given<words> of(py::handle given, std::string_view) { return {given}; }
};

template <>
struct Argument<Whole> {
  static std::string_view must_be() { return "a whole number"; }
  static Whole of(py::handle given, std::string_view name) { return {whole_number(given, name), name}; }
};

template <>
struct Argument<std::optional<Whole>> {
  static std::string_view must_be() { return "a whole number or None"; }
  static std::optional<Whole> of(py::handle given, std::string_view name) {
    if (given.is_none()) return std::nullopt;
    return Whole{whole_number(given, name, must_be()), name};
  }
};

template <>
struct Argument<Real> {
  static std::string_view must_be() { return "a number"; }
  static Real of(py::handle given, std::string_view name) { return {real_number(given, name), given, name}; }
};

template <>
struct Argument<Reals> {
  static std::string_view must_be() { return "a sequence of numbers"; }
  static Reals of(py::handle given, std::string_view name) { return {real_numbers(given, name)}; }
};

template <>
struct Argument<Flag> {
  static std::string_view must_be() { return "True or False"; }
  static Flag of(py::handle given, std::string_view name) { return {truth(given, name)}; }
};

// Word, Text, Source and Bytes.
template <TextKind kind>
struct Argument<Written<kind>> {
  static std::string_view must_be() { return words_for(kind); }
  static Written<kind> of(py::handle given, std::string_view name) { return {text_of(given, name, kind)}; }
};

template <>
struct Argument<Path> {
  static std::string_view must_be() { return "str, bytes or os.PathLike"; }
  static Path of(py::handle given, std::string_view name) { return {path_of(given, name)}; }
};

}  // namespace evotts::python
