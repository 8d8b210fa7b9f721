#include "experiments/terminal/sparkline.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string_view>
#include <vector>

namespace experiments {
namespace {

constexpr std::array<std::string_view, 8> kBlocks = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
constexpr std::array<std::string_view, 8> kSigns = {"_", ".", ",", "-", "=", "+", "*", "^"};

std::vector<double> resampled(std::span<const double> values, std::size_t columns) {
  if (values.size() <= columns) return {values.begin(), values.end()};
  std::vector<double> shares;
  for (std::size_t c = 1; c <= columns; ++c) shares.push_back(values[c * values.size() / columns - 1]);
  return shares;
}

}  // namespace

std::string sparkline(std::span<const double> values, std::size_t columns, bool blocks) {
  const std::vector<double> shown = resampled(values, columns);
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const double value : shown) {
    if (std::isfinite(value)) low = std::min(low, value), high = std::max(high, value);
  }
  std::string text;
  for (const double value : shown) {
    if (!std::isfinite(value)) {
      text += ' ';
      continue;
    }
    const double share = high > low ? (value - low) / (high - low) : 0;
    const auto level = static_cast<std::size_t>(std::lround(share * (kBlocks.size() - 1)));
    text += blocks ? kBlocks[level] : kSigns[level];
  }
  return text;
}

}  // namespace experiments
