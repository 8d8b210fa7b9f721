// numbers.hpp: arguments that are numbers, taken strictly and named in what is said of them.
// Why:      pybind11 calls int() for an integer: Decimal("2.7") would be 2, and True a number.
// Use:      m.def("f", [](Whole<"budget"> budget, Real<"beta"> beta) { ... }, py::arg("budget"), ...);
// Promises: a whole number is what has __index__ (int, integers of numpy), or a number that equals one: 3.0,
//           Decimal("3"), Fraction(6, 2). A real number is any of those, or float, Decimal, Fraction or a
//           scalar of numpy. bool, text, arrays and complex numbers are none: TypeError. InputError when a
//           number does not fit 64 bits.
// Threads:  with the interpreter's lock, as code of Python may be called.
// Tests:    tests/python/test_numbers.py
#pragma once

#include <algorithm>
#include <cstdint>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>
#include <string_view>
#include <vector>

namespace evotts::python {

namespace py = pybind11;

// The name of a parameter, as a part of a type.
template <std::size_t kSize>
struct Name {
  char text[kSize] = {};
  consteval Name(const char (&name)[kSize]) { std::copy_n(name, kSize, text); }
};

std::int64_t whole_number(py::handle given, std::string_view name);
double real_number(py::handle given, std::string_view name);
bool truth(py::handle given, std::string_view name);  // True, False and those of numpy
std::vector<double> real_numbers(py::handle given, std::string_view name);

// The items of a list, a tuple, an array or another sequence that is no text. `what` are they, for TypeError.
py::object sequence(py::handle given, std::string_view name, std::string_view what);

// Throws InputError when the number is not in the range.
std::int64_t within(std::int64_t number, std::string_view name, std::int64_t low, std::int64_t high);

template <Name name>
struct Whole {
  std::int64_t value = 0;
  std::int64_t in(std::int64_t low, std::int64_t high) const { return within(value, name.text, low, high); }
};

template <Name name>
struct Real {
  double value = 0;
};

template <Name name>
struct Reals {
  std::vector<double> values;
};

template <Name name>
struct Flag {
  bool value = false;
};

}  // namespace evotts::python

namespace pybind11::detail {

template <evotts::python::Name parameter>
struct type_caster<evotts::python::Whole<parameter>> {
  PYBIND11_TYPE_CASTER(evotts::python::Whole<parameter>, const_name("int"));
  bool load(handle given, bool) {
    value.value = evotts::python::whole_number(given, parameter.text);
    return true;
  }
  static handle cast(evotts::python::Whole<parameter> number, return_value_policy, handle) {
    return PyLong_FromLongLong(number.value);
  }
};

template <evotts::python::Name parameter>
struct type_caster<evotts::python::Real<parameter>> {
  PYBIND11_TYPE_CASTER(evotts::python::Real<parameter>, const_name("float"));
  bool load(handle given, bool) {
    value.value = evotts::python::real_number(given, parameter.text);
    return true;
  }
};

template <evotts::python::Name parameter>
struct type_caster<evotts::python::Reals<parameter>> {
  PYBIND11_TYPE_CASTER(evotts::python::Reals<parameter>, const_name("Sequence[float]"));
  bool load(handle given, bool) {
    value.values = evotts::python::real_numbers(given, parameter.text);
    return true;
  }
  static handle cast(const evotts::python::Reals<parameter>& numbers, return_value_policy, handle) {
    tuple made(numbers.values.size());
    for (std::size_t i = 0; i < numbers.values.size(); ++i) made[i] = numbers.values[i];
    return made.release();
  }
};

template <evotts::python::Name parameter>
struct type_caster<evotts::python::Flag<parameter>> {
  PYBIND11_TYPE_CASTER(evotts::python::Flag<parameter>, const_name("bool"));
  bool load(handle given, bool) {
    value.value = evotts::python::truth(given, parameter.text);
    return true;
  }
  static handle cast(evotts::python::Flag<parameter> flag, return_value_policy, handle) {
    return PyBool_FromLong(flag.value ? 1 : 0);
  }
};

}  // namespace pybind11::detail
