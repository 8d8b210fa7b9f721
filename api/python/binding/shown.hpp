// shown.hpp: text of C++ as str, and objects of Python as a few words of a message.
// Why:      a message is one line. What a caller gave may be megabytes of text, or fail to tell what it is.
// Use:      throw py::type_error("beta must be a number, found " + found(given));
// Promises: text of C++ becomes str whatever its bytes: those that are not UTF-8 as os.fsdecode() has them.
//           What was found is its type, and of most the value, on one line of bounded length; nothing is
//           raised but what no program should catch, such as KeyboardInterrupt.
// Threads:  with the interpreter's lock, as code of Python may be called.
// Tests:    tests/python/test_arguments.py
#pragma once

#include <pybind11/pybind11.h>
#include <string>
#include <string_view>

namespace evotts::python {

namespace py = pybind11;

inline py::str shown(std::string_view text) {
  PyObject* made = PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "surrogateescape");
  if (made == nullptr) throw py::error_already_set();
  return py::reinterpret_steal<py::str>(made);
}

template <typename Texts>
py::list shown_all(const Texts& texts) {
  py::list list;
  for (const auto& each : texts) list.append(shown(each));
  return list;
}

// None stays None.
template <typename Optional>
py::object shown_if_any(const Optional& text) {
  if (!text) return py::none();
  return shown(*text);
}

// "numpy.float64".
std::string type_of(py::handle object);

// "str '0.5'", or the type alone where a value says no more or cannot be told.
std::string found(py::handle object);

// "0.5": the value alone, or the type where that cannot be told.
std::string found_value(py::handle object);

}  // namespace evotts::python
