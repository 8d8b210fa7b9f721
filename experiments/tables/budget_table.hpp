// budget_table.hpp: the accuracy of controllers at budgets, with intervals and paired differences, as a
// table.
// Why:      `evotts curve`, the page of a run and its figures read curves off in the same figures.
// Use:      print(budget_table(controllers, against, curves, {100'000}, {}).text(Format::kTable));
// Promises: a row for each controller and budget; nothing where a curve does not reach.
// Threads:  pure function.
// Tests:    tests/experiments/commands/curve_test.cpp, tests/experiments/pages/page_test.cpp
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "experiments/console/table.hpp"
#include "experiments/sources/controller_source.hpp"
#include "replay/evaluation/budget_curve.hpp"

namespace experiments {

// Round numbers from one budget to another, by which curves are read off.
std::vector<double> round_budgets(double low, double high);

// A whole number where it is one.
Cell budget_cell(double budget);

// `against`: the place of the controller that differences are to; none: no differences. `unit` is that of the
// budgets.
Table budget_table(const std::vector<NamedController>& controllers, std::optional<std::size_t> against,
                   const replay::BudgetCurves& curves, const std::vector<double>& budgets,
                   const replay::BootstrapOptions& bootstrap, const std::string& unit = "tokens");

}  // namespace experiments
