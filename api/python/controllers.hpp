// controllers.hpp: a controller as Python holds it, and its program, compiled once for all sessions.
// Why:      a thousand sessions of a controller share one program.
// Use:      Session session(*program_of(controller), 0.5);
// Promises: controllers of equal text share a program for as long as one of them or a session has it.
// Threads:  with the interpreter's lock.
// Tests:    tests/python/test_controllers.py
#pragma once

#include <evotts/controller.hpp>
#include <evotts/program.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/python/binding/objects.hpp"

namespace evotts::python {

struct HeldController {
  explicit HeldController(Controller made) : controller(std::move(made)) {}
  Controller controller;
  std::shared_ptr<const Program> program = nullptr;  // from the first session on
  friend bool operator==(const HeldController& a, const HeldController& b) {
    return a.controller == b.controller;
  }
};

template <>
inline constexpr bool kIsHeld<HeldController> = true;

const std::shared_ptr<const Program>& program_of(HeldController& held);

// Throws RefusedText when it has errors; `file` names it in the message.
Controller parsed(std::string_view text, std::string_view file);

// A list of controllers. TypeError names the first that is none.
std::vector<Controller> controllers_in(py::handle given);

}  // namespace evotts::python
