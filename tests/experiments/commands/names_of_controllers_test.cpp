// Controllers in runs are named alike wherever one is wanted, and a run is told from a controller in it.
#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/support/small_run.hpp"

namespace {

using testing::HasSubstr;
using tests::Ran;
using Json = nlohmann::json;

class NamesTest : public tests::Runs {
 protected:
  void SetUp() override {
    Runs::SetUp();
    write("small.toml", tests::SmallExperiment{.seed = 7, .generations = 6, .children = 16}.toml());
    ASSERT_EQ(evotts({"run", "small.toml", "--out", "r"}).exit_code, 0);
  }

  std::string best_id() const { return Json::parse(read("r/generation.json"))["best"]["id"]; }

  std::string told(const std::vector<std::string>& arguments) const {
    const Ran ran = evotts(arguments);
    EXPECT_EQ(ran.exit_code, 0) << fmt::format("{}", fmt::join(arguments, " ")) << "\n" << ran.err;
    return ran.out;
  }
};

TEST_F(NamesTest, OneWordOrTwoNameTheSameController) {
  const std::string id = best_id();
  for (const std::string command : {"export", "lineage", "blame"}) {
    const auto with = [&](std::vector<std::string> words) {
      words.insert(words.begin(), command);
      if (command != "export") words.emplace_back("--no-intervals");
      return told(words);
    };
    const std::string best = with({"r"});
    for (const std::string& name : {std::string("best"), id, id.substr(0, 10), id.substr(0, 6)}) {
      EXPECT_EQ(with({"r:" + name}), best) << command << " " << name;
      EXPECT_EQ(with({"r", name}), best) << command << " " << name;
      EXPECT_EQ(with({"r@6:" + name}), best) << command << " " << name;
    }
    EXPECT_EQ(with({"r:best", "best"}), best);
    EXPECT_EQ(with({"r/:best"}), best);
    EXPECT_EQ(with({"r@0:best"}), with({"r@0", "best"}));
    rejects({command, "r:best", id}, {"r:best names one controller", "leave one of them out"});
    rejects({command, "r:worst"}, {"worst"});
    rejects({command, "none:best"}, {"none: there is no such run"});
  }
  EXPECT_EQ(told({"export", "r:best"}), told({"fmt", "r:best"}));
  // A folder whose name has a colon is a run all the same.
  std::filesystem::rename(folder_ / "r", folder_ / "r:best");
  EXPECT_EQ(told({"export", "r:best"}), told({"export", "r:best:best"}));
}

TEST_F(NamesTest, TheLastLineOfARunCanBeCopied) {
  const std::string out = told({"resume", "r", "--generations", "7"});
  EXPECT_THAT(out, HasSubstr("r:best (see also: evotts status r)"));
  EXPECT_EQ(told({"export", "r:best"}), read("r/best.ctl"));
}

TEST_F(NamesTest, ARunInPlaceOfAControllerIsAnsweredWithItsBest) {
  const std::vector<std::string> env{"--env", "synthetic:seed=1,questions=2,branches=4"};
  const std::vector<std::vector<std::string>> commands{
      {"eval", "R"},     {"curve", "R"},         {"curve", "sc", "--against", "R"}, {"trace", "R"},
      {"diagnose", "R"}, {"compare", "sc", "R"}, {"diff", "sc", "R", "--behaviour"}};
  for (std::vector<std::string> command : commands) {
    std::replace(command.begin(), command.end(), std::string("R"), std::string("r"));
    command.insert(command.end(), env.begin(), env.end());
    rejects(command, {"r: is a run, not a controller", "r:best"});
  }
  for (const char* command : {"check", "fmt"}) {
    rejects({command, "r"}, {"r: is a run, not a controller", "r:best"});
    rejects({command, "r/"}, {"r/: is a run", " r:best"});
    rejects({command, "r@3"}, {"r@3: is a run", "r@3:best"});
    rejects({command, "r@30"}, {"r@30"});
  }
  const Ran both = evotts({"diff", "r", "r@2"});
  EXPECT_EQ(both.exit_code, 2);
  EXPECT_THAT(both.err, testing::AllOf(HasSubstr("r:best"), HasSubstr("r@2:best")));
  std::filesystem::create_directories(folder_ / "folder");
  rejects({"check", "folder"}, {"folder: is a folder"});
}

TEST_F(NamesTest, AControllerInPlaceOfARunIsAnsweredWithTheRun) {
  for (const std::vector<std::string>& command : {std::vector<std::string>{"status", "r:best"},
                                                  {"log", "r:best"},
                                                  {"log", "r", "--against", "r:best"},
                                                  {"verify", "r:best"},
                                                  {"resume", "r:best"},
                                                  {"fork", "r:best", "b"}})
    rejects(command, {"r:best: names a controller in a run", "wanted: r\n"});
  rejects({"status", "r@3:best"}, {"wanted: r@3\n"});
}

TEST_F(NamesTest, AGenerationInPlaceOfARunIsAnsweredWithTheRun) {
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"verify", "r@2"},
        {"resume", "r@2"},
        {"run", "small.toml", "--out", "n", "--replay-journal", "r@2"}})
    rejects(command, {"r@2: names a generation of a run, where the run alone is wanted: r;",
                      "evotts fork r@2 NEW starts there"});
  rejects({"verify", "r@two"}, {"behind '@' the number of a generation is expected"});
  rejects({"verify", "none@2"}, {"none@2: there is no such run"});
  EXPECT_EQ(evotts({"fork", "r@2", "b"}).exit_code, 0);
}

