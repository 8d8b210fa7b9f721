#include "genome/tree/diagnostic.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "genome/base/text.hpp"

namespace genome {
namespace {

constexpr std::size_t kWidth = 160;        // of a shown line, in characters
constexpr std::size_t kQuotedLength = 40;  // of a quoted word

// A line in characters as they can be shown: tabs as spaces, what is no text or harmful as '?'.
struct VisibleLine {
  std::vector<std::string> characters;
  std::vector<std::size_t> offsets;  // of each in the line, in bytes

  explicit VisibleLine(std::string_view line) {
    for (std::size_t at = 0; at < line.size();) {
      const base::Character c = base::first_character(line.substr(at));
      offsets.push_back(at);
      characters.push_back(c.code == '\t'                         ? " "
                           : base::is_harmful(c.code) || !c.valid ? "?"
                                                                  : std::string(line.substr(at, c.bytes)));
      at += c.bytes;
    }
  }

  // The index of the character at a byte of the line; one past the last beyond its end.
  std::size_t index_of(std::size_t byte) const {
    return static_cast<std::size_t>(std::upper_bound(offsets.begin(), offsets.end(), byte) -
                                    offsets.begin()) -
           (offsets.empty() || byte > offsets.back() + characters.back().size() - 1 ? 0 : 1);
  }
};

std::string_view line_of(std::string_view text, std::uint32_t line) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  for (std::uint32_t i = 1; i < line; ++i) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  text = text.substr(0, text.find('\n'));
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Letters left out, put in, replaced, or two neighbours exchanged.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> row(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) row[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) row[0][j] = j;
  const auto same = [&](std::size_t i, std::size_t j) { return lower(a[i - 1]) == lower(b[j - 1]); };
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[i][j] = std::min({row[i - 1][j - 1] + (same(i, j) ? 0 : 1), row[i - 1][j] + 1, row[i][j - 1] + 1});
      if (i > 1 && j > 1 && same(i, j - 1) && same(i - 1, j))
        row[i][j] = std::min(row[i][j], row[i - 2][j - 2] + 1);
    }
  }
  return row[a.size()][b.size()];
}

}  // namespace

bool has_errors(std::span<const Diagnostic> diagnostics) {
  return std::any_of(diagnostics.begin(), diagnostics.end(),
                     [](const Diagnostic& d) { return d.severity == Severity::kError; });
}

std::string quoted(std::string_view word) {
  const std::vector<std::string> characters = VisibleLine(word.substr(0, 8 * kQuotedLength)).characters;
  std::string shown;
  for (std::size_t i = 0; i < std::min(characters.size(), kQuotedLength); ++i) shown += characters[i];
  return fmt::format("'{}{}'", shown, characters.size() > kQuotedLength ? "..." : "");
}

std::string render(const Diagnostic& d, std::string_view file, std::string_view text) {
  const char* severity = d.severity == Severity::kError ? "error" : "warning";
  std::string out;
  if (d.at.line == 0) {
    out = fmt::format("{}: {}: {} [{}]\n", file, severity, d.message, d.code);
  } else {
    const VisibleLine line(line_of(text, d.at.line));
    const std::size_t begin = line.index_of(d.at.column - 1);
    const std::size_t end = std::max(line.index_of(d.at.column - 1 + d.at.length), begin + 1);
    // Of a long line, what is around the mistake.
    const std::size_t left = begin < kWidth * 3 / 4 ? 0 : begin - kWidth / 2;
    const std::size_t right = std::min(line.characters.size(), left + kWidth);
    std::string shown = left == 0 ? "" : "...";
    const std::size_t indent = shown.size() + (begin - left);
    for (std::size_t i = left; i < right; ++i) shown += line.characters[i];
    if (right < line.characters.size()) shown += "...";
    const std::size_t marks = std::min(end, std::max(right, begin + 1)) - begin;
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
  std::size_t best_distance = word.size() <= 4 ? 2 : word.size() / 3 + 1;  // farther is no misspelling
  for (const std::string& candidate : candidates) {
    if (candidate == word) continue;
    const std::size_t distance = edit_distance(word, candidate);
    if (distance < best_distance && distance < std::max(word.size(), candidate.size())) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

}  // namespace genome
