// Forks as a user makes them: history kept, changes on record, scores comparable.
#include <algorithm>
#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/places.hpp"
#include "tests/support/small_run.hpp"

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
  const Ran ran = fork({"a@3", "b", "--set", "evaluation.orderings=6", "evaluation.first_rung=2"});
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

TEST_F(ForkTest, OldNamesOfKeysAreNoticedInOneLineWhereAUserWritesThem) {
  write("old.toml",
        tests::SmallExperiment{.more = {{"environments", "tilts = [4]\n"}, {"population", "auditions = 4\n"}}}
            .toml());
  const Ran ran = evotts({"run", "old.toml", "--out", "a", "--generations", "1"});
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_EQ(ran.err,
            "evotts: keys have new names (the old ones are still read): environments.tilts is "
            "environments.reweightings, population.auditions is population.founder_candidates\n");
  EXPECT_EQ(read("a/experiment.toml").find("tilts"), std::string::npos);
  EXPECT_EQ(evotts({"resume", "a", "--generations", "2"}).err, "");
  const Ran forked = fork({"a", "b", "--set", "objective.reach=2", "seed=8"});
  EXPECT_EQ(forked.err,
            "evotts: keys have new names (the old ones are still read): objective.reach is "
            "objective.coverage_penalty\n");
  EXPECT_THAT(forked.out, HasSubstr("  objective.coverage_penalty: 0 -> 2\n"));
  EXPECT_THAT(evotts({"log", "a", "--against", "b"}).out,
              HasSubstr("  objective.coverage_penalty: 0 -> 2\n"));
}

TEST_F(ForkTest, ForksOfOneAncestorAreComparedFromWhereTheyPart) {
  run("a");
  fork({"a@2", "b", "--set", "seed=8"});
  ASSERT_EQ(evotts({"resume", "b", "--generations", "6"}).exit_code, 0);
  const Ran ran = evotts({"log", "a", "--against", "b"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("one history up to generation 2"));
  EXPECT_THAT(ran.out, HasSubstr("  seed: 3 -> 8\n"));
  const auto rows = nlohmann::json::parse(evotts({"log", "a", "--against", "b", "--format", "json"}).out);
  ASSERT_EQ(rows.size(), 4U);  // generations 3 to 6
  const auto of_b = nlohmann::json::parse(evotts({"log", "b", "--format", "json"}).out);
  for (const auto& row : rows) {
    const bool in_a = row["generation"] <= kGenerations;
    EXPECT_EQ(row["best_a"].is_null(), !in_a);
    EXPECT_EQ(row["difference"].is_null(), !in_a);
    for (const auto& each : of_b) {
      if (each["generation"] != row["generation"]) continue;
      EXPECT_EQ(each["best"], row["best_b"]);
    }
  }
  fork({"a@2", "c", "--set", "evaluation.orderings=2"});
  EXPECT_THAT(evotts({"log", "b", "--against", "c"}).out, HasSubstr("their scores cannot be compared"));
  ASSERT_EQ(evotts({"run", "small.toml", "--out", "other", "--generations", "1"}).exit_code, 0);
  rejects({"log", "a", "--against", "other"}, {"have no common history"});
  // The history shows the fork, and filters find what it brought.
  EXPECT_THAT(evotts({"log", "b", "--graph"}).out, HasSubstr("+-       fork at generation 2: seed 3 -> 8\n"));
}

TEST_F(ForkTest, TheLogIsFilteredByImprovement) {
  // From random founders there is something to improve.
  ASSERT_EQ(evotts({"run", "small.toml", "--out", "a", "--set", "population.founders=random"}).exit_code, 0);
  const auto all = nlohmann::json::parse(evotts({"log", "a", "--format", "json"}).out);
  const auto better = nlohmann::json::parse(evotts({"log", "a", "--improved", "--format", "json"}).out);
  const auto frontier = nlohmann::json::parse(evotts({"log", "a", "--frontier", "--format", "json"}).out);
  std::size_t expected_better = 0, expected_frontier = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    expected_better += i > 0 && all[i]["best"] > all[i - 1]["best"] ? 1 : 0;
    expected_frontier += all[i]["frontier_new"] > 0 ? 1 : 0;
  }
  EXPECT_GT(expected_better, 0U);
  EXPECT_EQ(better.size(), expected_better);
  EXPECT_EQ(frontier.size(), expected_frontier);
  for (const auto& each : better) EXPECT_GT(each["gain"], 0);
  EXPECT_EQ(evotts({"log", "a", "--by", "1000", "--format", "csv"}).out.find('\n') + 1,
            evotts({"log", "a", "--by", "1000", "--format", "csv"}).out.size());
  const std::string graph = evotts({"log", "a", "--graph"}).out;
  EXPECT_EQ(std::count(graph.begin(), graph.end(), '\n'), kGenerations + 1);
  EXPECT_TRUE(graph.starts_with("*     4 ")) << graph;
  rejects({"log", "a", "--by", "much"}, {"--by"});
  rejects({"log", "a", "--graph", "--format", "csv"}, {"--graph"});
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
  ASSERT_EQ(evotts({"env", "synth", "-o", "recorded.json", "--questions", "5", "--branches", "20"}).exit_code,
            0);
  ASSERT_EQ(evotts({"run", "small.toml", "--out", "a", "--generations", "1", "--set",
                    "environments.search=[\"recorded.json\"]"})
                .exit_code,
            0);
  const auto from_root = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), tests::kEvotts);
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
