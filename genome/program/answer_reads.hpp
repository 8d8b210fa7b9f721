// answer_reads.hpp: which instructions need the present answers of branches.
// Why:      to look at the answer of an unfinished branch costs something where a model has to be asked;
//           so that is done no sooner than somebody reads it.
// Use:      if (reads_open_answers(program)[i]) look(...);
// Promises: true for every instruction whose effect may depend on the answer of an unfinished branch. A
//           comparison of answers that is only ever used within `finished` is none. Votes count as reading:
//           which branches they take is known when they are counted.
// Threads:  pure function.
// Tests:    tests/genome/program/answer_reads_test.cpp
#pragma once

#include <vector>

#include "genome/program/program.hpp"

namespace genome {

// For each instruction of Program::code.
std::vector<bool> reads_open_answers(const Program& program);

}  // namespace genome
