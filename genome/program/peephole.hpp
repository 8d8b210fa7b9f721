// peephole.hpp: compiled code -> the same code with fewer instructions.
// Why:      the machine's time goes by instructions executed; what the compiler emits piece by piece often
//           fits into fewer.
// Use:      peephole(program);   // the last step of compile()
// Promises: every episode stays the same. Values are written straight where they were moved to, a
//           comparison and the jump on it become one, what is never read is not computed. Jumps still go
//           forward only.
// Threads:  pure function of the program.
#pragma once

#include "genome/program/program.hpp"

namespace genome {

void peephole(Program& program);

}  // namespace genome
