#include "experiments/tables/operator_table.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace experiments {
namespace {

struct Brought {
  std::int64_t born = 0, compared = 0, better = 0, lasted = 0;
  std::optional<double> best_gain;  // over the first parent, below 0 where all lost
};

std::vector<std::string_view> operators_in(std::string_view operation) {
  std::vector<std::string_view> names;
  for (std::size_t at = 0; at <= operation.size();) {
    const std::size_t end = std::min(operation.find('+', at), operation.size());
    const std::string_view name = operation.substr(at, end - at);
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
    at = end + 1;
  }
  return names;
}

}  // namespace

Table operator_table(const std::vector<evo::Born>& births, const std::set<std::string>& lasting) {
  std::map<std::string_view, double> scores;  // if an individual was made again, its first birth counts
  for (const evo::Born& born : births) scores.try_emplace(born.id, born.score);
  std::map<std::string, Brought, std::less<>> found;
  for (const evo::Born& born : births) {
    const auto parent = born.birth.parents.empty() ? scores.end() : scores.find(born.birth.parents.front());
    for (const std::string_view name : operators_in(born.birth.operation)) {
      Brought& brought = found[std::string(name)];
      ++brought.born;
      brought.lasted += lasting.contains(born.id) ? 1 : 0;
      if (parent == scores.end()) continue;
      const double gain = born.score - parent->second;
      ++brought.compared;
      brought.better += gain > 0 ? 1 : 0;
      brought.best_gain = std::max(brought.best_gain.value_or(gain), gain);
    }
  }
  std::vector<std::pair<std::string, Brought>> rows(found.begin(), found.end());
  std::ranges::stable_sort(rows, [](const auto& a, const auto& b) {
    return std::pair(a.second.lasted, a.second.better) > std::pair(b.second.lasted, b.second.better);
  });
  Table table({"operator", "born", "compared", "better", "better_percent", "best_gain", "lasted"});
  for (const auto& [name, brought] : rows) {
    const bool compared = brought.compared > 0;
    const double share =
        compared ? 100 * static_cast<double>(brought.better) / static_cast<double>(brought.compared) : 0;
    table.add_row({name, brought.born, brought.compared, compared ? Cell{brought.better} : Cell{Missing{}},
                   compared ? Cell{Decimal{share, 1}} : Cell{Missing{}},
                   brought.best_gain ? Cell{Decimal{*brought.best_gain, 3}} : Cell{Missing{}},
                   brought.lasted});
  }
  return table;
}

}  // namespace experiments
