// signature.hpp: the parameters of a function, and the arguments of a call put into their places.
// Why:      pybind11 says of a call that does not fit which types it knows, and prints all that was given:
//           no parameter is named, and a list of a million tokens is a message of megabytes.
// Use:      const Signature signature("Session", "(controller, *, interval=500)", {"a Controller", ...});
//           signature.place(arguments, count, names, values);
// Promises: a call that does not fit raises TypeError with one line that names the function and the
//           parameter, what it must be, and what was found.
// Threads:  with the interpreter's lock.
// Tests:    tests/python/test_arguments.py
#pragma once

#include <cstddef>
#include <pybind11/pybind11.h>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace evotts::python {

namespace py = pybind11;

struct Parameter {
  std::string name;
  std::string must_be;        // "a number"
  py::object name_object;     // interned
  py::object otherwise = {};  // null: an argument is needed
};

class Signature {
 public:
  // `parameters` as Python writes them, without self: "(text, *, file='controller')". `must_be` tells what
  // each of them takes.
  Signature(std::string function, std::string_view parameters, std::span<const std::string_view> must_be);

  const std::string& function() const { return function_; }
  const Parameter& parameter(std::size_t place) const { return parameters_[place]; }

  // As the interpreter hands them over: `count` by place, then those by name, whose names are the tuple.
  // Values are borrowed, and in the order of the parameters.
  void place(PyObject* const* given, Py_ssize_t count, PyObject* names, std::span<PyObject*> values) const;

 private:
  void place_named(PyObject* name, PyObject* value, std::span<PyObject*> values) const;
  std::string listed(std::size_t count) const;

  std::string function_;
  std::vector<Parameter> parameters_;
  std::size_t by_place_ = 0;  // how many parameters may be given without a name
};

}  // namespace evotts::python
