#include "experiments/sources/whole_samples.hpp"

#include <algorithm>
#include <cstddef>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <string>
#include <vector>

#include "genome/base/text.hpp"

namespace experiments {
namespace {

constexpr std::size_t kShown = 3;

bool is_of_whole_samples(const replay::Environment& environment) {
  return std::ranges::all_of(environment.questions,
                             [](const replay::Question& question) { return question.probes.empty(); });
}

}  // namespace

void warn_of_whole_samples(std::span<const replay::Environment> environments,
                           const std::function<void(const std::string&)>& warn) {
  std::vector<std::string> names;
  std::size_t count = 0;
  for (const replay::Environment& each : environments) {
    if (!is_of_whole_samples(each) || ++count > kShown) continue;
    names.push_back(genome::base::visible(each.name, 60));
  }
  if (count == 0) return;
  const std::string more = count > kShown ? fmt::format(" and {} more", count - kShown) : std::string();
  warn(fmt::format(
      "without probes: {}{}; there open reads a whole branch, as read does, at the cost of all its "
      "tokens, and lines that look into branches do nothing",
      fmt::join(names, ", "), more));
}

}  // namespace experiments
