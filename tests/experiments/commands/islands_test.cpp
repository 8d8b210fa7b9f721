// Runs with several islands, as a user starts, kills, forks, verifies and looks at them.
#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/support/places.hpp"
#include "tests/support/small_run.hpp"

namespace experiments {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using tests::Ran;

class IslandsTest : public tests::Runs {
 protected:
  void SetUp() override {
    Runs::SetUp();
    tests::SmallExperiment experiment{.generations = 5};
    experiment.more["evaluation"] = "validation_orderings = 3\n";
    experiment.more["population"] = "islands = 3\nmigration = 2\n";
    experiment.more["variation"] = "adaptive = true\ntuned = 1\ntuning_steps = 2\n";
    write("islands.toml", experiment.toml() + "[[islands]]\n[[islands]]\nvariation.crossover = 0.9\n");
    write("one.toml", tests::SmallExperiment{.generations = 5}.toml());
  }

  // Names of the files of a folder of a run's newest tree.
  std::vector<std::string> listed(const std::string& run, const std::string& folder) const {
    std::istringstream lines(git(run, {"ls-tree", "--name-only", "HEAD", folder}));
    std::vector<std::string> names;
    for (std::string line; std::getline(lines, line);) names.push_back(line);
    return names;
  }
};

TEST_F(IslandsTest, KilledOrNotAndOnAnyNumberOfThreadsTheTreesAreTheSame) {
  good({"run", "islands.toml", "--out", "one", "--threads", "1"});
  good({"run", "islands.toml", "--out", "four", "--threads", "4"});
  EXPECT_EQ(trees("one"), trees("four"));
  good({"run", "islands.toml", "--out", "killed", "--generations", "1"});
  for (const char* after : {"0.05", "0.1", "0.2", "0.3"}) {
    const Ran ran = tests::run_process({"/usr/bin/env", "timeout", "-s", "KILL", after, tests::kEvotts,
                                        "resume", "--trust", (folder_ / "killed").string()});
    EXPECT_THAT(ran.exit_code, testing::AnyOf(0, 137)) << ran.err;
  }
  good({"resume", "killed"});
  EXPECT_EQ(trees("killed"), trees("one"));
}

TEST_F(IslandsTest, TheTreeHoldsEachIslandApart) {
  good({"run", "islands.toml", "--out", "a"});
  EXPECT_THAT(listed("a", "population/"),
              testing::ElementsAre("population/1", "population/2", "population/3"));
  const nlohmann::json told = generation("a");
  ASSERT_EQ(told.at("islands").size(), 3U);
  std::size_t living = 0, born = 0;
  for (const nlohmann::json& island : told.at("islands")) {
    const auto files = listed("a", fmt::format("population/{}/", island.at("island").get<int>()));
    EXPECT_EQ(files.size(), island.at("population"));
    EXPECT_THAT(files, testing::Contains(HasSubstr(island.at("best").at("id"))));
    living += island.at("population").get<std::size_t>();
    born += island.at("born").get<std::size_t>();
  }
  EXPECT_EQ(told.at("population"), living);
  EXPECT_EQ(told.at("born"), born);
  const int best = told.at("best").at("island").get<int>();
  EXPECT_TRUE(1 <= best && best <= 3);
  const std::string message = git("a", {"log", "-1", "--format=%(trailers:key=Island,valueonly)"});
  EXPECT_EQ(std::count(message.begin(), message.end(), '\n'), 4) << message;
  EXPECT_THAT(message, HasSubstr(fmt::format("1 best {}", std::string(told["islands"][0]["best"]["id"]))));
  EXPECT_THAT(git("a", {"log", "-1", "--format=%B"}), HasSubstr(fmt::format("\nBest-Island: {}\n", best)));
  const std::string births = read("a/lineage/0000/000003.jsonl");
  for (const char* island : {"\"island\":1", "\"island\":2", "\"island\":3"})
    EXPECT_THAT(births, HasSubstr(island));
  EXPECT_THAT(good({"verify", "a", "--sample", "30"}).out, HasSubstr("the run is whole"));
}

TEST_F(IslandsTest, WithoutIslandsNothingSaysAnythingOfThem) {
  good({"run", "one.toml", "--out", "a", "--generations", "2"});
  for (const auto& [name, content] : files()) {
    if (name.starts_with("a/") && !name.contains(".git")) {
      EXPECT_THAT(content, Not(HasSubstr("island"))) << name;
    }
  }
  EXPECT_THAT(git("a", {"log", "--format=%B"}), Not(HasSubstr("Island")));
  EXPECT_THAT(good({"status", "a"}).out, Not(HasSubstr("island")));
  EXPECT_THAT(good({"log", "a"}).out, Not(HasSubstr("island")));
  EXPECT_THAT(good({"lineage", "a"}).out, Not(HasSubstr("island")));
  rejects({"log", "a", "--island", "1"}, {"--island", "has no islands"});
}

TEST_F(IslandsTest, CommandsShowTheIslands) {
  const Ran made = good({"run", "islands.toml", "--out", "a"});
  const int best = generation("a").at("best").at("island").get<int>();
  EXPECT_THAT(good({"status", "a"}).out,
              AllOf(HasSubstr(fmt::format("on island {}\n", best)), HasSubstr("\nislands\n")));
  EXPECT_EQ(nlohmann::json::parse(good({"status", "a", "--format", "json"}).out).at("islands").size(), 3U);
  EXPECT_THAT(good({"log", "a", "--format", "csv"}).out, HasSubstr("best_id,best_island,"));
  for (const char* island : {"1", "2", "3"}) {
    const std::string log = good({"log", "a", "--island", island, "--format", "csv"}).out;
    EXPECT_THAT(log, HasSubstr("generation,commit,best,gain,best_id,population,scored\n"));
    EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), 7);  // heading and generations 0 to 5
    const auto told = generation("a").at("islands")[static_cast<std::size_t>(island[0] - '1')];
    EXPECT_THAT(log, HasSubstr(std::string(told.at("best").at("id")).substr(0, 10)));
  }
  EXPECT_THAT(good({"log", "a", "--island", "2", "--graph"}).out, HasSubstr("*"));
  rejects({"log", "a", "--island", "4"}, {"--island", "1 to 3"});
  rejects({"log", "a", "--island", "x"}, {"--island"});
  rejects({"log", "a", "--island", "1", "--against", "a"}, {"--island"});
  EXPECT_THAT(good({"lineage", "a", "--no-intervals"}).out, HasSubstr(fmt::format("on island {}", best)));
  EXPECT_THAT(good({"lineage", "a", "--no-intervals", "--format", "json"}).out,
              HasSubstr(fmt::format("\"island\": {}", best)));
  EXPECT_THAT(good({"lineage", "a", "--no-intervals", "--format", "dot"}).out, HasSubstr(", island "));
  good({"blame", "a", "--no-intervals"});
  // Whoever lives is found, on whichever island.
  for (const char* island : {"1", "2", "3"}) {
    const std::string file = listed("a", fmt::format("population/{}/", island)).back();
    const std::string id = file.substr(file.rfind('/') + 1, 40);
    EXPECT_EQ(good({"export", "a", id}).out, read("a/" + file));
  }
  good({"export", "a:best", "-o", "best.ctl"});
}

