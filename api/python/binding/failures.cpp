#include "api/python/binding/failures.hpp"

#include <evotts/error.hpp>
#include <new>

#include "api/python/binding/shown.hpp"

namespace evotts::python {
namespace {

Translator known_ones = nullptr;

void set(PyObject* type, std::string_view message) {
  const py::str text = shown(message);
  PyErr_SetObject(type, text.ptr());
}

void tell_current(std::string_view function) {
  if (PyErr_Occurred() != nullptr) return;  // a signal's handler has raised: that is why the work ended
  try {
    throw;
  } catch (py::error_already_set& error) {
    error.restore();
  } catch (const py::type_error& error) {
    set(PyExc_TypeError, std::string(function) + "(): " + error.what());
  } catch (const py::builtin_exception& error) {
    error.set_error();
  } catch (const Error&) {
    known_ones(std::current_exception());
  } catch (const std::bad_alloc&) {
    PyErr_NoMemory();
  } catch (const std::exception& error) {
    set(PyExc_RuntimeError, error.what());
  }
}

}  // namespace

void throw_input(std::string message) { throw Error(Fault::kInput, {std::move(message)}); }

void translate_with(Translator translator) { known_ones = translator; }

void tell(std::string_view function) noexcept {
  try {
    tell_current(function);
  } catch (py::error_already_set& error) {  // there was no memory for the message
    error.restore();
  } catch (...) {
    PyErr_SetString(PyExc_SystemError, "an exception could not be told");
  }
}

}  // namespace evotts::python
