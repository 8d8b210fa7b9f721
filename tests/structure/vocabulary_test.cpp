// Words of a format stand in one place: whoever writes or reads a run takes them from there.
#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <vector>

#include "evo/base/layout.hpp"
#include "evo/record/trailers.hpp"
#include "tests/support/places.hpp"

namespace {

namespace fs = std::filesystem;

struct Line {
  std::string place;  // "evo/record/fork.cpp:12"
  std::string text;
};

// The lines of the program, without its comments and without the file that is the one place.
std::vector<Line> lines_outside(std::string_view home) {
  std::vector<Line> lines;
  const fs::path root(tests::kSourceDir);
  for (const char* folder :
       {"genome", "net", "replay", "live", "evo", "cluster", "llm_mutators", "experiments", "api"}) {
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      const auto kind = entry.path().extension();
      const std::string path = fs::relative(entry.path(), root).generic_string();
      if ((kind != ".hpp" && kind != ".cpp") || path == home) continue;
      std::ifstream file(entry.path());
      int number = 0;
      for (std::string line; std::getline(file, line);) {
        ++number;
        if (!line.substr(std::min(line.find_first_not_of(' '), line.size())).starts_with("//"))
          lines.push_back({fmt::format("{}:{}", path, number), line});
      }
    }
  }
  return lines;
}

TEST(Vocabulary, TrailerKeysStandInTheirTableAlone) {
  const auto lines = lines_outside("evo/record/trailers.hpp");
  EXPECT_GT(lines.size(), 10'000U);
  for (const evo::TrailerInfo& each : evo::kTrailers) {
    const std::string spellings[] = {fmt::format("\"{}\"", each.key), fmt::format("\"{}:", each.key),
                                     fmt::format("\\n{}:", each.key)};
    for (const Line& line : lines) {
      for (const std::string& spelling : spellings)
        EXPECT_FALSE(line.text.contains(spelling)) << line.place << ": " << spelling;
    }
  }
}

TEST(Vocabulary, FilesAndBranchesOfARunAreNamedInOnePlace) {
  for (const Line& line : lines_outside("evo/base/layout.hpp")) {
    for (const char* name :
         {evo::kExperimentFile, evo::kHeldOutFile, evo::kPreregistrationFile, evo::kGenerationFile,
          evo::kFrontierFile, evo::kBestFile, evo::kCheckpointFile, evo::kRunLogFile, evo::kExchangesLogFile,
          evo::kUnsealedBranch, evo::kInheritedBranch, evo::kMainReference}) {
      EXPECT_FALSE(line.text.contains(fmt::format("\"{}\"", name))) << line.place << ": " << name;
    }
  }
}

TEST(Vocabulary, TrailerKeysAreDistinct) {
  for (const evo::TrailerInfo& a : evo::kTrailers) {
    for (const evo::TrailerInfo& b : evo::kTrailers) {
      EXPECT_EQ(a.trailer == b.trailer, a.key == b.key) << a.key;
    }
  }
}

}  // namespace
