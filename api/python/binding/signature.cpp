#include "api/python/binding/signature.hpp"

#include <algorithm>
#include <pybind11/eval.h>
#include <stdexcept>

#include "api/python/binding/shown.hpp"

namespace evotts::python {
namespace {

py::object interned(const std::string& text) {
  return py::reinterpret_steal<py::object>(PyUnicode_InternFromString(text.c_str()));
}

}  // namespace

Signature::Signature(std::string function, std::string_view parameters,
                     std::span<const std::string_view> must_be)
    : function_(std::move(function)) {
  constexpr std::string_view kComma = ", ";
  bool only_named = false;
  std::string_view rest = parameters.substr(1, parameters.size() - 2);
  while (!rest.empty()) {
    const std::size_t comma = std::min(rest.find(kComma), rest.size());
    const std::string_view each = rest.substr(0, comma);
    rest.remove_prefix(std::min(comma + kComma.size(), rest.size()));
    if (each == "*") {
      only_named = true;
      continue;
    }
    const std::size_t equals = std::min(each.find('='), each.size());
    const std::string name(each.substr(0, equals));
    if (parameters_.size() == must_be.size()) throw std::logic_error(function_ + ": has fewer parameters");
    parameters_.push_back({name, std::string(must_be[parameters_.size()]), interned(name)});
    if (equals < each.size()) parameters_.back().otherwise = py::eval(std::string(each.substr(equals + 1)));
    if (!only_named) ++by_place_;
  }
  if (parameters_.size() != must_be.size()) throw std::logic_error(function_ + ": has more parameters");
}

std::string Signature::listed(std::size_t count) const {
  std::string names;
  for (std::size_t i = 0; i < count; ++i) names += (i == 0 ? "" : ", ") + parameters_[i].name;
  return names.empty() ? "none" : names;
}

void Signature::place_named(PyObject* name, PyObject* value, std::span<PyObject*> values) const {
  std::size_t at = 0;
  while (at < parameters_.size() && parameters_[at].name_object.ptr() != name) ++at;
  if (at == parameters_.size()) {  // a name that is not interned
    at = 0;
    while (at < parameters_.size() &&
           (PyUnicode_Check(name) == 0 || PyUnicode_Compare(parameters_[at].name_object.ptr(), name) != 0))
      ++at;
  }
  if (at == parameters_.size())
    throw py::type_error(found_value(name) + " is no parameter, found " + found(value) + "; there are " +
                         listed(parameters_.size()));
  if (values[at] != nullptr)
    throw py::type_error(parameters_[at].name + " is given twice, found " + found(value) + " for it as well");
  values[at] = value;
}

void Signature::place(PyObject* const* given, Py_ssize_t count, PyObject* names,
                      std::span<PyObject*> values) const {
  const auto by_place = static_cast<std::size_t>(count);
  if (by_place > by_place_)
    throw py::type_error("at most " + std::to_string(by_place_) + " arguments come without a name (" +
                         listed(by_place_) + "), found " + std::to_string(by_place) + ": " +
                         found(given[by_place_]) + " is one too many");
  std::ranges::fill(values, nullptr);
  std::copy_n(given, by_place, values.begin());
  const Py_ssize_t named = names == nullptr ? 0 : PyTuple_GET_SIZE(names);
  for (Py_ssize_t i = 0; i < named; ++i) place_named(PyTuple_GET_ITEM(names, i), given[count + i], values);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] != nullptr) continue;
    values[i] = parameters_[i].otherwise.ptr();
    if (values[i] == nullptr)
      throw py::type_error(parameters_[i].name + " must be " + parameters_[i].must_be + ", found nothing");
  }
}

}  // namespace evotts::python
