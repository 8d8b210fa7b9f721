// recordings.hpp: questions with their branches <-> dicts, lists and tuples.
// Why:      recordings come out of other programs of Python, and go back into them.
// Use:      const std::vector<RecordedQuestion> questions = questions_in(given, "mine");
//           return dict_of(environment.question(3));
// Promises: a dict has exactly the keys of the fields, where those with a default may be left out. Errors
//           name the environment and the place: question and branch are counted from 0.
// Threads:  with the interpreter's lock.
// Tests:    tests/python/test_environments.py
#pragma once

#include <evotts/environment.hpp>
#include <pybind11/pybind11.h>
#include <string>
#include <vector>

namespace evotts::python {

// Each a dict, or a tuple (text, gold, interval, branches); a branch is a dict, or a tuple (probes, tokens,
// answer) or (probes, tokens, answer, signals).
std::vector<RecordedQuestion> questions_in(pybind11::handle given, const std::string& name);

pybind11::dict dict_of(const RecordedQuestion& question);

}  // namespace evotts::python
