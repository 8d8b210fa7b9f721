// The module evotts._evotts, which the package evotts shows as its own.
#include <evotts/version.hpp>
#include <string>

#include "api/python/binding/unlocked.hpp"
#include "api/python/bindings.hpp"
#include "api/python/errors.hpp"

namespace evotts::python {
namespace {

std::string version() {
  const Version version = library_version();
  return std::to_string(version.major_number) + "." + std::to_string(version.minor_number) + "." +
         std::to_string(version.patch_number);
}

// A type that can be changed could be given to an object of another one, whose memory is not what it says.
void seal_types(py::module_& module) {
#if PY_VERSION_HEX >= 0x030A0000
  for (const auto& [name, value] : py::reinterpret_borrow<py::dict>(module.attr("__dict__"))) {
    if (PyType_Check(value.ptr()) == 0 ||
        PyType_HasFeature(reinterpret_cast<PyTypeObject*>(value.ptr()), Py_TPFLAGS_BASETYPE) != 0)
      continue;  // exceptions may be derived from
    auto* type = reinterpret_cast<PyTypeObject*>(value.ptr());
    type->tp_flags |= Py_TPFLAGS_IMMUTABLETYPE;
    PyType_Modified(type);
  }
#endif
}

}  // namespace
}  // namespace evotts::python

PYBIND11_MODULE(_evotts, module) {
  using namespace evotts::python;
  module.attr("__module__") = "evotts";  // what its classes and functions are said to be of
  module.attr("__version__") = version();
  watch_for_the_end();
  bind_errors(module);
  bind_controllers(module);
  bind_environments(module);
  bind_evaluation(module);
  bind_results(module);
  bind_sessions(module);
  bind_runs(module);
  bind_answers(module);
  seal_types(module);
}
