#include "api/python/errors.hpp"

#include <exception>

#include "api/python/binding/classes.hpp"
#include "api/python/binding/shown.hpp"

namespace evotts::python {
namespace {

// Held for as long as the process lives, as the module is.
struct Exceptions {
  PyObject *any = nullptr, *input = nullptr, *system = nullptr;
};
Exceptions exceptions;

PyObject* made(py::module_& module, const char* name, const char* doc, const py::tuple& bases,
               const py::dict& fields) {
  const std::string full = std::string("evotts.") + name;
  PyObject* type = PyErr_NewExceptionWithDoc(full.c_str(), doc, bases.ptr(), fields.ptr());
  if (type == nullptr) throw py::error_already_set();
  module.add_object(name, type);
  return type;
}

void set(PyObject* type, const Error& error, const std::vector<Diagnostic>& diagnostics) {
  const py::object exception = py::handle(type)(shown(error.what()));
  py::list problems;
  for (const Diagnostic& each : diagnostics) problems.append(new_object(each));
  exception.attr("messages") = py::tuple(shown_all(error.messages()));
  exception.attr("diagnostics") = py::tuple(problems);
  PyErr_SetObject(type, exception.ptr());
}

void translate(std::exception_ptr thrown) {
  try {
    if (thrown) std::rethrow_exception(std::move(thrown));
  } catch (const RefusedText& error) {
    set(exceptions.input, error, error.diagnostics());
  } catch (const Error& error) {
    set(error.fault() == Fault::kInput ? exceptions.input : exceptions.system, error, {});
  }
}

std::string place_and_message(const Diagnostic& d) {
  const std::string severity = d.severity == Severity::kError ? "error" : "warning";
  const std::string place = d.line == 0 ? "" : std::to_string(d.line) + ":" + std::to_string(d.column) + ": ";
  return place + severity + ": " + d.message + " [" + d.code + "]";
}

Diagnostic unpickled(const py::object& state) {
  const py::tuple parts = items_of(state, 7, "a pickled Diagnostic");
  const auto number = [&](std::size_t place) {
    return static_cast<std::uint32_t>(
        within(whole_number(parts[place], "a number"), "a number", 0, UINT32_MAX));
  };
  const auto text = [&](std::size_t place) { return text_of(parts[place], "a text", TextKind::kBytes); };
  return {truth(parts[0], "error") ? Severity::kError : Severity::kWarning,
          text(1),
          text(2),
          text(3),
          number(4),
          number(5),
          number(6)};
}

void bind_diagnostic(py::module_& module) {
  Class<Diagnostic>(module, "Diagnostic", "One problem of the text of a controller. See check().")
      .property(
          "severity",
          [](const Diagnostic& d) { return shown(d.severity == Severity::kError ? "error" : "warning"); },
          "\"error\", or \"warning\", which does not keep a controller from being made.")
      .property(
          "code", [](const Diagnostic& d) { return shown(d.code); },
          "Short and stable, e.g. \"unknown-name\".")
      .property(
          "message", [](const Diagnostic& d) { return shown(d.message); },
          "What was expected and what was found.")
      .property(
          "hint", [](const Diagnostic& d) { return shown(d.hint); }, "What would be right; may be empty.")
      .property(
          "line", [](const Diagnostic& d) { return d.line; }, "From 1; 0 when it is about no place.")
      .property(
          "column", [](const Diagnostic& d) { return d.column; }, "From 1, in bytes of UTF-8.")
      .property(
          "length", [](const Diagnostic& d) { return d.length; }, "In bytes of UTF-8.")
      .method(
          "__str__", "()", [](const Diagnostic& d) { return shown(place_and_message(d)); },
          "Place, severity, message and code on one line.")
      .method(
          "__repr__", "()",
          [](const Diagnostic& d) { return shown("<evotts.Diagnostic " + place_and_message(d) + ">"); },
          "For people.")
      .pickled(
          [](const Diagnostic& d) {
            return py::make_tuple(d.severity == Severity::kError, py::bytes(d.code), py::bytes(d.message),
                                  py::bytes(d.hint), d.line, d.column, d.length);
          },
          named<unpickled>);
}

}  // namespace

void bind_errors(py::module_& module) {
  py::dict fields;
  fields["messages"] = py::tuple();
  fields["diagnostics"] = py::tuple();
  const auto bases = [](PyObject* own, PyObject* standard) {
    return py::make_tuple(py::handle(own), py::handle(standard));
  };
  exceptions.any =
      made(module, "EvottsError",
           "What the module raises of its own.\n\n"
           "messages: tuple of str, one or more, each naming the file, key or place it is about.\n"
           "diagnostics: tuple of Diagnostic; of the text of a controller, else empty.",
           py::make_tuple(py::handle(PyExc_Exception)), fields);
  exceptions.input = made(module, "InputError",
                          "A text, a path or a number that the caller can put right. A ValueError too.",
                          bases(exceptions.any, PyExc_ValueError), py::dict());
  exceptions.system = made(module, "SystemFault", "A disk or a library failed. A RuntimeError too.",
                           bases(exceptions.any, PyExc_RuntimeError), py::dict());
  translate_with(&translate);
  bind_diagnostic(module);
}

}  // namespace evotts::python
