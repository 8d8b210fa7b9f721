#include "experiments/terminal/live_line.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <fmt/format.h>
#include <mutex>
#include <unistd.h>

#include "experiments/terminal/terminal.hpp"
#include "genome/base/text.hpp"

namespace experiments {
namespace {

std::mutex mutex;
std::size_t shown_columns = 0;  // of the line on the screen

// Columns, as far as every character takes one.
std::size_t columns_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string_view cut(std::string_view text, std::size_t columns) {
  std::size_t bytes = 0;
  for (; bytes < text.size() && columns > 0; --columns)
    bytes += genome::base::first_character(text.substr(bytes)).bytes;
  return text.substr(0, bytes);
}

}  // namespace

bool has_live_line() { return ::isatty(STDERR_FILENO) != 0; }

void show_live_line(std::string_view text) {
  if (!has_live_line()) return;
  const std::string harmless = genome::base::one_line(text);
  // A character in the last column makes some terminals go on to the next line.
  const std::string_view fits = cut(harmless, terminal_width(STDERR_FILENO) - 1);
  const std::size_t columns = columns_of(fits);
  const std::lock_guard lock(mutex);
  // Blanks wipe out what is left of a longer line; going back to the end of this one leaves a tidy cursor.
  std::string out = fmt::format("\r{}", fits);
  if (shown_columns > columns) out += fmt::format("{:{}}\r{}", "", shown_columns - columns, fits);
  shown_columns = columns;
  std::fputs(out.c_str(), stderr);
}

void clear_live_line() {
  const std::lock_guard lock(mutex);
  if (shown_columns == 0) return;
  std::fputs(fmt::format("\r{:{}}\r", "", shown_columns).c_str(), stderr);
  shown_columns = 0;
}

bool live_line_is_shown() {
  const std::lock_guard lock(mutex);
  return shown_columns > 0;
}

std::string fitted(std::vector<LinePart> parts, std::size_t columns) {
  const auto width = [&] {
    std::size_t sum = 0;
    for (const LinePart& part : parts) sum += columns_of(part.text);
    return sum;
  };
  while (width() > columns) {
    const auto last = std::ranges::max_element(parts, {}, &LinePart::rank);
    if (last == parts.end() || last->rank == 0) break;
    parts.erase(last);
  }
  std::string line;
  for (const LinePart& part : parts) line += part.text;
  return line;
}

std::string shown_duration(double seconds) {
  constexpr double kMinute = 60, kHour = 60 * kMinute, kDay = 24 * kHour, kMostDays = 1e6;
  if (seconds < 99.5) return fmt::format("{:.0f} s", std::max(seconds, 0.0));
  if (seconds < 99.5 * kMinute) return fmt::format("{:.0f} min", seconds / kMinute);
  if (seconds < 2 * kDay) {
    const auto minutes = static_cast<std::int64_t>(std::llround(seconds / kMinute));
    return fmt::format("{} h {} min", minutes / 60, minutes % 60);
  }
  return fmt::format("{:.0f} days", std::min(seconds / kDay, kMostDays));
}

}  // namespace experiments
