// A search that begins with controllers of its user.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "tests/experiments/session/model_run.hpp"
#include "tests/support/small_run.hpp"

namespace experiments {
namespace {

using testing::HasSubstr;
using testing::Not;
using tests::Ran;

class GivenFoundersTest : public tests::SmallRun {
 protected:
  void SetUp() override {
    SmallRun::SetUp();
    write("mine.ctl", tests::improved(1));
  }
  Ran started(const std::string& out, const std::string& founders, std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments = {
        "run", "small.toml", "--out", out, "--generations", "1", "--set", "population.founders=" + founders};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return evotts(arguments);
  }
  std::string births(const std::string& run) const {
    return git(run, {"show", "HEAD:lineage/0000/000000.jsonl"});
  }
};

TEST_F(GivenFoundersTest, FilesAndControllersOfRunsAreFoundersAsTexts) {
  run("first");
  ASSERT_EQ(started("a", "[\"mine.ctl\", \"first:champion\"]").exit_code, 0);
  EXPECT_THAT(births("a"), HasSubstr("\"given\""));
  EXPECT_THAT(births("a"), Not(HasSubstr("library:")));
  EXPECT_THAT(births("a"), Not(HasSubstr("\"random\"")));
  const std::string toml = git("a", {"show", "HEAD:experiment.toml"});
  EXPECT_THAT(toml, HasSubstr("founders = [\"controller improved\\u000A"));
  EXPECT_THAT(toml, Not(HasSubstr("mine.ctl")));
  std::filesystem::remove_all(folder_ / "first");
  write("mine.ctl", "no more");
  EXPECT_EQ(evotts({"resume", "a", "--generations", "2"}).exit_code, 0);
  EXPECT_EQ(evotts({"verify", "a"}).exit_code, 0);
}

TEST_F(GivenFoundersTest, TheyComeBesideTheLibraryAndRandomOnes) {
  ASSERT_EQ(started("a", "[\"library\", \"mine.ctl\"]", {"population.size=60"}).exit_code, 0);
  EXPECT_THAT(births("a"), testing::AllOf(HasSubstr("\"given\""), HasSubstr("library:cmc")));
  ASSERT_EQ(started("b", "[\"random\", \"mine.ctl\"]").exit_code, 0);
  EXPECT_THAT(births("b"), testing::AllOf(HasSubstr("\"given\""), HasSubstr("\"random\"")));
  // The words mean what they meant.
  ASSERT_EQ(started("c", "library").exit_code, 0);
  ASSERT_EQ(started("d", "[\"library\"]").exit_code, 0);
  EXPECT_EQ(trees("c"), trees("d"));
}

// What was found on all questions must not be judged as if it had been found on half of them.
TEST_F(GivenFoundersTest, TheHalvesOfTheExpectedGainDoWithoutThem) {
  write("small.toml", tests::SmallExperiment{.search = "synthetic:seed=5,questions=12,branches=24"}.toml());
  ASSERT_EQ(started("a", "[\"library\", \"mine.ctl\"]", {"population.size=60"}).exit_code, 0);
  const std::string halves = git("a", {"ls-tree", "-r", "--name-only", "HEAD", "halves"});
  const auto id = evotts({"check", "mine.ctl", "--format", "json"}).out;
  const std::size_t at = id.find("\"id\":\"");
  ASSERT_NE(at, id.npos);
  EXPECT_THAT(halves, Not(HasSubstr(id.substr(at + 6, 40))));
  EXPECT_THAT(halves, HasSubstr(".ctl"));
}

TEST_F(GivenFoundersTest, MistakesAreNamed) {
  write("bad.ctl", "controller x\nstart\n  opne 4\n");
  rejects({"run", "small.toml", "--out", "a", "--set", "population.founders=[\"no_such\"]"}, {"no_such"});
  rejects({"run", "small.toml", "--out", "a", "--set", "population.founders=[]"}, {"population.founders"});
  rejects({"run", "small.toml", "--out", "a", "--set", "population.founders=[\"\"]"},
          {"population.founders"});
  EXPECT_THAT(started("a", "[\"bad.ctl\"]").err, HasSubstr("opne"));
  EXPECT_THAT(started("a", "[\"cmc\", \"sc\", \"asc\"]", {"population.size=2"}).err,
              HasSubstr("gives 3 controllers, and the population has 2 places"));
  const std::string many =
      started("a", "[\"cmc\", \"sc\", \"asc\"]", {"population.size=8", "population.islands=4"}).err;
  EXPECT_THAT(many,
              HasSubstr("gives 3 controllers, and an island has 2 places; each island begins with all"));
}

TEST_F(GivenFoundersTest, EachIslandBeginsWithThem) {
  ASSERT_EQ(
      started("a", "[\"library\", \"mine.ctl\"]", {"population.size=40", "population.islands=2"}).exit_code,
      0);
  const std::string born = births("a");
  std::set<std::string> islands;
  for (std::size_t at = 0; (at = born.find("\"given\"", at)) != born.npos; ++at) {
    const std::size_t begin = born.rfind('\n', at) + 1;
    const auto birth = nlohmann::json::parse(born.substr(begin, born.find('\n', at) - begin));
    islands.insert(birth["island"].dump());
  }
  EXPECT_THAT(islands, testing::ElementsAre("1", "2"));
}

}  // namespace
}  // namespace experiments
