// constants.hpp: the values of expressions that depend on beta alone.
// Why:      directions of the schedule are checked, and guards found constant, by evaluating them.
// Use:      std::vector<double> values = schedule_at(controller, 0.5);   // one a schedule entry
// Promises: the same digits as the machine. Expressions must type as constants.
// Threads:  pure functions.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "genome/tree/ast.hpp"

namespace genome {

// The betas on which directions are checked: 0, 0.01, ..., 1.
std::span<const double> direction_grid();

// The values of names while a constant expression is evaluated. Truths are 0 and 1, none is -1.
using ConstantNames = std::map<std::string, double, std::less<>>;

// Evaluates an expression that types as a constant over these names.
double evaluate_constant(const Expr& expression, const ConstantNames& names);

// The same at many settings at once, where each name has a value for each of them: far quicker than one
// after the other.
using NamedCurves = std::map<std::string, std::vector<double>, std::less<>>;
std::vector<double> evaluate_along(const Expr& expression, std::size_t settings, const NamedCurves& names);

// beta and every schedule entry at this beta.
ConstantNames constant_names(const Controller& controller, double beta);

// Every schedule entry at this beta, in order.
std::vector<double> schedule_at(const Controller& controller, double beta);

// The truth of a constant expression, when it is the same with each of these.
std::optional<bool> same_truth(std::span<const ConstantNames> grid, const Expr& condition);

}  // namespace genome
