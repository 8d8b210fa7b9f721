// guarded.hpp: what all objects of the module have in common.
// Why:      Python can make an object and never initialise it: Session.__new__(Session). pybind11 hands such
//           a one on as memory that nobody has written to.
// Use:      struct HeldRun : Guarded { ... };
// Promises: a method of an object that was not initialised, or an argument that is such a one, raises
//           TypeError. Text of C++ becomes str whatever its bytes: those that are not UTF-8 as os.fsdecode()
//           has them.
// Threads:  with the interpreter's lock.
// Tests:    tests/python/test_objects.py
#pragma once

#include <pybind11/pybind11.h>
#include <string>
#include <string_view>
#include <type_traits>

namespace evotts::python {

namespace py = pybind11;

struct Guarded {};

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

// Whether it is one of these: by its type, as an object can say that it is of another class.
template <typename T>
bool is_a(py::handle given) {
  return PyType_IsSubtype(Py_TYPE(given.ptr()), reinterpret_cast<PyTypeObject*>(py::type::of<T>().ptr())) !=
         0;
}

// None stays None.
template <typename Optional>
py::object shown_if_any(const Optional& text) {
  if (!text) return py::none();
  return shown(*text);
}

}  // namespace evotts::python

namespace pybind11::detail {

template <typename T>
struct type_caster<T, std::enable_if_t<std::is_base_of_v<evotts::python::Guarded, T>>> : type_caster_base<T> {
  bool load(handle given, bool convert) {
    if (evotts::python::is_a<T>(given)) {
      auto* object = reinterpret_cast<instance*>(given.ptr());
      if (!object->get_value_and_holder().holder_constructed())
        throw type_error("this " + std::string(Py_TYPE(given.ptr())->tp_name) + " was never initialised");
    }
    return type_caster_base<T>::load(given, convert);
  }
};

}  // namespace pybind11::detail
