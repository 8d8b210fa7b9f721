// functions.hpp: functions of C++ as the interpreter calls them.
// Why:      a call goes straight to its function: no list of overloads is tried, and what does not fit is
//           told by name (signature.hpp). pybind11's calls take a microsecond each, and a step makes
//           hundreds.
// Use:      Record<F>::of_method("Session.next", "next", "()", "Runs the controller on...");
// Promises: nothing of C++ gets past a call. Signatures are known to inspect.signature() and help(). A
//           function is a lambda without captures or named<...>; its parameters have the kinds of
//           arguments.hpp. Those of a method or property come after the value, or the object as py::object.
// Threads:  with the interpreter's lock.
// Tests:    tests/python/test_arguments.py, tests/python/test_stubs.py
#pragma once

#include <array>
#include <pybind11/stl.h>
#include <stdexcept>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

#include "api/python/binding/arguments.hpp"
#include "api/python/binding/failures.hpp"
#include "api/python/binding/signature.hpp"

namespace evotts::python {

// A function with a name as a value of a type of its own, as lambdas are.
template <auto function>
struct Named {
  template <typename... Arguments>
  decltype(auto) operator()(Arguments&&... arguments) const {
    return function(std::forward<Arguments>(arguments)...);
  }
};
template <auto function>
inline constexpr Named<function> named{};

// "next($self, /)\n--\n\nRuns the controller on...": the interpreter takes signature and docstring apart. It
// is there until the process ends.
const char* documented(std::string_view name, std::string_view parameters, bool of_object,
                       std::string_view doc);

// "Session.next", there until the process ends.
const char* joined(std::string_view type, std::string_view name);

namespace detail {

// The parameters of a function: their types, without const and &.
template <typename Pointer>
struct ParametersOf;
template <typename R, typename... P>
struct ParametersOf<R (*)(P...)> {
  using type = std::tuple<std::remove_cvref_t<P>...>;
};
template <typename R, typename F, typename... P>
struct ParametersOf<R (F::*)(P...) const> : ParametersOf<R (*)(P...)> {};
template <typename F>
struct Parameters : ParametersOf<decltype(&F::operator())> {};
template <auto function>
struct Parameters<Named<function>> : ParametersOf<std::decay_t<decltype(function)>> {};

template <typename Tuple>
struct Split;
template <typename First, typename... Rest>
struct Split<std::tuple<First, Rest...>> {
  using Self = First;
  using Others = std::tuple<Rest...>;
};

// What parameters of these types take of Python.
template <typename Tuple>
struct Taken;
template <typename... P>
struct Taken<std::tuple<P...>> {
  using Values = std::tuple<decltype(Argument<P>::of(py::handle(), std::string_view()))...>;

  static Signature* new_signature(const char* function, std::string_view parameters) {
    const std::array<std::string_view, sizeof...(P)> must_be{Argument<P>::must_be()...};
    return new Signature(function, parameters, must_be);
  }
  static Values of(const Signature& signature, PyObject* const* given, Py_ssize_t count, PyObject* names) {
    std::array<PyObject*, sizeof...(P)> values{};
    signature.place(given, count, names, values);
    return of(signature, values, std::index_sequence_for<P...>());
  }

 private:
  template <typename Array, std::size_t... kPlaces>
  static Values of(const Signature& signature, const Array& values, std::index_sequence<kPlaces...>) {
    // Braces have them made in this order.
    return Values{Argument<P>::of(values[kPlaces], signature.parameter(kPlaces).name)...};
  }
};

template <typename Result>
PyObject* given_back(Result&& result) {
  using Value = std::remove_cvref_t<Result>;
  if constexpr (std::is_base_of_v<py::handle, Value>) {
    return py::reinterpret_borrow<py::object>(result).release().ptr();
  } else if constexpr (kIsHeld<Value>) {
    return new_object<Value>(std::forward<Result>(result)).release().ptr();
  } else if constexpr (std::is_same_v<Value, std::size_t>) {
    return PyLong_FromSize_t(result);
  } else {
    return py::cast(std::forward<Result>(result)).release().ptr();
  }
}

// What `call` gives, as the interpreter wants it: null when an exception is set.
template <typename Call>
PyObject* told(const char* function, Call&& call) noexcept {
  try {
    if constexpr (std::is_void_v<decltype(call())>) {
      call();
      return py::none().release().ptr();
    } else {
      return given_back(call());
    }
  } catch (...) {
    tell(function);
    return nullptr;
  }
}

}  // namespace detail

// What the interpreter knows of a function. There is one for each type, so a function is given one name.
template <typename F>
class Record {
 public:
  static PyMethodDef* of_function(const char* full_name, const char* name, const char* parameters,
                                  const char* doc) {
    define<Every>(full_name, parameters);
    method_ = {name, as_method(&call_function), METH_FASTCALL | METH_KEYWORDS,
               documented(name, parameters, false, doc)};
    return &method_;
  }

