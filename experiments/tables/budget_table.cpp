#include "experiments/tables/budget_table.hpp"

#include <string>
#include <utility>

namespace experiments {

Table budget_table(const std::vector<NamedController>& controllers, std::optional<std::size_t> against,
                   const replay::BudgetCurves& curves, const std::vector<std::int64_t>& budgets,
                   const replay::BootstrapOptions& bootstrap, const std::string& unit) {
  std::vector<std::string> columns = {"controller", unit, "accuracy", "low", "high"};
  if (against) columns.insert(columns.end(), {"difference", "difference_low", "difference_high"});
  Table table(columns);
  for (std::size_t c = 0; c < controllers.size(); ++c) {
    for (const std::int64_t budget : budgets) {
      const auto tokens = static_cast<double>(budget);
      std::vector<Cell> row = {controllers[c].label, budget};
      const auto own = curves.accuracy(c, tokens);
      if (own) {
        const auto interval = curves.interval(c, tokens, bootstrap);
        row.insert(row.end(), {Decimal{*own}, Decimal{interval.low}, Decimal{interval.high}});
      } else {
        row.insert(row.end(), 3, Missing{});
      }
      if (against) {
        const auto other = curves.accuracy(*against, tokens);
        if (own && other && c != *against) {
          const auto interval = curves.difference_interval(c, *against, tokens, bootstrap);
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
