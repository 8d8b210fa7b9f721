// errors.hpp: exceptions of the public headers as those of Python, with their messages as fields.
// Why:      who catches one in Python wants the problems of a text one by one, not as a paragraph.
// Use:      throw RefusedText(rendered, std::move(diagnostics));
// Promises: evotts::Error becomes InputError, which is a ValueError too, or SystemFault, a RuntimeError too;
//           both are EvottsError. `messages` and `diagnostics` stay with them when they are pickled.
// Threads:  with the interpreter's lock.
// Tests:    tests/python/test_errors.py
#pragma once

#include <evotts/controller.hpp>
#include <evotts/error.hpp>
#include <string>
#include <vector>

#include "api/python/binding/objects.hpp"

namespace evotts::python {

template <>
inline constexpr bool kIsHeld<Diagnostic> = true;

// An Error about the text of a controller.
class RefusedText : public Error {
 public:
  RefusedText(std::string message, std::vector<Diagnostic> diagnostics)
      : Error(Fault::kInput, {std::move(message)}), diagnostics_(std::move(diagnostics)) {}
  const std::vector<Diagnostic>& diagnostics() const { return diagnostics_; }

 private:
  std::vector<Diagnostic> diagnostics_;
};

void bind_errors(py::module_& module);

}  // namespace evotts::python