  static PyMethodDef* of_method(const char* full_name, const char* name, const char* parameters,
                                const char* doc) {
    define<typename detail::Split<Every>::Others>(full_name, parameters);
    method_ = {name, as_method(&call_method), METH_FASTCALL | METH_KEYWORDS,
               documented(name, parameters, true, doc)};
    return &method_;
  }

  static PyGetSetDef* of_property(const char* full_name, const char* name, const char* doc) {
    define<std::tuple<>>(full_name, "()");
    property_ = {name, &call_property, nullptr, doc, nullptr};
    return &property_;
  }

  // Of a constructor, whose function gives the value: no method or function, but what makes objects.
  static void of_constructor(const char* full_name, const char* parameters) {
    define<Every>(full_name, parameters);
  }

  // Session(...), and Session.__init__(object, ...) with a tuple and a dict or null.
  static PyObject* construct(PyObject*, PyObject* const* given, std::size_t count, PyObject* names) noexcept {
    return call_function(nullptr, given, PyVectorcall_NARGS(count), names);
  }
  static int initialise_object(PyObject* self, PyObject* arguments, PyObject* named) noexcept {
    using Value = decltype(std::apply(F(), std::declval<typename detail::Taken<Every>::Values>()));
    PyObject* const done = detail::told(function_, [&] {
      std::vector<PyObject*> given(PySequence_Fast_ITEMS(arguments),
                                   PySequence_Fast_ITEMS(arguments) + PyTuple_GET_SIZE(arguments));
      py::tuple names;
      if (named != nullptr) {
        names = py::tuple(py::reinterpret_borrow<py::dict>(named));
        for (const py::handle each : names) given.push_back(PyDict_GetItemWithError(named, each.ptr()));
      }
      initialise<Value>(
          self, std::apply(F(), taken<Every>(given.data(), PyTuple_GET_SIZE(arguments), names.ptr())));
    });
    Py_XDECREF(done);
    return done == nullptr ? -1 : 0;
  }

 private:
  using Every = typename detail::Parameters<F>::type;

  template <typename Tuple>
  static void define(const char* full_name, const char* parameters) {
    if (function_ != nullptr) throw std::logic_error(std::string(full_name) + " has two names");
    signature_ = detail::Taken<Tuple>::new_signature(full_name, parameters);
    function_ = full_name;
  }

  static PyCFunction as_method(PyObject* (*call)(PyObject*, PyObject* const*, Py_ssize_t,
                                                 PyObject*) noexcept) {
    return reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(call));
  }

  template <typename Tuple>
  static auto taken(PyObject* const* given, Py_ssize_t count, PyObject* names) {
    return detail::Taken<Tuple>::of(*signature_, given, count, names);
  }

  static PyObject* call_function(PyObject*, PyObject* const* given, Py_ssize_t count,
                                 PyObject* names) noexcept {
    return detail::told(
        function_, [&]() -> decltype(auto) { return std::apply(F(), taken<Every>(given, count, names)); });
  }

  static PyObject* call_method(PyObject* self, PyObject* const* given, Py_ssize_t count,
                               PyObject* names) noexcept {
    using Others = typename detail::Split<Every>::Others;
    return detail::told(function_, [&]() -> decltype(auto) {
      return std::apply(
          [&](auto&&... each) -> decltype(auto) {
            return F()(of_self(self), std::forward<decltype(each)>(each)...);
          },
          taken<Others>(given, count, names));
    });
  }

  static PyObject* call_property(PyObject* self, void*) noexcept {
    return detail::told(function_, [&]() -> decltype(auto) { return F()(of_self(self)); });
  }

  static decltype(auto) of_self(PyObject* self) {
    using Self = typename detail::Split<Every>::Self;
    if constexpr (kIsHeld<Self>)
      return value_in<Self>(self);
    else
      return py::reinterpret_borrow<py::object>(self);
  }

  static inline const char* function_ = nullptr;
  static inline const Signature* signature_ = nullptr;
  static inline PyMethodDef method_{};
  static inline PyGetSetDef property_{};
};

}  // namespace evotts::python