TEST_F(NamesTest, AnExportNamesItsTarget) {
  const Ran none = evotts({"export", "r:best", "-o", "nosuch/x.ctl"});
  EXPECT_EQ(none.exit_code, 2);
  EXPECT_EQ(none.err, "evotts: -o nosuch/x.ctl: the folder nosuch does not exist\n");
  write("file", "text");
  const Ran within = evotts({"export", "r:best", "-o", "file/x.ctl"});
  EXPECT_EQ(within.err, "evotts: -o file/x.ctl: file is not a folder\n");
  EXPECT_EQ(evotts({"export", "r:best", "-o", "x.ctl"}).exit_code, 0);
  rejects({"export", "r:best", "-o", "."}, {"-o .: exists already"});
  rejects({"env", "synth", "-o", "nosuch/x.json"}, {"-o nosuch/x.json: the folder nosuch does not exist"});
}

TEST_F(NamesTest, WhoLivedBeforeIsNamedByAGeneration) {
  // Random founders have no long life.
  ASSERT_EQ(evotts({"run", "small.toml", "--out", "d", "--set", "population.founders=random"}).exit_code, 0);
  std::string dead;
  for (const Json& step :
       Json::parse(told({"lineage", "d", "--all", "--format", "json", "--no-intervals"}))) {
    const std::string id = step["id"];
    if (evotts({"export", "d:" + id}).exit_code != 0) dead = id;
  }
  ASSERT_FALSE(dead.empty()) << "all ancestors live";
  const Ran ran = evotts({"export", "d:" + dead});
  const std::string name = ran.err.substr(ran.err.find(" it did as ") + 11);
  EXPECT_THAT(told({"export", name.substr(0, name.find('\n'))}), testing::StartsWith("controller "));
}

TEST_F(NamesTest, UnrelatedRunsPointToOtherComparisons) {
  write("other.toml", tests::SmallExperiment{.seed = 8, .generations = 1}.toml());
  ASSERT_EQ(evotts({"run", "other.toml", "--out", "other run"}).exit_code, 0);
  rejects({"log", "r", "--against", "other run"},
          {"have no common history", "evotts compare r:best 'other run:best' --env ...",
           "evotts curve r:best --against 'other run:best' --env ..."});
}

}  // namespace
