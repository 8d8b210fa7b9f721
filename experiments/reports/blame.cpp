#include "experiments/reports/blame.hpp"

#include <algorithm>
#include <map>
#include <sstream>

namespace experiments {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// For each line of b, the line of a that it is in a longest common subsequence, or -1.
std::vector<int> matches(const std::vector<BlamedLine>& a, const std::vector<BlamedLine>& b) {
  const std::size_t n = a.size(), m = b.size();
  std::vector<std::vector<int>> longest(n + 1, std::vector<int>(m + 1, 0));
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t j = m; j-- > 0;) {
      longest[i][j] =
          a[i].text == b[j].text ? longest[i + 1][j + 1] + 1 : std::max(longest[i + 1][j], longest[i][j + 1]);
    }
  }
  std::vector<int> of(m, -1);
  for (std::size_t i = 0, j = 0; i < n && j < m;) {
    if (a[i].text == b[j].text)
      of[j++] = static_cast<int>(i++);
    else if (longest[i + 1][j] >= longest[i][j + 1])
      ++i;
    else
      ++j;
  }
  return of;
}

}  // namespace

std::vector<BlamedLine> blame(const evo::Lineage& lineage, const evo::Born& of) {
  // Ancestors come in the order of birth, so parents are done before their children.
  std::map<std::string, std::vector<BlamedLine>> done;
  for (const evo::Born* born : lineage.ancestry(of)) {
    const auto text = lineage.text_of(*born);
    if (!text) continue;
    std::vector<BlamedLine>& lines = done[born->id];
    for (std::string& line : lines_of(*text)) lines.push_back({std::move(line), nullptr});
    for (const std::string& parent : born->birth.parents) {
      const auto before = done.find(parent);
      if (before == done.end() || parent == born->id) continue;
      const std::vector<int> from = matches(before->second, lines);
      for (std::size_t i = 0; i < lines.size(); ++i) {
        if (lines[i].by == nullptr && from[i] >= 0)
          lines[i].by = before->second[static_cast<std::size_t>(from[i])].by;
      }
    }
    for (BlamedLine& line : lines) {
      if (line.by == nullptr) line.by = born;
    }
  }
  return done[of.id];
}

}  // namespace experiments
