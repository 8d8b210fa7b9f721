// Forks as a user makes them: history kept, changes on record, scores comparable.
#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/experiments/small_run.hpp"

namespace experiments {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;
using tests::Ran;

class ForkTest : public tests::SmallRun {
 protected:
  Ran fork(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "fork");
    Ran ran = evotts(arguments);
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    return ran;
  }
};

TEST_F(ForkTest, WithoutAChangeItGoesOnToTheSameTrees) {
  run("a");
  EXPECT_THAT(fork({"a@2", "b"}).out, HasSubstr("forked a at generation 2, nothing changed\n"));
  EXPECT_EQ(git("b", {"rev-parse", "main"}), git("a", {"rev-parse", "main~2"}));
  ASSERT_EQ(evotts({"resume", "b"}).exit_code, 0);
  EXPECT_EQ(trees("b"), trees("a"));
}

TEST_F(ForkTest, AChangeOfTheSearchIsRecordedAndKeepsScores) {
  run("a");
  const Ran ran = fork({"a@2", "b", "--set", "seed=8", "variation.crossover=0.9"});
  EXPECT_THAT(ran.out, HasSubstr("  seed: 3 -> 8\n  variation.crossover: 0.4 -> 0.9\n"));
  EXPECT_THAT(ran.out, Not(HasSubstr("anew")));
  const std::string at = git("a", {"rev-parse", "main~2"});
  EXPECT_EQ(git("b", {"rev-parse", "main~1"}), at) << "the history is shared";
  const std::string message = git("b", {"log", "-1", "--format=%B"});
  EXPECT_THAT(message, HasSubstr("fork at generation 2: seed 3 -> 8, variation.crossover 0.4 -> 0.9\n"));
  EXPECT_THAT(message, HasSubstr("Fork-Point: " + at));
  EXPECT_EQ(git("b", {"diff", "--name-only", "HEAD~1"}), "checkpoint.bin\nexperiment.toml\n");
  EXPECT_EQ(git("b", {"status", "--porcelain"}), "");
  EXPECT_THAT(evotts({"status", "b"}).out, HasSubstr("forked        fork at generation 2: seed 3 -> 8"));
  ASSERT_EQ(evotts({"resume", "b"}).exit_code, 0);
  EXPECT_NE(tree("b"), tree("a"));
  const Ran verified = evotts({"verify", "b"});
  EXPECT_EQ(verified.exit_code, 0) << verified.out;
  // Once more: the same fork, the same trees.
  fork({"a@2", "c", "--set", "seed=8", "variation.crossover=0.9"});
  ASSERT_EQ(evotts({"resume", "c", "--threads", "1"}).exit_code, 0);
  EXPECT_EQ(trees("c"), trees("b"));
}

TEST_F(ForkTest, AChangeOfTheScoringScoresAnew) {
  run("a");
  const Ran ran = fork({"a@3", "b", "--set", "evaluation.orderings=6", "evaluation.first_slice=2"});
  EXPECT_THAT(ran.out, HasSubstr("scored the population and the archive anew"));
  EXPECT_THAT(git("b", {"log", "-1", "--format=%B"}), HasSubstr("Fork-Rescored: yes"));
  EXPECT_EQ(evotts({"verify", "b", "--sample", "100"}).exit_code, 0);
  ASSERT_EQ(evotts({"resume", "b"}).exit_code, 0);
  EXPECT_EQ(evotts({"verify", "b", "--sample", "100"}).exit_code, 0);
  fork({"a@3", "c", "--set", "environments.search=[\"synthetic:seed=6,questions=4,branches=20\"]"});
  ASSERT_EQ(evotts({"resume", "c"}).exit_code, 0);
  EXPECT_EQ(evotts({"verify", "c", "--sample", "100"}).exit_code, 0);
  // A fork of a fork has both on record.
  fork({"b@4", "d", "--set", "seed=1"});
  const std::string status = evotts({"status", "d"}).out;
  EXPECT_THAT(status, HasSubstr("fork at generation 4: seed 3 -> 1"));
  EXPECT_THAT(status, HasSubstr("fork at generation 3: evaluation.orderings 3 -> 6"));
  EXPECT_EQ(evotts({"lineage", "d"}).exit_code, 0);
  EXPECT_EQ(evotts({"blame", "d"}).exit_code, 0);
}

TEST_F(ForkTest, MistakesAreToldAndMakeNothing) {
  run("a");
  run("other");
  rejects({"fork", "a", "other"}, {"other", "exists already"});
  rejects({"fork", "a@9", "b"}, {"no generation 9"});
  rejects({"fork", "none", "b"}, {"none"});
  rejects({"fork", "a", "b", "--set", "sed=3"}, {"sed", "seed"});
  rejects({"fork", "a", "b", "--set", "seed=three"}, {"seed"});
  rejects({"fork", "a", "b", "--set", "environments.search=[\"none.json\"]"}, {"none.json"});
  rejects({"fork", "a"}, {"NEW"});
  EXPECT_FALSE(fs::exists(folder_ / "b"));
}

TEST_F(ForkTest, GoesOnFromAnotherFolderAsItsSourceDoes) {
  ASSERT_EQ(evotts({"env", "synth", "-o", "recorded.json", "--questions", "5", "--branches", "20"}).exit_code, 0);
  ASSERT_EQ(evotts({"run", "small.toml", "--out", "a", "--generations", "1", "--set",
                    "environments.search=[\"recorded.json\"]"})
                .exit_code,
            0);
  const auto from_root = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), EVOTTS_BINARY);
    return tests::run_process(arguments, {.folder = "/"});
  };
  const std::string a = (folder_ / "a").string(), b = (folder_ / "b").string();
  Ran ran = from_root({"fork", a, b, "--set", "evaluation.orderings=2"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  ran = from_root({"resume", b, "--generations", "2"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
}

}  // namespace
}  // namespace experiments
