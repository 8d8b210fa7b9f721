#include "genome/text/text_diff.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <vector>

namespace genome {
namespace {

// Each line with its newline, which the last may lack.
std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    lines.push_back(text.substr(0, end == std::string_view::npos ? end : end + 1));
    text.remove_prefix(lines.back().size());
  }
  return lines;
}

struct Edit {
  char sign;  // ' ', '-' or '+'
  std::string_view line;
};

std::vector<Edit> edits(const std::vector<std::string_view>& a, const std::vector<std::string_view>& b) {
  // common[i][j]: length of the longest common subsequence of a[i..] and b[j..]
  std::vector<std::vector<std::size_t>> common(a.size() + 1, std::vector<std::size_t>(b.size() + 1, 0));
  for (std::size_t i = a.size(); i-- > 0;) {
    for (std::size_t j = b.size(); j-- > 0;) {
      common[i][j] = a[i] == b[j] ? common[i + 1][j + 1] + 1 : std::max(common[i + 1][j], common[i][j + 1]);
    }
  }
  std::vector<Edit> script;
  std::size_t i = 0, j = 0;
  while (i < a.size() || j < b.size()) {
    if (i < a.size() && j < b.size() && a[i] == b[j]) {
      script.push_back({' ', a[i++]});
      ++j;
    } else if (i < a.size() && (j == b.size() || common[i + 1][j] >= common[i][j + 1])) {
      script.push_back({'-', a[i++]});
    } else {
      script.push_back({'+', b[j++]});
    }
  }
  return script;
}

}  // namespace

std::string text_diff(std::string_view a, std::string_view b, const DiffOptions& options) {
  if (a == b) return {};
  const std::vector<Edit> script = edits(lines_of(a), lines_of(b));
  std::vector<char> shown(script.size(), 0);
  for (std::size_t i = 0; i < script.size(); ++i) {
    if (script[i].sign == ' ') continue;
    const std::size_t first = i >= options.context ? i - options.context : 0;
    for (std::size_t k = first; k < std::min(script.size(), i + options.context + 1); ++k) shown[k] = 1;
  }
  std::string out = fmt::format("--- {}\n+++ {}\n", options.from, options.to);
  std::size_t line_a = 1, line_b = 1;
  for (std::size_t i = 0; i < script.size();) {
    if (!shown[i]) {
      ++i, ++line_a, ++line_b;  // only unchanged lines are ever hidden
      continue;
    }
    std::string body;
    std::size_t count_a = 0, count_b = 0;
    for (; i < script.size() && shown[i]; ++i) {
      body += fmt::format("{}{}", script[i].sign, script[i].line);
      if (!script[i].line.ends_with('\n')) body += "\n\\ No newline at end of file\n";
      count_a += script[i].sign != '+';
      count_b += script[i].sign != '-';
    }
    out += fmt::format("@@ -{},{} +{},{} @@\n{}", count_a == 0 ? line_a - 1 : line_a, count_a,
                       count_b == 0 ? line_b - 1 : line_b, count_b, body);
    line_a += count_a;
    line_b += count_b;
  }
  return out;
}

}  // namespace genome
