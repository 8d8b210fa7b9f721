// results.hpp: wants of a session, and what came of them, as Python holds them.
// Why:      a loop over an engine handles many of both in a round.
// Use:      session.give(results_in(given));
// Promises: a step is a Step, the answer of a look (str or None), or a tuple (answer, signals).
// Threads:  with the interpreter's lock.
// Tests:    tests/python/test_sessions.py
#pragma once

#include <evotts/session.hpp>
#include <vector>

#include "api/python/binding/arguments.hpp"

namespace evotts::python {

template <>
inline constexpr bool kIsHeld<SeenStep> = true;
template <>
inline constexpr bool kIsHeld<Result> = true;
template <>
inline constexpr bool kIsHeld<Want> = true;

using StepsGiven = Given<"a sequence of Step, str, None or tuples">;

// A Result of its fields, as Result() and Session.give() take them.
Result result_of(Whole branch, StepsGiven steps, Flag finished, const Word& answer, const Reals& signals,
                 Whole tokens, Flag lost, Whole look_tokens);

// One Result, or a sequence of them.
std::vector<Result> results_in(py::handle given);

}  // namespace evotts::python
