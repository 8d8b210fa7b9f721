// The README is a page that leads everywhere, and its figures are those of the results.
#include <algorithm>
#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <vector>

#include "tests/docs/page.hpp"
#include "tests/docs/prose.hpp"

namespace docs {
namespace {

constexpr std::size_t kMostLines = 150;

TEST(Readme, IsAPage) { EXPECT_LE(lines_of(read_text(root() / "README.md")).size(), kMostLines); }

TEST(Readme, LinksEveryPage) {
  std::vector<std::string> linked = {"README.md"};
  const Page readme = read_page("README.md");
  for (const Link& link : links_in(readme.prose)) linked.push_back(file_of(readme, link));
  for (const Page& page : pages()) EXPECT_TRUE(std::ranges::count(linked, page.path) > 0) << page.path;
}

// The cells of a row behind its first one.
std::string figures_of(std::string_view row) { return std::string(row.substr(row.find('|', 1))); }

TEST(Readme, ShowsTheFiguresOfTheResults) {
  std::vector<std::string> known;
  for (const std::string& row : read_page("docs/results.md").rows) known.push_back(figures_of(row));
  std::size_t seen = 0;
  for (const std::string& row : read_page("README.md").rows) {
    const std::string figures = figures_of(row);
    if (figures.find_first_not_of("| .-0123456789\xE2\x80\x93") != figures.npos) continue;
    if (figures.find('.') == figures.npos) continue;
    ++seen;
    EXPECT_EQ(std::ranges::count(known, figures) > 0, true) << row;
  }
  EXPECT_EQ(seen, 6U);
}

}  // namespace
}  // namespace docs
