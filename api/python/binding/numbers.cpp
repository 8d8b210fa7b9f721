#include "api/python/binding/numbers.hpp"

#include <cmath>
#include <evotts/error.hpp>
#include <string>

#include "api/python/binding/failures.hpp"
#include "api/python/binding/shown.hpp"

namespace evotts::python {
namespace {

[[noreturn]] void refuse_size(std::string_view name) {
  throw_input(std::string(name) + " must be a number of at most 64 bits, found a larger one");
}

bool is_truth(py::handle given) {
  const std::string_view type = Py_TYPE(given.ptr())->tp_name;
  return PyBool_Check(given.ptr()) != 0 || type == "numpy.bool_" || type == "numpy.bool";
}

// Spans of time count as integers in numpy, and a masked array gives what its mask hides.
bool is_no_number(py::handle given) {
  const std::string_view type = Py_TYPE(given.ptr())->tp_name;
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
      throw_input(std::string(name) + " must be " + std::string(kind) + ", found " + found_value(given));
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

void refuse(std::string_view name, std::string_view must_be, py::handle given) {
  throw py::type_error(std::string(name) + " must be " + std::string(must_be) + ", found " + found(given));
}

std::int64_t whole_number(py::handle given, std::string_view name, std::string_view must_be) {
  if (PyLong_CheckExact(given.ptr()) != 0) return as_int64(given, name);
  if (is_no_number(given)) refuse(name, must_be, given);
  if (PyIndex_Check(given.ptr()) != 0) return as_int64(index_of(given, name, must_be), name);
  if (!is_number(given)) refuse(name, must_be, given);
  // int() of a Decimal of a billion digits would not end, so its size is looked at first.
  const double size = as_double(given, name, must_be);
  if (std::isnan(size)) throw_input(std::string(name) + " must be a whole number, found nan");
  if (std::abs(size) >= 0x1p63) refuse_size(name);
  const py::object whole = checked(PyNumber_Long(given.ptr()));
  const int equal = PyObject_RichCompareBool(whole.ptr(), given.ptr(), Py_EQ);
  if (equal < 0) throw py::error_already_set();
  if (equal == 0) throw_input(std::string(name) + " must be a whole number, found " + found_value(given));
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

py::tuple sequence(py::handle given, std::string_view name, std::string_view what) {
  const bool text = PyUnicode_Check(given.ptr()) != 0 || PyBytes_Check(given.ptr()) != 0 ||
                    PyByteArray_Check(given.ptr()) != 0;
  if (text || PySequence_Check(given.ptr()) == 0 || PyDict_Check(given.ptr()) != 0)
    refuse(name, "a sequence of " + std::string(what), given);
  PyObject* made = PySequence_Tuple(given.ptr());  // a copy, which nobody else changes meanwhile
  if (made == nullptr) throw py::error_already_set();
  return py::reinterpret_steal<py::tuple>(made);
}

py::tuple items_of(py::handle given, std::size_t count, std::string_view what) {
  if (PyTuple_Check(given.ptr()) == 0) refuse(what, "a tuple", given);
  auto items = py::reinterpret_borrow<py::tuple>(given);
  if (items.size() != count) throw_input("this is no " + std::string(what.substr(what.find(' ') + 1)));
  return items;
}

namespace {

// `take` makes a number of an item and its name.
template <typename Take>
std::vector<double> taken(py::handle given, std::string_view name, Take&& take) {
  std::vector<double> numbers;
  if (PyTuple_CheckExact(given.ptr()) != 0 && PyTuple_GET_SIZE(given.ptr()) == 0) return numbers;
  const py::tuple items = sequence(given, name, "numbers");
  numbers.reserve(items.size());
  Breaks breaks;
  for (const py::handle each : items) {
    breaks.one_more();
    const bool plain = PyFloat_CheckExact(each.ptr()) != 0;  // whose name is not needed
    const std::string place = plain ? "" : std::string(name) + "[" + std::to_string(numbers.size()) + "]";
    numbers.push_back(take(each, place));
  }
  return numbers;
}

}  // namespace

std::vector<double> real_numbers(py::handle given, std::string_view name) {
  return taken(given, name,
               [](py::handle each, const std::string& place) { return real_number(each, place); });
}

std::vector<double> real_numbers_within(py::handle given, std::string_view name, int low, int high) {
  std::size_t count = 0;
  return taken(given, name, [&](py::handle each, const std::string& place) {
    const std::string full = std::string(name) + "[" + std::to_string(count++) + "]";
    return within(real_number(each, place), each, full, low, high);
  });
}

std::int64_t within(std::int64_t number, std::string_view name, std::int64_t low, std::int64_t high) {
  if (number < low || number > high)
    throw_input(std::string(name) + " must be a whole number from " + std::to_string(low) + " to " +
                std::to_string(high) + ", found " + std::to_string(number));
  return number;
}

double within(double number, py::handle given, std::string_view name, int low, int high) {
  const auto is = [&](int comparison, int end) {
    const int holds = PyObject_RichCompareBool(given.ptr(), py::int_(end).ptr(), comparison);
    if (holds < 0) throw py::error_already_set();
    return holds == 1;
  };
  const bool exact = PyFloat_CheckExact(given.ptr()) != 0;
  if (!(number >= low && number <= high) || (!exact && (is(Py_LT, low) || is(Py_GT, high))))
    throw_input(std::string(name) + " must be a number from " + std::to_string(low) + " to " +
                std::to_string(high) + ", found " + found_value(given));
  return number;
}

}  // namespace evotts::python
