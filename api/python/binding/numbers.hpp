// numbers.hpp: arguments that are numbers, taken strictly and named in what is said of them.
// Why:      pybind11 calls int() for an integer: Decimal("2.7") would be 2, and True a number.
// Use:      [](Whole budget, Real beta) { use(budget.in(0, 10), beta.in(0, 1)); }
// Promises: a whole number is what has __index__ (int, integers of numpy), or a number that equals one: 3.0,
//           Decimal("3"), Fraction(6, 2). A real number is any of those, or float, Decimal, Fraction or a
//           scalar of numpy. bool, text, arrays and complex numbers are none: TypeError. InputError when a
//           number does not fit 64 bits, or is out of a range before it is rounded.
// Threads:  with the interpreter's lock, as code of Python may be called.
// Tests:    tests/python/test_numbers.py
#pragma once

#include <algorithm>
#include <cstdint>
#include <pybind11/pybind11.h>
#include <string>
#include <string_view>
#include <vector>

namespace evotts::python {

namespace py = pybind11;

// A text as a part of a type.
template <std::size_t kSize>
struct Words {
  char text[kSize] = {};
  consteval Words(const char (&words)[kSize]) { std::copy_n(words, kSize, text); }
};

// TypeError: "beta must be a number, found str '0.5'".
[[noreturn]] void refuse(std::string_view name, std::string_view must_be, py::handle given);

std::int64_t whole_number(py::handle given, std::string_view name,
                          std::string_view must_be = "a whole number");
double real_number(py::handle given, std::string_view name);
bool truth(py::handle given, std::string_view name);  // True, False and those of numpy

// The items of a list, a tuple, an array or another sequence that is no text. `what` are they, for TypeError.
py::tuple sequence(py::handle given, std::string_view name, std::string_view what);

// The items of a tuple of so many, such as a pickled state; `what` is it, for the exceptions.
py::tuple items_of(py::handle given, std::size_t count, std::string_view what);

// Throws InputError when the number is not in the range.
std::int64_t within(std::int64_t number, std::string_view name, std::int64_t low, std::int64_t high);
// As it was given: what lies just beyond an end may be that end as a double.
double within(double number, py::handle given, std::string_view name, int low, int high);

struct Whole {
  std::int64_t value = 0;
  std::string_view name;
  std::int64_t in(std::int64_t low, std::int64_t high) const { return within(value, name, low, high); }
};

struct Real {
  double value = 0;
  py::handle given;
  std::string_view name;
  double in(int low, int high) const { return within(value, given, name, low, high); }
};

struct Reals {
  std::vector<double> values;
};

struct Flag {
  bool value = false;
};

std::vector<double> real_numbers(py::handle given, std::string_view name);
std::vector<double> real_numbers_within(py::handle given, std::string_view name, int low, int high);

}  // namespace evotts::python
