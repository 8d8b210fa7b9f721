#include "replay/machine/signal_columns.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <optional>

#include "genome/base/check.hpp"
#include "genome/base/text.hpp"
#include "replay/environment/input_error.hpp"

namespace replay {
namespace {

constexpr std::size_t kMostShown = 12;  // names of signals in a message

std::optional<std::uint16_t> column_of(const std::string& signal, std::span<const std::string> recorded) {
  const auto place = std::ranges::lower_bound(recorded, signal);
  if (place == recorded.end() || *place != signal) return std::nullopt;
  return static_cast<std::uint16_t>(place - recorded.begin());
}

std::string shown(std::span<const std::string> recorded) {
  if (recorded.empty()) return "it has none";
  std::vector<std::string> names;
  for (const std::string& name : recorded.first(std::min(recorded.size(), kMostShown)))
    names.push_back(genome::base::visible(name));
  return fmt::format("it has {}{}", fmt::join(names, ", "), recorded.size() > kMostShown ? ", ..." : "");
}

}  // namespace

SignalColumns signal_columns(const genome::Program& program, const Environment& environment) {
  for (const std::string& signal : program.signals) {
    if (column_of(signal, environment.signals)) continue;
    throw InputError(
        fmt::format("the controller {} needs the signal {}, which the environment {} does not have ({})",
                    genome::base::visible(program.name), signal, genome::base::visible(environment.name),
                    shown(environment.signals)));
  }
  return signal_columns(program, environment.signals);
}

SignalColumns signal_columns(const genome::Program& program, std::span<const std::string> recorded) {
  SignalColumns columns;
  for (const std::string& signal : program.signals) {
    const auto column = column_of(signal, recorded);
    EVOTTS_CHECK(column.has_value());
    columns.push_back(*column);
  }
  return columns;
}

}  // namespace replay
