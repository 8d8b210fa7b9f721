// Runs draw on the edition of their beginning, whatever the library and the search have learnt since.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "tests/support/small_run.hpp"

namespace experiments {
namespace {

using testing::HasSubstr;
using testing::Not;
using tests::Ran;

class EditionsTest : public tests::SmallRun {
 protected:
  Ran good(const std::vector<std::string>& arguments) const {
    Ran ran = evotts(arguments);
    EXPECT_EQ(ran.exit_code, 0) << ran.out << ran.err;
    return ran;
  }
  std::string file_of(const std::string& run) const { return git(run, {"show", "HEAD:experiment.toml"}); }
  std::string founders_of(const std::string& run) const {
    return git(run, {"show", "main:lineage/0000/000000.jsonl"});
  }
  // Resumed, verified, forked and replayed, to the same trees.
  void expect_to_go_on(const std::string& edition) const {
    const std::string named = "population.edition=" + edition;
    good({"run", "small.toml", "--out", "whole", "--set", named});
    good({"run", "small.toml", "--out", "parts", "--generations", "1", "--set", named});
    good({"resume", "parts"});
    EXPECT_EQ(trees("parts"), trees("whole"));
    good({"verify", "parts", "--sample", "100"});
    good({"fork", "whole@2", "same"});
    good({"resume", "same"});
    EXPECT_EQ(trees("same"), trees("whole"));
    // A replay takes the edition from what it replays: the file says nothing of it.
    EXPECT_THAT(good({"run", "small.toml", "--out", "again", "--replay-journal", "whole"}).out,
                HasSubstr("replayed; tree " + tree("whole").substr(0, 40)));
  }
};

TEST_F(EditionsTest, NewRunsNameTheLatestAndFoundOnItsLibrary) {
  good({"run", "small.toml", "--out", "new", "--generations", "0"});
  EXPECT_THAT(file_of("new"), HasSubstr("\nedition = 5\n"));
  EXPECT_THAT(founders_of("new"), HasSubstr("library:plurality_waves\""));
}

// As runs of programs before the key: their file does not say, and means the first.
TEST_F(EditionsTest, RunsOfTheFirstGoOnWithIt) {
  expect_to_go_on("1");
  EXPECT_THAT(file_of("parts"), Not(HasSubstr("edition")));
  EXPECT_THAT(founders_of("parts"), HasSubstr("library:two_stage"));
  EXPECT_THAT(founders_of("parts"), Not(HasSubstr("library:plurality")));
}

TEST_F(EditionsTest, RunsOfTheSecondGoOnWithIt) {
  expect_to_go_on("2");
  EXPECT_THAT(file_of("parts"), HasSubstr("\nedition = 2\n"));
  EXPECT_THAT(founders_of("parts"), HasSubstr("library:plurality\""));
  EXPECT_THAT(founders_of("parts"), Not(HasSubstr("library:plurality_waves")));
}

TEST_F(EditionsTest, RunsOfTheThirdGoOnWithIt) {
  expect_to_go_on("3");
  EXPECT_THAT(file_of("parts"), HasSubstr("\nedition = 3\n"));
  EXPECT_THAT(founders_of("parts"), HasSubstr("library:plurality_waves\""));
}

TEST_F(EditionsTest, RunsOfTheFourthGoOnWithIt) {
  expect_to_go_on("4");
  EXPECT_THAT(file_of("parts"), HasSubstr("\nedition = 4\n"));
}

TEST_F(EditionsTest, AForkMayTakeTheLatest) {
  good({"run", "small.toml", "--out", "first", "--generations", "2", "--set", "population.edition=1"});
  EXPECT_THAT(good({"fork", "first", "later", "--set", "population.edition=5"}).out,
              HasSubstr("  population.edition: 1 -> 5\n"));
  good({"resume", "later"});
  EXPECT_THAT(file_of("later"), HasSubstr("\nedition = 5\n"));
  good({"verify", "later", "--sample", "100"});
  const Ran neither = evotts({"fork", "first", "none", "--set", "population.edition=6"});
  EXPECT_EQ(neither.exit_code, 2);
  EXPECT_THAT(neither.err, HasSubstr("population.edition must be a whole number from 1 to 5"));
}

}  // namespace
}  // namespace experiments
