// failures.hpp: exceptions of C++ as those of Python, at the end of every call; and Ctrl-C within long loops.
// Why:      nothing of C++ may pass through the interpreter, and a message is to name the function it is of.
// Use:      try { ... } catch (...) { tell("Session"); return nullptr; }
// Promises: a py::type_error gets the function's name in front; what Python raised itself stays as it is.
// Threads:  with the interpreter's lock.
// Tests:    tests/python/test_arguments.py, tests/python/test_errors.py
#pragma once

#include <exception>
#include <pybind11/pybind11.h>
#include <string>
#include <string_view>

namespace evotts::python {

namespace py = pybind11;

[[noreturn]] void throw_input(std::string message);

// Has the interpreter raise the exception that is being handled.
void tell(std::string_view function) noexcept;

// Makes the module's own exceptions of those of the public headers; set once.
using Translator = void (*)(std::exception_ptr thrown);
void translate_with(Translator translator);

// Lets handlers of signals run now and then, such as that of Ctrl-C, within a loop that keeps the lock.
class Breaks {
 public:
  void one_more() {
    if (++count_ % kOften == 0 && PyErr_CheckSignals() != 0) throw py::error_already_set();
  }

 private:
  static constexpr unsigned kOften = 1024;
  unsigned count_ = 0;
};

}  // namespace evotts::python
