// results.hpp: wants of a session, and what came of them, as Python holds them.
// Why:      a loop over an engine handles many of both in a round.
// Use:      session.give(results_in(given));
// Promises: a step is a Step, the answer of a look (str or None), or a tuple (answer, signals).
// Threads:  with the interpreter's lock.
// Tests:    tests/python/test_sessions.py
#pragma once

#include <evotts/session.hpp>
#include <vector>

#include "api/python/guarded.hpp"
#include "api/python/numbers.hpp"
#include "api/python/texts.hpp"

namespace evotts::python {

struct HeldStep : SeenStep, Guarded {};
struct HeldResult : Result, Guarded {};
struct HeldWant : Want, Guarded {};

// A Result of its fields, as Result() and Session.give() take them.
HeldResult result_of(Whole<"branch"> branch, const py::object& steps, Flag<"finished"> finished,
                     const Word<"answer">& answer, const Reals<"signals">& signals, Whole<"tokens"> tokens,
                     Flag<"lost"> lost, Whole<"look_tokens"> look_tokens);

// One Result, or a sequence of them.
std::vector<Result> results_in(py::handle given);

}  // namespace evotts::python
