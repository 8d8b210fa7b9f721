// classes.hpp: classes and functions put into the module.
// Why:      what a class is made of stands in one place, as a list of its members with their docstrings.
// Use:      Class<Session>(module, "Session", "(controller, beta)", named<begun>, "A controller at work...")
//               .method("next", "()", [](Session& session) { return session.next(); }, "Runs it on...")
//               .property("answer", [](const Session& session) { ... }, "Of a session that has ended...");
// Promises: classes can be neither derived from nor called unless they have a constructor; objects are
//           equal when their values are, where C++ compares them. Parameters are as signature.hpp reads
//           them.
// Threads:  while the module is imported.
// Tests:    tests/python/test_objects.py, tests/python/test_stubs.py
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <pybind11/pybind11.h>
#include <structmember.h>

#include "api/python/binding/functions.hpp"

namespace evotts::python {

// An exception is set when it is null.
inline py::object checked(PyObject* made) {
  if (made == nullptr) throw py::error_already_set();
  return py::reinterpret_steal<py::object>(made);
}

template <typename F>
void add_function(py::module_& module, const char* name, const char* parameters, F, const char* doc) {
  const py::str of_module("evotts");
  module.add_object(name, checked(PyCFunction_NewEx(Record<F>::of_function(name, name, parameters, doc),
                                                    nullptr, of_module.ptr())));
}

template <typename T>
class Class {
 public:
  // One that functions make alone.
  Class(py::module_& module, const char* name, const char* doc) : name_(name) {
    make(module, doc, &refuse_to_initialise);
  }

  template <typename F>
  Class(py::module_& module, const char* name, const char* parameters, F, const char* doc) : name_(name) {
    Record<F>::of_constructor(name, parameters);
    make(module, documented(name, parameters, false, doc), &Record<F>::initialise_object);
    class_of<T>->tp_vectorcall = &Record<F>::construct;
  }

  template <typename F>
  Class& method(const char* name, const char* parameters, F, const char* doc) {
    return add(name, PyDescr_NewMethod(class_of<T>,
                                       Record<F>::of_method(joined(name_, name), name, parameters, doc)));
  }

  template <typename F>
  Class& function(const char* name, const char* parameters, F, const char* doc) {
    const py::str of_module("evotts");
    const py::object made = checked(PyCFunction_NewEx(
        Record<F>::of_function(joined(name_, name), name, parameters, doc), nullptr, of_module.ptr()));
    return add(name, PyStaticMethod_New(made.ptr()));
  }

  template <typename F>
  Class& property(const char* name, F, const char* doc) {
    return add(name, PyDescr_NewGetSet(class_of<T>, Record<F>::of_property(joined(name_, name), name, doc)));
  }

  // `state` gives a tuple or str, of which `made` makes the value again.
  template <typename State, typename Made>
  Class& pickled(State state, Made) {
    method("__getstate__", "()", state, "For pickle.");
    return method(
        "__setstate__", "(state)",
        [](const py::object& self, Given<"what __getstate__() gave"> given) {
          initialise<T>(self, Made()(py::reinterpret_borrow<py::object>(given.value)));
        },
        "For pickle.");
  }

  // Copies of what never changes.
  Class& copied_as_itself() {
    method(
        "__copy__", "()", [](const py::object& self) { return self; }, "Itself: it never changes.");
    return method(
        "__deepcopy__", "(memo)", [](const py::object& self, Given<"a dict">) { return self; },
        "Itself: it never changes.");
  }

 private:
  void make(py::module_& module, const char* doc, initproc initialise_object) {
    static std::array<PyMemberDef, 2> members{PyMemberDef{
        "__weaklistoffset__", T_PYSSIZET, offsetof(Object<T>, weak_references), READONLY, nullptr}};
    std::array<PyType_Slot, 7> slots{PyType_Slot{Py_tp_new, reinterpret_cast<void*>(&PyType_GenericNew)},
                                     {Py_tp_init, reinterpret_cast<void*>(initialise_object)},
                                     {Py_tp_dealloc, reinterpret_cast<void*>(&destroy<T>)},
                                     {Py_tp_members, members.data()},
                                     {Py_tp_doc, const_cast<char*>(doc)}};
    if constexpr (std::equality_comparable<T>)
      slots[5] = {Py_tp_richcompare, reinterpret_cast<void*>(&compare)};
    PyType_Spec spec{joined("evotts", name_), sizeof(Object<T>), 0, Py_TPFLAGS_DEFAULT, slots.data()};
    const py::object type = checked(PyType_FromSpec(&spec));
    class_of<T> = reinterpret_cast<PyTypeObject*>(type.ptr());
    module.add_object(name_, py::object(type).release());
  }

  Class& add(const char* name, PyObject* member) {
    py::setattr(reinterpret_cast<PyObject*>(class_of<T>), name, checked(member));
    return *this;
  }

  static int refuse_to_initialise(PyObject* self, PyObject*, PyObject*) noexcept {
    PyErr_Format(PyExc_TypeError, "%s(): No constructor; its description tells what makes one",
                 Py_TYPE(self)->tp_name);
    return -1;
  }

  static PyObject* compare(PyObject* one, PyObject* other, int comparison) noexcept {
    if ((comparison != Py_EQ && comparison != Py_NE) || !is_a<T>(one) || !is_a<T>(other))
      Py_RETURN_NOTIMPLEMENTED;
    return detail::told(class_of<T>->tp_name, [&] {
      return (std::as_const(value_in<T>(one)) == std::as_const(value_in<T>(other))) == (comparison == Py_EQ);
    });
  }

  const char* name_;
};

}  // namespace evotts::python