TEST_F(IslandsTest, AForkGoesOnWithTheIslandsOrWithOthers) {
  good({"run", "islands.toml", "--out", "a"});
  good({"fork", "a@2", "same"});
  good({"resume", "same"});
  EXPECT_EQ(tree("same"), tree("a"));
  good({"fork", "a@2", "seed", "--set", "seed=9"});
  good({"resume", "seed"});
  EXPECT_NE(tree("seed"), tree("a"));
  for (const char* islands : {"1", "2", "4"}) {
    const std::string fork = fmt::format("to_{}", islands);
    const std::string told =
        good({"fork", "a@3", fork, "--set", fmt::format("population.islands={}", islands), "islands=[]"}).out;
    EXPECT_THAT(told, HasSubstr(fmt::format("population.islands: 3 -> {}", islands)));
    good({"resume", fork});
    const auto living = listed(fork, "population/");
    if (*islands == '1') {
      EXPECT_THAT(living, testing::Each(testing::EndsWith(".ctl")));
    } else {
      EXPECT_EQ(living.size(), static_cast<std::size_t>(*islands - '0'));
    }
    EXPECT_THAT(good({"verify", fork, "--sample", "30"}).out, HasSubstr("the run is whole"));
    EXPECT_EQ(generation(fork).contains("islands"), *islands != '1');
  }
  good({"fork", "a@3", "rescored", "--set", "objective.budget_low=30000"});
  good({"resume", "rescored"});
  EXPECT_THAT(good({"verify", "rescored", "--sample", "30"}).out, HasSubstr("the run is whole"));
  rejects({"fork", "a@3", "b", "--set", "population.islands=1"}, {"2 tables [[islands]]"});
}

