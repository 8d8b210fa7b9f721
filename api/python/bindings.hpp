// bindings.hpp: what each file of this folder adds to the module.
// Why:      one concept a file; module.cpp puts them together, in the order in which they name each other.
// Use:      bind_controllers(module);
// Promises: nothing but the public headers of evotts is put into the module.
// Threads:  while the module is imported.
// Tests:    tests/python/test_stubs.py
#pragma once

#include <pybind11/pybind11.h>

namespace evotts::python {

void bind_answers(pybind11::module_& module);
void bind_controllers(pybind11::module_& module);
void bind_environments(pybind11::module_& module);
void bind_evaluation(pybind11::module_& module);
void bind_results(pybind11::module_& module);
void bind_runs(pybind11::module_& module);
void bind_sessions(pybind11::module_& module);

}  // namespace evotts::python
