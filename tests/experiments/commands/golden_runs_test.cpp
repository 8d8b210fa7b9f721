// Runs that an earlier program made, cloned as a user would: they are read, verified, resumed, forked and
// replayed to what that program makes of them. See tests/golden/runs/README.md.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/golden.hpp"
#include "tests/support/small_run.hpp"

namespace experiments {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using tests::Ran;

// Each run ends at this generation; what it was resumed to is two later.
constexpr int kEnd = 4;

// What the results of a run are. experiment.toml and checkpoint.bin may gain keys and fields.
const std::vector<std::string> kResults = {"archive", "best.ctl", "lineage", "population"};

class GoldenRunsTest : public tests::Runs, public testing::WithParamInterface<const char*> {
 protected:
  void SetUp() override {
    Runs::SetUp();
    for (const char* file :
         {"model.sh", "scripted.toml"})  // a relative command is looked for where one starts
      fs::copy_file(tests::golden_path("runs") / file, folder_ / file);
    clone(name_);
  }

  void clone(const std::string& name) const {
    const fs::path bundle = tests::golden_path("runs") / (name + ".bundle");
    const Ran ran = tests::run_process(
        {"/usr/bin/env", "git", "clone", "--quiet", bundle.string(), (folder_ / name).string()});
    ASSERT_EQ(ran.exit_code, 0) << ran.err;
  }

  std::map<std::string, std::string> results(const std::string& run, const std::string& at = "HEAD") const {
    std::map<std::string, std::string> ids;
    for (const std::string& path : kResults) ids[path] = git(run, {"rev-parse", at + ":" + path});
    return ids;
  }

  // What the first program with exact means came to.
  static std::map<std::string, std::string> expected(const std::string& run) {
    std::map<std::string, std::string> ids;
    std::ifstream file(tests::golden_path("runs") / "expected.txt");
    for (std::string line; std::getline(file, line);) {
      std::istringstream words(line);
      std::string name, path, id;
      words >> name >> path >> id;
      if (name == run) ids[path] = id + "\n";
    }
    EXPECT_EQ(ids.size(), kResults.size()) << run;
    return ids;
  }

  void resume(const std::string& run, int generation) const {
    good({"resume", run, "--generations", std::to_string(generation)});
  }

  const std::string name_ = GetParam();
};

TEST_P(GoldenRunsTest, AreReadByEveryCommandThatLooks) {
  EXPECT_THAT(good({"status", name_}).out, HasSubstr(fmt::format("generation    {} of ", kEnd)));
  const Ran log = good({"log", name_, "--format", "csv"});
  EXPECT_EQ(std::count(log.out.begin(), log.out.end(), '\n'), kEnd + 2);  // heading and generations 0 to 4
  EXPECT_EQ(log.out.find(",,", log.out.find("\n1,")), log.out.npos) << "a trailer is not read any more";
  const auto line = nlohmann::json::parse(good({"lineage", name_, "--format", "json"}).out);
  EXPECT_FALSE(line.empty());
  EXPECT_NE(good({"blame", name_}).out, "");
  good({"export", name_, "-o", "best.ctl"});
  EXPECT_EQ(read("best.ctl"), read(name_ + "/best.ctl"));
  EXPECT_EQ(git(name_, {"status", "--porcelain"}), "");
}

TEST_P(GoldenRunsTest, AreVerifiedWholeWithScoresMadeAgain) {
  const fs::path population = folder_ / name_ / "population";
  const auto living = std::count_if(fs::recursive_directory_iterator(population), {},
                                    [](const auto& entry) { return entry.is_regular_file(); });
  EXPECT_THAT(good({"verify", name_, "--sample", "100"}).out,
              HasSubstr(fmt::format("{0} of {0} made again, the same to the last digit", living)));
}

TEST_P(GoldenRunsTest, ResumeToWhatTheirProgramCameTo) {
  resume(name_, kEnd + 2);
  EXPECT_EQ(results(name_), expected(name_));
  EXPECT_THAT(read(name_ + "/experiment.toml"), testing::Not(HasSubstr("edition")));
  good({"verify", name_});
}

TEST_P(GoldenRunsTest, ForkToTheSameAndToWhatTheirProgramMadeOfAChange) {
  const std::string same = name_ + "-same", fork = name_ + "-fork", from = name_ + "@2";
  good({"fork", from, same});
  resume(same, kEnd + 2);
  // Of a run with rounded means, what comes after the fork is made again with exact ones.
  EXPECT_EQ(results(same), expected(same));
  good({"fork", from, fork, "--set", "seed=9"});
  resume(fork, kEnd + 2);
  EXPECT_EQ(results(fork), expected(fork));
  good({"verify", fork});
}

INSTANTIATE_TEST_SUITE_P(Of, GoldenRunsTest,
                         testing::Values("demo", "scripted", "exact", "islands", "halves"),
                         [](const auto& instance) { return std::string(instance.param); });

// The journal answers for the model: the program that is named does not exist.
using GoldenJournalTest = GoldenRunsTest;

TEST_P(GoldenJournalTest, IsReplayedToTheSameRunWithoutTheModel) {
  fs::remove(folder_ / "model.sh");
  good({"run", "scripted.toml", "--out", "again", "--generations", std::to_string(kEnd), "--replay-journal",
        name_});
  for (int generation = 0; generation <= kEnd; ++generation) {
    const std::string back = fmt::format("HEAD~{}", generation);
    EXPECT_EQ(results("again", back), results(name_, back)) << back;
  }
}

TEST_P(GoldenJournalTest, AnotherExperimentIsNoReplay) {
  for (const char* change : {"model.repairs=7", "evaluation.cache=false", "name=other"}) {
    const Ran ran = evotts({"run", "scripted.toml", "--out", change, "--generations", "1", "--replay-journal",
                            name_, "--set", change});
    EXPECT_EQ(ran.exit_code, 1) << change << ran.out;
    EXPECT_THAT(ran.err, testing::HasSubstr(
                             "is not what it was in the run that is replayed: it is another experiment"))
        << change;
  }
}

INSTANTIATE_TEST_SUITE_P(Of, GoldenJournalTest, testing::Values("scripted"),
                         [](const auto& instance) { return std::string(instance.param); });

}  // namespace
}  // namespace experiments
