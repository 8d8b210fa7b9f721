#include "genome/tree/diagnostic.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <utility>

#include "genome/base/text.hpp"
#include "genome/tree/text_place.hpp"

namespace genome {
namespace {

constexpr std::size_t kWidth = 160;        // of a shown line, in characters
constexpr std::size_t kQuotedLength = 40;  // of a quoted word

// That character as it can be shown: a tab as a space, what is no text or harmful as '?'.
std::string shown_at(std::string_view line, std::size_t at) {
  const base::Character c = base::first_character(line.substr(at));
  if (c.code == '\t') return " ";
  return base::is_harmful(c.code) || !c.valid ? "?" : std::string(line.substr(at, c.bytes));
}

// At most `most` characters from the one of number `first` on, with "..." where the line goes on.
std::string part_of(std::string_view line, std::size_t first, std::size_t most) {
  std::size_t at = 0;
  for (; first > 0 && at < line.size(); --first) at += bytes_at(line, at);
  std::string shown = at == 0 ? "" : "...";
  for (; most > 0 && at < line.size(); --most) {
    shown += shown_at(line, at);
    at += bytes_at(line, at);
  }
  return at < line.size() ? shown + "..." : shown;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

constexpr std::size_t most_apart(std::size_t length) { return length <= 4 ? 2 : length / 3 + 1; }
constexpr std::size_t kLongestCandidate = kLimits.name_length + most_apart(kLimits.name_length);

// Letters left out, put in, replaced, or two neighbours exchanged; `bound` when there are as many or more.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t bound) {
  using Row =
      std::array<std::size_t, kLongestCandidate + 1>;  // what lies far off the diagonal costs too much
  Row before{}, above{}, row{};
  for (std::size_t j = 0; j <= b.size(); ++j) above[j] = std::min(j, bound);
  const auto same = [&](std::size_t i, std::size_t j) { return lower(a[i - 1]) == lower(b[j - 1]); };
  std::size_t least_above = 0;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row.fill(bound);
    row[0] = std::min(i, bound);
    std::size_t least = row[0];
    for (std::size_t j = i > bound ? i - bound : 1; j <= std::min(b.size(), i + bound); ++j) {
      row[j] = std::min({above[j - 1] + (same(i, j) ? 0 : 1), above[j] + 1, row[j - 1] + 1, bound});
      if (i > 1 && j > 1 && same(i, j - 1) && same(i - 1, j)) row[j] = std::min(row[j], before[j - 2] + 1);
      least = std::min(least, row[j]);
    }
    if (least >= bound && least_above >= bound) return bound;
    least_above = least;
    before = std::exchange(above, row);
  }
  return above[b.size()];
}

}  // namespace

bool has_errors(std::span<const Diagnostic> diagnostics) {
  return std::any_of(diagnostics.begin(), diagnostics.end(),
                     [](const Diagnostic& d) { return d.severity == Severity::kError; });
}

std::string quoted(std::string_view word) {
  return fmt::format("'{}'", part_of(word.substr(0, 8 * kQuotedLength), 0, kQuotedLength));
}

std::string render(const Diagnostic& d, std::string_view file, std::string_view text) {
  const char* severity = d.severity == Severity::kError ? "error" : "warning";
  std::string out;
  if (d.at.line == 0) {
    out = fmt::format("{}: {}: {} [{}]\n", file, severity, d.message, d.code);
  } else {
    const std::string_view line = line_of(text, d.at.line);
    const std::size_t begin = characters_before(line, d.at.column - 1);
    const std::size_t end = std::max(characters_before(line, d.at.column - 1 + d.at.length), begin + 1);
    // Of a long line, what is around the mistake.
    const std::size_t left = begin < kWidth * 3 / 4 ? 0 : begin - kWidth / 2;
    const std::string shown = part_of(line, left, kWidth);
    const std::size_t indent = (left == 0 ? 0 : 3) + (begin - left);
    const std::size_t marks = std::min(end, std::max(left + kWidth, begin + 1)) - begin;
    out = fmt::format("{}:{}:{}: {}: {} [{}]\n", file, d.at.line, begin + 1, severity, d.message, d.code);
    out += fmt::format("  {}\n  {}^{}\n", shown, std::string(indent, ' '), std::string(marks - 1, '~'));
  }
  if (!d.hint.empty()) out += fmt::format("  hint: {}\n", d.hint);
  return out;
}

std::string render_all(std::span<const Diagnostic> diagnostics, std::string_view file,
                       std::string_view text) {
  std::string out;
  for (const Diagnostic& d : diagnostics) out += render(d, file, text);
  return out;
}

std::string nearest(std::string_view word, std::span<const std::string> candidates) {
  if (word.size() > kLimits.name_length) return {};
  std::string best;
  std::size_t best_distance = most_apart(word.size());  // farther is no misspelling
  for (const std::string& candidate : candidates) {
    const auto [shorter, longer] = std::minmax({word.size(), candidate.size()});
    if (candidate == word || longer - shorter >= best_distance) continue;
    const std::size_t distance = edit_distance(word, candidate, best_distance);
    if (distance < best_distance && distance < longer) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

}  // namespace genome
