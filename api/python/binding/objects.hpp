// objects.hpp: values of C++ as objects of Python, each of a class of its own.
// Why:      a session makes thousands of wants a second. The objects of pybind11 are looked up by type and
//           by address, and are three pieces of memory each; these are one piece, of a class known to the
//           compiler.
// Use:      return new_object(Want{...});    if (is_a<Result>(given)) use(value_in<Result>(given));
// Promises: a method of an object that was not initialised (Session.__new__(Session)), or an argument that
//           is such a one, raises TypeError, and so does initialising one again. The value lives and dies
//           with its object. No class can be derived from or changed.
// Threads:  with the interpreter's lock.
// Tests:    tests/python/test_objects.py
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <pybind11/pybind11.h>
#include <string>
#include <utility>

namespace evotts::python {

namespace py = pybind11;

// Whether there are objects of Python that hold a T; each such T says so.
template <typename T>
inline constexpr bool kIsHeld = false;

// The class of the objects that hold a T; made when the module is, and there until the process ends.
template <typename T>
inline PyTypeObject* class_of = nullptr;

template <typename T>
struct Object {
  PyObject head;
  PyObject* weak_references;
  bool made;
  alignas(T) std::byte memory[sizeof(T)];

  T& value() { return *std::launder(reinterpret_cast<T*>(memory)); }
};

template <typename T>
bool is_a(py::handle given) {
  return Py_TYPE(given.ptr()) == class_of<T>;
}

// REQUIRES: is_a<T>(given).
template <typename T>
T& value_in(py::handle given) {
  auto* object = reinterpret_cast<Object<T>*>(given.ptr());
  if (!object->made)
    throw py::type_error("this " + std::string(class_of<T>->tp_name) + " was never initialised");
  return object->value();
}

template <typename T>
void initialise(py::handle self, T value) {
  auto* object = reinterpret_cast<Object<T>*>(self.ptr());
  if (object->made)
    throw py::type_error("this " + std::string(class_of<T>->tp_name) + " was initialised before");
  new (object->memory) T(std::move(value));
  object->made = true;
}

template <typename T>
py::object new_object(T value) {
  PyObject* made = class_of<T>->tp_alloc(class_of<T>, 0);
  if (made == nullptr) throw py::error_already_set();
  auto object = py::reinterpret_steal<py::object>(made);
  initialise<T>(object, std::move(value));
  return object;
}

template <typename T>
void destroy(PyObject* self) {
  auto* object = reinterpret_cast<Object<T>*>(self);
  PyTypeObject* const type = Py_TYPE(self);
  if (object->weak_references != nullptr) PyObject_ClearWeakRefs(self);
  if (object->made) std::destroy_at(&object->value());
  type->tp_free(self);
  Py_DECREF(type);
}

}  // namespace evotts::python
