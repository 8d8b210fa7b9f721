#include "llm_mutators/text/reply_pieces.hpp"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>
#include <span>
#include <utility>

#include "genome/base/text.hpp"

namespace llm_mutators {
namespace {

constexpr std::string_view kMark = "hypothesis";
constexpr std::size_t kMostFaults = 40;  // told one by one

// What stands after the mark, or nothing; "**Hypothesis:** x" and "- HYPOTHESIS : x" are meant as well.
std::optional<std::string_view> after_mark(std::string_view line) {
  const std::size_t start = line.find_first_not_of(" \t*_#>-`");
  if (start == std::string_view::npos || line.size() - start < kMark.size()) return std::nullopt;
  line.remove_prefix(start);
  const bool marked = std::equal(kMark.begin(), kMark.end(), line.begin(), [](char mark, char c) {
    return mark == static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  });
  if (!marked) return std::nullopt;
  line.remove_prefix(kMark.size());
  const std::size_t colon = line.find_first_not_of(" \t*_`");
  if (colon == std::string_view::npos || line[colon] != ':') return std::nullopt;
  line.remove_prefix(colon + 1);
  const std::size_t first = line.find_first_not_of(" \t*_");
  return first == std::string_view::npos ? std::string_view{} : genome::base::trimmed(line.substr(first));
}

}  // namespace

std::vector<std::string_view> lines_of(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // a byte order mark
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(line);
  }
  return lines;
}

std::string hypothesis_in_lines(std::span<const std::string_view> lines) {
  for (const std::string_view line : lines) {
    if (const auto said = after_mark(line)) {
      std::string shown = genome::base::block(genome::base::beginning(*said, 4 * kLongestHypothesis));
      return std::string(genome::base::trimmed(genome::base::beginning(shown, kLongestHypothesis)));
    }
  }
  return {};
}

std::string faults_of(genome::Diagnostics all, std::string_view text) {
  std::erase_if(all, [](const genome::Diagnostic& d) { return d.severity != genome::Severity::kError; });
  const std::size_t shown = std::min(all.size(), kMostFaults);
  std::string out = genome::render_all(std::span(all).first(shown), "controller", text);
  if (all.size() > shown) out += fmt::format("and {} errors more\n", all.size() - shown);
  return out;
}

std::optional<genome::CheckedController> as_evolved(const genome::CheckedController& controller) {
  genome::Controller tree = controller.tree();
  tree.name = "evolved";
  return genome::check(tree).controller;
}

}  // namespace llm_mutators
