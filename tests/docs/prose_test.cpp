// Pages are readable, and what they point at is there.
#include "tests/docs/prose.hpp"

#include <filesystem>
#include <gtest/gtest.h>
#include <regex>
#include <string>
#include <vector>

#include "tests/docs/page.hpp"
#include "tests/structure/folders.hpp"

namespace docs {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostWords = 30;

TEST(Prose, SentencesHaveAtMostThirtyWords) {
  std::size_t seen = 0;
  for (const Page& page : pages()) {
    for (const Paragraph& paragraph : page.paragraphs) {
      for (const std::string& sentence : sentences_of(paragraph.text)) {
        ++seen;
        EXPECT_LE(words_in(sentence), kMostWords) << page.path << ":" << paragraph.line << ": " << sentence;
      }
    }
  }
  EXPECT_GT(seen, 200U);
}

TEST(Prose, SentencesAreToldApart) {
  EXPECT_EQ(sentences_of("One. Two (see e.g. this). `three` counts. What? Yes!").size(), 5U);
  EXPECT_EQ(sentences_of("Version 0.1 of glibc, i.e. that one.").size(), 1U);
  EXPECT_EQ(words_in(sentences_of("Run `a b c` on [two words](x.md) – at once.").front()), 7U);
  EXPECT_EQ(words_in(sentences_of("It writes `a`, `b` and `c`.").front()), 3U);
}

TEST(Prose, LinksLeadToFilesAndHeadings) {
  std::size_t seen = 0;
  for (const Page& page : pages()) {
    for (const Link& link : links_in(page.prose)) {
      const std::string file = file_of(page, link);
      if (file.empty()) continue;
      ++seen;
      ASSERT_TRUE(fs::exists(root() / file)) << page.path << " links to " << link.target;
      const auto hash = link.target.find('#');
      if (hash == link.target.npos) continue;
      std::vector<std::string> anchors;
      for (const std::string& heading : read_page(file).headings) anchors.push_back(anchor_of(heading));
      EXPECT_EQ(std::ranges::count(anchors, link.target.substr(hash + 1)), 1)
          << page.path << " links to " << link.target;
    }
  }
  EXPECT_GT(seen, 20U);
}

// "genome/tree/ops.def", as far as it begins with a folder of the project. What is written in capitals, and
// what stands for several (*, NAME), names no file.
bool names_a_file(const std::string& span) {
  static const std::regex form("([a-z_]+)/[a-z0-9_./-]*");
  std::smatch found;
  if (!std::regex_match(span, found, form)) return false;
  const std::string top = found[1];
  return top == "tests" || top == "docs" || std::ranges::any_of(structure::kFolders, [&](const auto& folder) {
           return folder.path.substr(0, folder.path.find('/')) == top;
         });
}

TEST(Prose, PathsOfTheProjectExist) {
  std::size_t seen = 0;
  for (const Page& page : pages()) {
    if (page.path == "CHANGELOG.md") continue;  // tells of what was
    for (const std::string& span : code_in(page.prose)) {
      if (!names_a_file(span)) continue;
      ++seen;
      EXPECT_TRUE(fs::exists(root() / span)) << page.path << " names " << span;
    }
  }
  EXPECT_GT(seen, 50U);
}

TEST(Prose, PathsAreToldFromOtherWords) {
  EXPECT_TRUE(names_a_file("genome/tree/ops.def"));
  EXPECT_TRUE(names_a_file("evo/git/"));
  EXPECT_FALSE(names_a_file("evo/NAME.hpp"));
  EXPECT_FALSE(names_a_file("runs/first"));
  EXPECT_FALSE(names_a_file("evotts run"));
}

}  // namespace
}  // namespace docs
