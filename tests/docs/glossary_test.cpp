// The glossary is sorted, and each of its words is one that readers meet.
#include <algorithm>
#include <cctype>
#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <vector>

#include "tests/docs/page.hpp"
#include "tests/structure/sources.hpp"

namespace docs {
namespace {

// In small letters; `baseline_regret` and "lower-bound" are words with spaces between.
std::string lower(std::string_view text) {
  std::string small;
  for (const char c : text)
    small += c == '_' || c == '-' ? ' ' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return small;
}

// The first cells of its rows: "beta, knob" of | beta, knob | meaning | literature |.
std::vector<std::string> terms() {
  std::vector<std::string> found;
  for (const std::string& row : read_page("docs/glossary.md").rows) {
    const std::string cell = trimmed(row.substr(1, row.find('|', 1) - 1));
    if (!cell.starts_with("---") && cell != "word") found.push_back(cell);
  }
  return found;
}

std::vector<std::string> words_of(const std::string& cell) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at < cell.size();) {
    const std::size_t end = std::min(cell.find(", ", at), cell.size());
    words.push_back(lower(cell.substr(at, end - at)));
    at = end + 2;
  }
  return words;
}

// The other pages, the first lines of headers, and the help of the commands.
std::string what_readers_meet() {
  std::string text;
  for (const Page& page : pages()) {
    if (page.path != "docs/glossary.md") text += page.prose;
  }
  for (const structure::Source& source : structure::sources()) {
    if (source.is_test()) continue;
    if (source.is_header()) text += source.lines.front() + "\n";
    if (source.folder() == "experiments/commands" || source.folder() == "experiments/config")
      text += source.text;
  }
  return lower(text);
}

// As a word of its own, or in the plural.
bool uses(const std::string& text, const std::string& word) {
  const auto letter = [&](std::size_t i) {
    return i < text.size() && std::isalnum(static_cast<unsigned char>(text[i])) != 0;
  };
  for (auto at = text.find(word); at != text.npos; at = text.find(word, at + 1)) {
    std::size_t end = at + word.size();
    if (end < text.size() && text[end] == 's') ++end;
    if ((at == 0 || !letter(at - 1)) && !letter(end)) return true;
  }
  return false;
}

TEST(Glossary, IsSorted) {
  std::vector<std::string> all;
  for (const std::string& term : terms()) all.push_back(lower(term));
  EXPECT_GT(all.size(), 30U);
  EXPECT_TRUE(std::ranges::is_sorted(all)) << *std::ranges::is_sorted_until(all);
  EXPECT_EQ(std::ranges::adjacent_find(all), all.end());
}

TEST(Glossary, EachOfItsWordsIsUsed) {
  const std::string met = what_readers_meet();
  for (const std::string& term : terms()) {
    for (const std::string& word : words_of(term)) EXPECT_TRUE(uses(met, word)) << word;
  }
}

TEST(Glossary, AWordIsUsedWhenItStandsByItself) {
  EXPECT_TRUE(uses("two probes, one", "probe"));
  EXPECT_TRUE(uses("niche", "niche"));
  EXPECT_FALSE(uses("a wrong branch", "ranch"));
  EXPECT_FALSE(uses("probed", "probe"));
  EXPECT_TRUE(uses(lower("`objective.baseline_regret`"), lower("baseline regret")));
}

// Every row says what its word means.
TEST(Glossary, EachOfItsWordsIsExplained) {
  for (const std::string& row : read_page("docs/glossary.md").rows) {
    const auto second = row.find('|', 1);
    ASSERT_NE(second, row.npos) << row;
    EXPECT_GT(trimmed(row.substr(second + 1, row.find('|', second + 1) - second - 1)).size(), 2U) << row;
  }
}

}  // namespace
}  // namespace docs