TEST_F(IslandsTest, AFileOfAnIslandThatWasTouchedIsNamed) {
  good({"run", "islands.toml", "--out", "a", "--generations", "3"});
  const auto damaged = [&](const std::string& told) {
    git("b", {"add", "-A"});
    git("b", {"commit", "-q", "--amend", "--no-edit"});
    const Ran ran = evotts({"verify", "b", "--sample", "0"});
    EXPECT_EQ(ran.exit_code, 2) << ran.out;
    EXPECT_THAT(ran.out, HasSubstr(told));
  };
  const auto copy = [&] {
    fs::remove_all(folder_ / "b");
    fs::copy(folder_ / "a", folder_ / "b", fs::copy_options::recursive);
  };
  const std::string file = listed("a", "population/2/").front();
  copy();
  fs::permissions(folder_ / "b" / file, fs::perms::owner_write, fs::perm_options::add);
  write("b/" + file, read("a/" + file) + "\n");
  damaged(file);
  copy();
  fs::remove(folder_ / "b" / file);
  damaged(fs::path(file).stem().string());
  copy();  // it moved to another island, where nobody knows it
  fs::rename(folder_ / "b" / file, folder_ / "b/population/1" / fs::path(file).filename());
  damaged(file + ": is missing");
  damaged("population/1/");
  copy();
  fs::copy(folder_ / "b" / file, folder_ / "b/population" / fs::path(file).filename());
  damaged("the checkpoint does not know it");
  copy();
  git("b", {"commit", "-q", "--amend", "-m", [&] {
              std::string message = git("a", {"log", "-1", "--format=%B"});
              const auto at = message.find("\nIsland: 2 best ") + 16;
              message[at] = message[at] == 'a' ? 'b' : 'a';
              return message;
            }()});
  damaged("says other things of its islands");
}

// Generations before there were islands say nothing of them.
TEST_F(IslandsTest, AnIslandIsShownFromItsBeginningOn) {
  good({"run", "one.toml", "--out", "a", "--generations", "2"});
  good({"fork", "a", "b", "--set", "population.islands=2"});
  good({"resume", "b", "--generations", "4"});
  const std::string graph = good({"log", "b", "--island", "2", "--graph"}).out;
  EXPECT_EQ(std::count(graph.begin(), graph.end(), '*'), 2) << graph;
  EXPECT_THAT(graph, AllOf(HasSubstr("fork at generation 2"), Not(HasSubstr(" 0.000"))));
}

// Of a run with one population, by an experiment that was changed under its hands.
TEST_F(IslandsTest, IslandsThatTheExperimentHasNotAreRefused) {
  good({"run", "one.toml", "--out", "a", "--generations", "1"});
  rejects({"run", "one.toml", "--out", "b", "--set", "population.islands=7"}, {"leaves island 7 with 1"});
  rejects({"fork", "a", "b", "--set", "population.islands=64"}, {"population.size"});
}

}  // namespace
}  // namespace experiments
