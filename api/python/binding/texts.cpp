#include "api/python/binding/texts.hpp"

#include "api/python/binding/failures.hpp"

namespace evotts::python {
namespace {

std::string utf8_of(py::handle given, std::string_view name) {
  Py_ssize_t size = 0;
  if (const char* utf8 = PyUnicode_AsUTF8AndSize(given.ptr(), &size))
    return {utf8, static_cast<std::size_t>(size)};
  py::error_already_set failed;
  if (!failed.matches(PyExc_UnicodeEncodeError)) throw failed;
  const auto place = failed.value().attr("start").cast<py::ssize_t>();
  throw_input(std::string(name) + " is no text: a lone surrogate stands at " + std::to_string(place));
}

std::string bytes_of(py::handle given) {
  const bool array = PyByteArray_Check(given.ptr()) != 0;
  const char* data = array ? PyByteArray_AS_STRING(given.ptr()) : PyBytes_AS_STRING(given.ptr());
  const Py_ssize_t size = array ? PyByteArray_GET_SIZE(given.ptr()) : PyBytes_GET_SIZE(given.ptr());
  return {data, static_cast<std::size_t>(size)};
}

// Surrogates become bytes that are no UTF-8, as any reader of UTF-8 will find.
std::string any_utf8_of(py::handle given) {
  PyObject* made = PyUnicode_AsEncodedString(given.ptr(), "utf-8", "surrogatepass");
  if (made == nullptr) throw py::error_already_set();
  return bytes_of(py::reinterpret_steal<py::object>(made));
}

}  // namespace

std::string_view words_for(TextKind kind) {
  switch (kind) {
    case TextKind::kWord: return "str";
    case TextKind::kText: return "str or bytes";
    case TextKind::kSource: return "str or bytes";
    case TextKind::kBytes: return "bytes";
  }
  return "";
}

std::string text_of(py::handle given, std::string_view name, TextKind kind) {
  const bool bytes = PyBytes_Check(given.ptr()) != 0 || PyByteArray_Check(given.ptr()) != 0;
  if (kind != TextKind::kBytes && PyUnicode_Check(given.ptr()) != 0)
    return kind == TextKind::kSource ? any_utf8_of(given) : utf8_of(given, name);
  if (kind != TextKind::kWord && bytes) return bytes_of(given);
  refuse(name, words_for(kind), given);
}

std::filesystem::path path_of(py::handle given, std::string_view name) {
  py::object path = py::reinterpret_steal<py::object>(PyOS_FSPath(given.ptr()));
  if (!path) {
    if (PyErr_ExceptionMatches(PyExc_TypeError) == 0) throw py::error_already_set();
    PyErr_Clear();
    refuse(name, "str, bytes or os.PathLike", given);
  }
  if (PyUnicode_Check(path.ptr()) != 0) {
    path = py::reinterpret_steal<py::object>(PyUnicode_EncodeFSDefault(path.ptr()));
    if (!path) {
      PyErr_Clear();
      throw_input(std::string(name) + " is no path: it has a character that no file name holds");
    }
  }
  std::string bytes = bytes_of(path);
  if (bytes.empty()) throw_input(std::string(name) + " is no path: it is empty");
  if (bytes.find('\0') != std::string::npos)
    throw_input(std::string(name) + " is no path: it has a NUL character");
  return bytes;
}

}  // namespace evotts::python
