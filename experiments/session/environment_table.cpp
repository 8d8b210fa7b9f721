#include "experiments/session/environment_table.hpp"

#include <fmt/format.h>

#include "genome/base/text.hpp"
#include "replay/environment/info.hpp"

namespace experiments {
namespace {

template <typename T>
std::string range(T least, T most) {
  return least == most ? fmt::format("{}", most) : fmt::format("{} to {}", least, most);
}

}  // namespace

std::string environment_table(const Observed& in) {
  const auto all = recorded(in);
  std::string out =
      "| environment | questions | branches of each | tokens of an interval | tokens of a whole branch: 10% "
      "below "
      "| half below | 90% below |\n| --- | --- | --- | --- | --- | --- | --- |\n";
  for (std::size_t i = 0; i < all.size() && i < kEnvironmentRows; ++i) {
    const replay::EnvironmentInfo info = replay::describe(*all[i]);
    out += fmt::format("| {} | {} | {} | {} | {:.0f} | {:.0f} | {:.0f} |\n",
                       genome::base::visible(all[i]->name, 40), info.questions,
                       range(info.fewest_branches, info.most_branches),
                       range(info.smallest_interval, info.largest_interval), info.lengths.percentile_10,
                       info.lengths.median, info.lengths.percentile_90);
  }
  if (all.size() > kEnvironmentRows) out += fmt::format("and {} more\n", all.size() - kEnvironmentRows);
  return out;
}

}  // namespace experiments
