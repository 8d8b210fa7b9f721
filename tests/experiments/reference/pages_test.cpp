// The generated pages of docs/ are what the tables give.
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <string>
#include <vector>

#include "tests/support/command_line.hpp"
#include "tests/support/places.hpp"

namespace {

class Pages : public tests::CommandLine {
 protected:
  void expect_made_by(const std::string& page, const std::vector<std::string>& arguments) const {
    const std::filesystem::path path = std::filesystem::path(tests::kSourceDir) / "docs" / page;
    std::ifstream file(path, std::ios::binary);
    const std::string held{std::istreambuf_iterator<char>(file), {}};
    const tests::Ran ran = evotts(arguments);
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    EXPECT_GT(ran.out.size(), 5000U);
    // Compared line by line: a difference of whole pages is not to be read.
    std::size_t line = 1;
    for (std::size_t at = 0; at < std::min(held.size(), ran.out.size()) && held[at] == ran.out[at]; ++at)
      line += held[at] == '\n' ? 1 : 0;
    EXPECT_TRUE(held == ran.out) << "docs/" << page << " differs from the tables from line " << line
                                 << " on; make it again: evotts "
                                 << fmt::format("{}", fmt::join(arguments, " ")) << " > docs/" << page;
  }
};

TEST_F(Pages, LanguageIsMadeFromTheTablesOfTheLanguage) {
  expect_made_by("language.md", {"language", "--format", "markdown"});
}

TEST_F(Pages, CommandLineIsMadeFromTheCommands) {
  expect_made_by("cli.md", {"help", "--format", "markdown"});
}

TEST_F(Pages, ExperimentFileIsMadeFromTheTableOfKeys) {
  expect_made_by("experiment-file.md", {"keys", "--format", "markdown"});
}

}  // namespace
