// environments.hpp: a recorded environment as Python holds it.
// Why:      bindings of other files take environments as arguments.
// Use:      for (const Environment& each : environments_in(given)) ...
// Promises: TypeError names the first item that is no Environment.
// Threads:  with the interpreter's lock.
// Tests:    tests/python/test_environments.py
#pragma once

#include <evotts/environment.hpp>
#include <vector>

#include "api/python/binding/objects.hpp"

namespace evotts::python {

template <>
inline constexpr bool kIsHeld<Environment> = true;

std::vector<Environment> environments_in(py::handle given);

}  // namespace evotts::python
