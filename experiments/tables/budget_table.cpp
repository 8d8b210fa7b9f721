#include "experiments/tables/budget_table.hpp"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <fmt/format.h>
#include <string>
#include <system_error>
#include <utility>

namespace experiments {

std::vector<double> round_budgets(double low, double high) {
  std::vector<double> budgets;
  if (!(low > 0) || !(high >= low)) return budgets;
  const auto decade_of = [](double budget) { return static_cast<int>(std::floor(std::log10(budget))); };
  for (int decade = decade_of(low); decade <= decade_of(high); ++decade) {
    for (const char* step : {"1", "1.5", "2.5", "3.5", "5", "7"}) {
      // As it is read where it is written: a product would have digits of its own.
      const std::string text = fmt::format("{}e{}", step, decade);
      double budget = 0;
      if (std::from_chars(text.data(), text.data() + text.size(), budget).ec != std::errc()) continue;
      if (budget >= low && budget <= high) budgets.push_back(budget);
    }
  }
  return budgets;
}

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
