// printer.hpp: a tree -> its one canonical text.
// Why:      a program's identity is the git blob id of this text, so equal trees must print alike and
//           parse(print(tree)) must give the tree again.
// Use:      std::string text = print(controller);
// Promises: parse(print(c)).controller == c for every tree the parser, the sampler or the operators make;
//           numbers are the shortest decimal that reads back to the same double.
// Threads:  pure functions.
#pragma once

#include <string>

#include "genome/tree/ast.hpp"

namespace genome {

std::string print(const Controller& controller);
std::string print(const Expr& expression);
std::string print(const Statement& statement);
std::string print(const ScheduleEntry& entry);

// The git blob id of the canonical text.
std::string identity(const Controller& controller);

}  // namespace genome
