#include "api/python/errors.hpp"

#include <exception>

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
  for (const Diagnostic& each : diagnostics) problems.append(py::cast(HeldDiagnostic{each, {}}));
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

std::string place_and_message(const HeldDiagnostic& d) {
  const std::string severity = d.severity == Severity::kError ? "error" : "warning";
  const std::string place = d.line == 0 ? "" : std::to_string(d.line) + ":" + std::to_string(d.column) + ": ";
  return place + severity + ": " + d.message + " [" + d.code + "]";
}

}  // namespace

void throw_input(std::string message) { throw Error(Fault::kInput, {std::move(message)}); }

std::string type_of(py::handle object) { return Py_TYPE(object.ptr())->tp_name; }

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
  py::register_exception_translator(&translate);

  py::class_<HeldDiagnostic>(module, "Diagnostic", py::is_final(),
                             "One problem of the text of a controller. See check().")
      .def_property_readonly(
          "severity",
          [](const HeldDiagnostic& d) { return shown(d.severity == Severity::kError ? "error" : "warning"); },
          "\"error\", or \"warning\", which does not keep a controller from being made.")
      .def_property_readonly(
          "code", [](const HeldDiagnostic& d) { return shown(d.code); },
          "Short and stable, e.g. \"unknown-name\".")
      .def_property_readonly(
          "message", [](const HeldDiagnostic& d) { return shown(d.message); },
          "What was expected and what was found.")
      .def_property_readonly(
          "hint", [](const HeldDiagnostic& d) { return shown(d.hint); }, "What would be right; may be empty.")
      .def_property_readonly(
          "line", [](const HeldDiagnostic& d) { return d.line; }, "From 1; 0 when it is about no place.")
      .def_property_readonly(
          "column", [](const HeldDiagnostic& d) { return d.column; }, "From 1, in bytes of UTF-8.")
      .def_property_readonly(
          "length", [](const HeldDiagnostic& d) { return d.length; }, "In bytes of UTF-8.")
      .def(
          "__eq__",
          [](const HeldDiagnostic& a, const HeldDiagnostic& b) {
            return static_cast<const Diagnostic&>(a) == static_cast<const Diagnostic&>(b);
          },
          py::is_operator(), "Whether all fields are equal.")
      .def(
          "__str__", [](const HeldDiagnostic& d) { return shown(place_and_message(d)); },
          "Place, severity, message and code on one line.")
      .def(
          "__repr__",
          [](const HeldDiagnostic& d) { return shown("<evotts.Diagnostic " + place_and_message(d) + ">"); },
          "For people.")
      .def(py::pickle(
          [](const HeldDiagnostic& d) {
            return py::make_tuple(d.severity == Severity::kError, py::bytes(d.code), py::bytes(d.message),
                                  py::bytes(d.hint), d.line, d.column, d.length);
          },
          [](const py::tuple& state) {
            if (state.size() != 7) throw_input("this is no pickled Diagnostic");
            return HeldDiagnostic{
                {state[0].cast<bool>() ? Severity::kError : Severity::kWarning, state[1].cast<std::string>(),
                 state[2].cast<std::string>(), state[3].cast<std::string>(), state[4].cast<std::uint32_t>(),
                 state[5].cast<std::uint32_t>(), state[6].cast<std::uint32_t>()},
                {}};
          }));
}

}  // namespace evotts::python
