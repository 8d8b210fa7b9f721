// texts.hpp: arguments that are texts, bytes or paths.
// Why:      pybind11 says of a text that it cannot take only that the arguments do not fit.
// Use:      m.def("check", [](const Text<"text">& text) { ... }, py::arg("text"));
// Promises: a text is str, or bytes that are taken as they are; a word is str alone. One with a surrogate is
//           refused by InputError, which names the parameter and the place. A path is str, bytes or what has
//           __fspath__, without NUL.
// Threads:  with the interpreter's lock.
// Tests:    tests/python/test_texts.py
#pragma once

#include <filesystem>
#include <pybind11/pybind11.h>
#include <string>
#include <string_view>

#include "api/python/numbers.hpp"

namespace evotts::python {

enum class TextKind { kWord, kText, kBytes };

std::string text_of(py::handle given, std::string_view name, TextKind kind = TextKind::kWord);
std::filesystem::path path_of(py::handle given, std::string_view name);

template <Name name>
struct Word {  // str
  std::string value;
};

template <Name name>
struct Text {  // str or bytes
  std::string value;
};

template <Name name>
struct Bytes {
  std::string value;
};

template <Name name>
struct Path {
  std::filesystem::path value;
};

}  // namespace evotts::python

namespace pybind11::detail {

template <evotts::python::Name parameter>
struct type_caster<evotts::python::Word<parameter>> {
  PYBIND11_TYPE_CASTER(evotts::python::Word<parameter>, const_name("str"));
  bool load(handle given, bool) {
    value.value = evotts::python::text_of(given, parameter.text);
    return true;
  }
  static handle cast(const evotts::python::Word<parameter>& word, return_value_policy, handle) {
    return PyUnicode_FromStringAndSize(word.value.data(), static_cast<Py_ssize_t>(word.value.size()));
  }
};

template <evotts::python::Name parameter>
struct type_caster<evotts::python::Text<parameter>> {
  PYBIND11_TYPE_CASTER(evotts::python::Text<parameter>, const_name("Union[str, bytes]"));
  bool load(handle given, bool) {
    value.value = evotts::python::text_of(given, parameter.text, evotts::python::TextKind::kText);
    return true;
  }
};

template <evotts::python::Name parameter>
struct type_caster<evotts::python::Bytes<parameter>> {
  PYBIND11_TYPE_CASTER(evotts::python::Bytes<parameter>, const_name("bytes"));
  bool load(handle given, bool) {
    value.value = evotts::python::text_of(given, parameter.text, evotts::python::TextKind::kBytes);
    return true;
  }
};

template <evotts::python::Name parameter>
struct type_caster<evotts::python::Path<parameter>> {
  PYBIND11_TYPE_CASTER(evotts::python::Path<parameter>, const_name("Union[str, bytes, os.PathLike]"));
  bool load(handle given, bool) {
    value.value = evotts::python::path_of(given, parameter.text);
    return true;
  }
};

}  // namespace pybind11::detail
