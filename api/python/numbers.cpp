#include "api/python/numbers.hpp"

#include <cmath>
#include <evotts/error.hpp>
#include <string>

#include "api/python/errors.hpp"

namespace evotts::python {
namespace {

[[noreturn]] void refuse(std::string_view name, std::string_view kind, py::handle given) {
  throw py::type_error(std::string(name) + " must be " + std::string(kind) + ", found " + type_of(given));
}

[[noreturn]] void refuse_size(std::string_view name) {
  throw_input(std::string(name) + " must be a number of at most 64 bits, found a larger one");
}

bool is_truth(py::handle given) {
  return PyBool_Check(given.ptr()) != 0 || type_of(given) == "numpy.bool_" || type_of(given) == "numpy.bool";
}

// Spans of time count as integers in numpy, and a masked array gives what its mask hides.
bool is_no_number(py::handle given) {
  const std::string type = type_of(given);
  return is_truth(given) || type == "numpy.timedelta64" || type == "MaskedArray";
}

// Fractions and scalars of numpy are registered as real numbers; complex numbers, texts and arrays are not.
bool is_number(py::handle given) {
  if (is_no_number(given)) return false;
  if (PyLong_Check(given.ptr()) != 0 || PyFloat_Check(given.ptr()) != 0) return true;
  return py::isinstance(given, py::module_::import("numbers").attr("Real")) ||
         py::isinstance(given, py::module_::import("decimal").attr("Decimal"));
}

py::object checked(PyObject* made) {
  if (made == nullptr) throw py::error_already_set();
  return py::reinterpret_steal<py::object>(made);
}

double as_double(py::handle given, std::string_view name, std::string_view kind) {
  PyObject* made = PyNumber_Float(given.ptr());
  if (made == nullptr) {
    if (PyErr_ExceptionMatches(PyExc_OverflowError) != 0) {
      PyErr_Clear();
      refuse_size(name);
    }
    if (PyErr_ExceptionMatches(PyExc_TypeError) != 0) {
      PyErr_Clear();
      refuse(name, kind, given);
    }
    if (PyErr_ExceptionMatches(PyExc_ValueError) != 0) {  // such as a signaling NaN
      PyErr_Clear();
      throw_input(std::string(name) + " must be " + std::string(kind) + ", found " +
                  std::string(py::str(given)));
    }
    throw py::error_already_set();
  }
  return PyFloat_AsDouble(checked(made).ptr());
}

// What is finite and becomes infinite is too large.
double fitting_double(py::handle given, std::string_view name, std::string_view kind) {
  const double number = as_double(given, name, kind);
  if (!std::isinf(number)) return number;
  const int equal = PyObject_RichCompareBool(py::float_(number).ptr(), given.ptr(), Py_EQ);
  if (equal < 0) throw py::error_already_set();
  if (equal == 0) refuse_size(name);
  return number;
}

py::object index_of(py::handle given, std::string_view name, std::string_view kind) {
  PyObject* made = PyNumber_Index(given.ptr());
  if (made == nullptr && PyErr_ExceptionMatches(PyExc_TypeError) != 0) {  // such as an array of several
    PyErr_Clear();
    refuse(name, kind, given);
  }
  return checked(made);
}

std::int64_t as_int64(py::handle whole, std::string_view name) {
  int overflow = 0;
  const std::int64_t number = PyLong_AsLongLongAndOverflow(whole.ptr(), &overflow);
  if (overflow != 0) refuse_size(name);
  if (number == -1 && PyErr_Occurred() != nullptr) throw py::error_already_set();
  return number;
}

}  // namespace

std::int64_t whole_number(py::handle given, std::string_view name) {
  constexpr std::string_view kKind = "a whole number";
  if (PyLong_CheckExact(given.ptr()) != 0) return as_int64(given, name);
  if (is_no_number(given)) refuse(name, kKind, given);
  if (PyIndex_Check(given.ptr()) != 0) return as_int64(index_of(given, name, kKind), name);
  if (!is_number(given)) refuse(name, kKind, given);
  // int() of a Decimal of a billion digits would not end, so its size is looked at first.
  const double size = as_double(given, name, kKind);
  if (std::isnan(size)) throw_input(std::string(name) + " must be a whole number, found nan");
  if (std::abs(size) >= 0x1p63) refuse_size(name);
  const py::object whole = checked(PyNumber_Long(given.ptr()));
  const int equal = PyObject_RichCompareBool(whole.ptr(), given.ptr(), Py_EQ);
  if (equal < 0) throw py::error_already_set();
  if (equal == 0)
    throw_input(std::string(name) + " must be a whole number, found " + std::string(py::str(given)));
  return as_int64(whole, name);
}

double real_number(py::handle given, std::string_view name) {
  constexpr std::string_view kKind = "a number";
  if (PyFloat_CheckExact(given.ptr()) != 0) return PyFloat_AS_DOUBLE(given.ptr());
  if (is_number(given)) return fitting_double(given, name, kKind);
  if (is_no_number(given) || PyIndex_Check(given.ptr()) == 0) refuse(name, kKind, given);
  return as_double(index_of(given, name, kKind), name, kKind);
}

bool truth(py::handle given, std::string_view name) {
  if (!is_truth(given)) refuse(name, "True or False", given);
  return PyObject_IsTrue(given.ptr()) == 1;
}

py::object sequence(py::handle given, std::string_view name, std::string_view what) {
  const bool text = PyUnicode_Check(given.ptr()) != 0 || PyBytes_Check(given.ptr()) != 0 ||
                    PyByteArray_Check(given.ptr()) != 0;
  if (text || PySequence_Check(given.ptr()) == 0 || PyDict_Check(given.ptr()) != 0)
    throw py::type_error(std::string(name) + " must be a sequence of " + std::string(what) + ", found " +
                         type_of(given));
  PyObject* made = PySequence_Tuple(given.ptr());  // a copy, which nobody else changes meanwhile
  return checked(made);
}

std::vector<double> real_numbers(py::handle given, std::string_view name) {
  std::vector<double> numbers;
  const py::object items = sequence(given, name, "numbers");
  std::size_t place = 0;
  for (const py::handle each : items)
    numbers.push_back(real_number(each, std::string(name) + "[" + std::to_string(place++) + "]"));
  return numbers;
}

std::int64_t within(std::int64_t number, std::string_view name, std::int64_t low, std::int64_t high) {
  if (number < low || number > high)
    throw_input(std::string(name) + " must be a whole number from " + std::to_string(low) + " to " +
                std::to_string(high) + ", found " + std::to_string(number));
  return number;
}

}  // namespace evotts::python
