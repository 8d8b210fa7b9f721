// compiler.hpp: CheckedController -> Program.
// Why:      the evaluator runs a program millions of times; everything that can be decided once is.
// Use:      Program program = compile(*check_text(text).controller);
// Promises: cannot fail. What depends on beta alone becomes a constant slot; equal subexpressions are
//           computed once while nothing they mention has changed; costly right sides of `and` and `or`
//           are skipped when the left side decides.
// Threads:  pure function.
#pragma once

#include "genome/program/program.hpp"
#include "genome/text/checker.hpp"

namespace genome {

Program compile(const CheckedController& controller);

}  // namespace genome
