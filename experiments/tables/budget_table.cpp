#include "experiments/tables/budget_table.hpp"

#include <cmath>
#include <cstdint>
#include <string>
#include <utility>

namespace experiments {

Cell budget_cell(double budget) {
  constexpr double kMostWhole = 1e15;
  if (budget == std::floor(budget) && budget < kMostWhole) return static_cast<std::int64_t>(budget);
  return Shortest{budget};
}

Table budget_table(const std::vector<NamedController>& controllers, std::optional<std::size_t> against,
                   const replay::BudgetCurves& curves, const std::vector<double>& budgets,
                   const replay::BootstrapOptions& bootstrap, const std::string& unit) {
  std::vector<std::string> columns = {"controller", unit, "accuracy", "low", "high"};
  if (against) columns.insert(columns.end(), {"difference", "difference_low", "difference_high"});
  Table table(columns);
  for (std::size_t c = 0; c < controllers.size(); ++c) {
    for (const double budget : budgets) {
      std::vector<Cell> row = {controllers[c].label, budget_cell(budget)};
      const auto own = curves.accuracy(c, budget);
      if (own) {
        const auto interval = curves.interval(c, budget, bootstrap);
        row.insert(row.end(), {Decimal{*own}, Decimal{interval.low}, Decimal{interval.high}});
      } else {
        row.insert(row.end(), 3, Missing{});
      }
      if (against) {
        const auto other = curves.accuracy(*against, budget);
        if (own && other && c != *against) {
          const auto interval = curves.difference_interval(c, *against, budget, bootstrap);
          row.insert(row.end(), {Decimal{*own - *other}, Decimal{interval.low}, Decimal{interval.high}});
        } else {
          row.insert(row.end(), 3, Missing{});
        }
      }
      table.add_row(std::move(row));
    }
  }
  return table;
}

}  // namespace experiments
