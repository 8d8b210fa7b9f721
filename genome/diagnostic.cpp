#include "genome/diagnostic.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace genome {
namespace {

// The line as it can be shown on a terminal: tabs as spaces, other control bytes as '?', cut when long.
std::string visible(std::string_view line) {
  std::string shown;
  for (const char c : line.substr(0, 160)) {
    const auto byte = static_cast<unsigned char>(c);
    shown += c == '\t' ? ' ' : (byte < 0x20 || byte == 0x7f) ? '?' : c;
  }
  if (line.size() > 160) shown += "...";
  return shown;
}

std::string_view line_of(std::string_view text, std::uint32_t line) {
  for (std::uint32_t i = 1; i < line; ++i) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  text = text.substr(0, text.find('\n'));
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

}  // namespace

bool has_errors(std::span<const Diagnostic> diagnostics) {
  return std::any_of(diagnostics.begin(), diagnostics.end(),
                     [](const Diagnostic& d) { return d.severity == Severity::kError; });
}

std::string render(const Diagnostic& d, std::string_view file, std::string_view text) {
  const char* severity = d.severity == Severity::kError ? "error" : "warning";
  std::string out;
  if (d.at.line == 0) {
    out = fmt::format("{}: {}: {} [{}]\n", file, severity, d.message, d.code);
  } else {
    const std::string line = visible(line_of(text, d.at.line));
    out = fmt::format("{}:{}:{}: {}: {} [{}]\n", file, d.at.line, d.at.column, severity, d.message, d.code);
    out += fmt::format("  {}\n", line);
    const std::size_t start = std::min<std::size_t>(d.at.column - 1, line.size());
    const std::size_t room = std::max<std::size_t>(line.size() - start, 1);
    const std::size_t length = std::clamp<std::size_t>(d.at.length, 1, room);
    out += fmt::format("  {}^{}\n", std::string(start, ' '), std::string(length - 1, '~'));
  }
  if (!d.hint.empty()) out += fmt::format("  hint: {}\n", d.hint);
  return out;
}

std::string render_all(std::span<const Diagnostic> diagnostics, std::string_view file, std::string_view text) {
  std::string out;
  for (const Diagnostic& d : diagnostics) out += render(d, file, text);
  return out;
}

std::string nearest(std::string_view word, std::span<const std::string> candidates) {
  std::string best;
  std::size_t best_distance = word.size() <= 4 ? 2 : word.size() / 3 + 1;  // farther is no misspelling
  for (const std::string& candidate : candidates) {
    const std::size_t distance = edit_distance(word, candidate);
    if (distance < best_distance && distance < std::max(word.size(), candidate.size())) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

}  // namespace genome
