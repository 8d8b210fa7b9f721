// docs/run-repository.md says of the format of runs what the tables of the program say.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <set>
#include <string>

#include "evo/base/layout.hpp"
#include "evo/record/checkpoint.hpp"
#include "evo/record/trailers.hpp"
#include "tests/docs/page.hpp"

namespace docs {
namespace {

// The code in the first cells of the rows of its tables.
std::multiset<std::string> listed() {
  std::multiset<std::string> names;
  for (const std::string& row : read_page("docs/run-repository.md").rows) {
    for (const std::string& span : code_in(row.substr(0, row.find('|', 1)))) names.insert(span);
  }
  return names;
}

TEST(RunRepositoryPage, ListsEveryTrailerOnce) {
  const auto names = listed();
  std::set<std::string> keys;
  for (const evo::TrailerInfo& each : evo::kTrailers) {
    EXPECT_EQ(names.count(std::string(each.key)), 1U) << each.key;
    keys.insert(std::string(each.key));
  }
  for (const std::string& name : names) {
    const bool looks_like_one = name[0] >= 'A' && name[0] <= 'Z';
    if (looks_like_one) {
      EXPECT_TRUE(keys.contains(name)) << name << " is no trailer";
    }
  }
}

TEST(RunRepositoryPage, ListsEveryFileFolderAndBranch) {
  const auto names = listed();
  for (const std::string name :
       {evo::kExperimentFile, evo::kHeldOutFile, evo::kPreregistrationFile, evo::kGenerationFile,
        evo::kFrontierFile, evo::kBestFile, evo::kCheckpointFile, evo::kRunLogFile, evo::kExchangesLogFile,
        evo::kMainBranch, evo::kUnsealedBranch, evo::kInheritedBranch}) {
    EXPECT_EQ(names.count(name), 1U) << name;
  }
  for (const std::string& path :
       {evo::population_path("ID"), evo::archive_path("ID"), evo::lineage_path(12345),
        evo::journal_path("ab12"), evo::unsealing_path(1)}) {
    EXPECT_EQ(names.count(path), 1U) << path;
  }
}

TEST(RunRepositoryPage, TellsTheVersionsOfCheckpoints) {
  const auto names = listed();
  for (std::uint32_t version = 1; version <= evo::kCheckpointVersion; ++version)
    EXPECT_EQ(names.count(fmt::format("{}", version)), 1U) << version;
  EXPECT_EQ(names.count(fmt::format("{}", evo::kCheckpointVersion + 1)), 0U);
}

}  // namespace
}  // namespace docs
