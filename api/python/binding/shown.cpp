#include "api/python/binding/shown.hpp"

#include <optional>

namespace evotts::python {
namespace {

constexpr Py_ssize_t kMost = 80;         // characters of a value, or of a type's name
constexpr std::size_t kMostDigits = 60;  // of an int
constexpr std::size_t kMostBits = 200;   // which are as many digits

// On one line and no longer than that; in UTF-8, with \x1b for what a terminal would take for an order.
std::string shortened(const py::str& text) {
  std::string line;
  const Py_ssize_t size = PyUnicode_GET_LENGTH(text.ptr());
  const Py_ssize_t kept = size > kMost ? kMost - 3 : size;
  const auto start = py::reinterpret_steal<py::object>(PyUnicode_Substring(text.ptr(), 0, kept));
  if (!start) throw py::error_already_set();
  PyObject* escaped = PyUnicode_AsEncodedString(start.ptr(), "utf-8", "backslashreplace");
  if (escaped == nullptr) throw py::error_already_set();
  for (const char c : std::string(py::reinterpret_steal<py::bytes>(escaped))) {
    const bool space = c == '\n' || c == '\r' || c == '\t';
    const bool order = static_cast<unsigned char>(c) < 0x20U || c == 0x7F;
    if (!space || (!line.empty() && line.back() != ' ')) line += space ? ' ' : order ? '?' : c;
  }
  return size > kMost ? line + "..." : line;
}

// reprlib's, which looks at the first items of a collection alone; here at the first bytes of bytes as well.
py::object& short_repr() {
  static py::object& repr = *new py::object([]() -> py::object {
    py::object made = py::module_::import("reprlib").attr("Repr")();
    for (const char* limit : {"maxstring", "maxother"}) made.attr(limit) = kMost;
    const py::cpp_function of_bytes(
        [](const py::object& bytes, const py::object&) { return py::repr(bytes[py::slice(0, kMost, 1)]); });
    for (const char* kind : {"repr_bytes", "repr_bytearray"}) made.attr(kind) = of_bytes;
    return made.attr("repr");
  }());
  return repr;
}

std::optional<std::string> value_of(py::handle object) {
  if (object.is_none()) return std::nullopt;
  if (PyLong_CheckExact(object.ptr()) != 0 && _PyLong_NumBits(object.ptr()) > kMostBits)
    return "of more than " + std::to_string(kMostDigits) + " digits";
  try {
    return shortened(py::str(short_repr()(object)));
  } catch (const py::error_already_set& failed) {  // of a __repr__, or of an int that is too long for one
    if (!failed.matches(PyExc_Exception)) throw;
    return std::nullopt;
  }
}

}  // namespace

std::string type_of(py::handle object) { return shortened(shown(Py_TYPE(object.ptr())->tp_name)); }

std::string found(py::handle object) {
  const auto value = value_of(object);
  return value ? type_of(object) + " " + *value : type_of(object);
}

std::string found_value(py::handle object) { return value_of(object).value_or(type_of(object)); }

}  // namespace evotts::python
