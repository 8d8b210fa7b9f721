// answer_reads.hpp: which instructions need the present answers of branches.
// Why:      to look at the answer of an unfinished branch costs something where a model has to be asked;
//           so that is done no sooner than somebody reads it.
// Use:      if (answer_reads(program)[i] == AnswerReads::kAll) look(...);
// Promises: an instruction depends on no other answers than it says, and neither does what is made of its
//           result. A comparison of answers that is only ever used within `finished` needs those of finished
//           branches. Votes say kAll: which branches they take is known when they are counted.
// Threads:  pure function.
// Tests:    tests/genome/program/answer_reads_test.cpp
#pragma once

#include <cstdint>
#include <vector>

#include "genome/program/program.hpp"

namespace genome {

enum class AnswerReads : std::uint8_t { kNone, kFinished, kAll };

// For each instruction of Program::code.
std::vector<AnswerReads> answer_reads(const Program& program);

}  // namespace genome
