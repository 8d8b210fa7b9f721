#include "replay/sources/source.hpp"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "replay/environment/input_error.hpp"

namespace replay {
namespace {

namespace fs = std::filesystem;

// A folder of its own for each test, removed afterwards.
class EnvironmentSource : public testing::Test {
 protected:
  void SetUp() override {
    const auto* const test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::path(testing::TempDir()) / "environment_source_test" / test->name();
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string write(const fs::path& relative) {
    const fs::path path = folder_ / relative;
    fs::create_directories(path.parent_path());
    std::ofstream(path)
        << R"([{"question":"q","gold_answer":"1","probe_freq":1,"each_branch":[[[],1,"1"]]}])";
    return path.string();
  }

  fs::path folder_;
};

std::vector<std::string> names(const std::vector<std::string>& specs) {
  std::vector<std::string> all;
  for (const Environment& env : open_environments(specs)) all.push_back(env.name);
  return all;
}

std::string failure(const std::vector<std::string>& specs) {
  try {
    open_environments(specs);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

using Names = std::vector<std::string>;

TEST_F(EnvironmentSource, OpensFilesFoldersAndSyntheticOnesInOrder) {
  write("in/b/2.json");
  write("in/b/10.json");
  write("in/a/z.json");
  write("in/a/notes.txt");
  write("in/.hidden/x.json");
  const std::string file = write("other/y.json");
  EXPECT_EQ(names({file, (folder_ / "in").string(), "synthetic:questions=1,branches=2,seed=7"}),
            (Names{"other/y", "a/z", "b/10", "b/2", "synthetic-7"}));
  EXPECT_EQ(names({"synthetic:"}), (Names{"synthetic-1"}));
}

TEST_F(EnvironmentSource, RunsInAFolderAreNoDataAndClonesOfRecordingsAre) {
  write("mine/search.json");
  write("mine/run/generation.json");
  write("mine/run/lineage/0000/000000.jsonl");
  write("mine/run/.git/HEAD");
  write("mine/clone/set.json");
  write("mine/clone/.git/HEAD");
  EXPECT_EQ(names({(folder_ / "mine").string()}), (Names{"clone/set", "mine/search"}));
}

TEST_F(EnvironmentSource, TakesLongerNamesUntilTheyDiffer) {
  const std::string first = write("run1/model/set.json");
  const std::string second = write("run2/model/set.json");
  const std::string third = write("run2/model/other.json");
  EXPECT_EQ(names({first, second, third}), (Names{"run1/model/set", "run2/model/set", "model/other"}));
  EXPECT_EQ(names({"synthetic:questions=1", "synthetic:questions=2", "synthetic:seed=2,questions=1"}),
            (Names{"synthetic-seed=1,questions=1", "synthetic-seed=1,questions=2", "synthetic-2"}));
}

TEST_F(EnvironmentSource, NamesDifferEvenWhenOnlyTheExtensionDoes) {
  const std::string first = write("m/set.json");
  const std::string second = write("m/set.txt");
  const Names both = names({first, second});
  EXPECT_NE(both[0], both[1]);
}

TEST_F(EnvironmentSource, RefusesTheSameOneTwice) {
  const std::string file = write("m/set.json");
  EXPECT_EQ(failure({file, file}), file + ": is given twice");
  EXPECT_EQ(failure({(folder_ / "m").string(), file}), file + ": is given twice");
  EXPECT_NE(failure({file, (folder_ / "m/../m/set.json").string()}), "");
  EXPECT_EQ(failure({"synthetic:", "synthetic:seed=1"}), "synthetic:seed=1: is given twice");
}

TEST_F(EnvironmentSource, RefusesWhatItCannotOpen) {
  EXPECT_EQ(failure({}), "no environment is given");
  EXPECT_NE(failure({""}), "");
  EXPECT_EQ(failure({folder_.string()}), folder_.string() + ": no *.json file in this folder or below it");
  EXPECT_NE(failure({(folder_ / "missing.json").string()}).find("missing.json: cannot be opened"),
            std::string::npos);
  EXPECT_NE(failure({"synthetic:colour=3"}).find("there is no key \"colour\""), std::string::npos);
}

}  // namespace
}  // namespace replay
