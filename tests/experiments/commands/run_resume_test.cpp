// Runs as a user starts, kills, resumes and looks at them: by the command line alone.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>
#include <signal.h>
#include <thread>

#include "genome/base/c_library.hpp"
#include "tests/support/places.hpp"
#include "tests/support/small_run.hpp"

namespace experiments {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class RunTest : public tests::Runs {
 protected:
  void SetUp() override {
    Runs::SetUp();
    write("small.toml", tests::SmallExperiment{.generations = 8}.toml());
  }
};

TEST_F(RunTest, OneAndTwoThreadsGiveTheSameTrees) {
  ASSERT_EQ(evotts({"run", "small.toml", "--out", "one", "--threads", "1"}).exit_code, 0);
  ASSERT_EQ(evotts({"run", "small.toml", "--out", "two", "--threads", "2"}).exit_code, 0);
  EXPECT_EQ(trees("one"), trees("two"));
  EXPECT_EQ(git("one", {"rev-list", "--count", "HEAD"}), "9\n");
  EXPECT_EQ(git("one", {"status", "--porcelain"}), "");
  ASSERT_EQ(evotts({"run", "small.toml", "--out", "other", "--set", "seed=4"}).exit_code, 0);
  EXPECT_NE(trees("one"), trees("other"));
}

TEST_F(RunTest, StopsAtGenerationsAndGoesOn) {
  ASSERT_EQ(evotts({"run", "small.toml", "--out", "whole"}).exit_code, 0);
  ASSERT_EQ(evotts({"run", "small.toml", "--out", "parts", "--generations", "2"}).exit_code, 0);
  EXPECT_EQ(git("parts", {"rev-list", "--count", "HEAD"}), "3\n");
  ASSERT_EQ(evotts({"resume", "parts", "--generations", "5"}).exit_code, 0);
  ASSERT_EQ(evotts({"resume", "parts"}).exit_code, 0);
  EXPECT_EQ(trees("parts"), trees("whole"));
}

// What takes long is not before the first commit, and a run that is stopped in the midst of it goes on.
TEST_F(RunTest, CandidatesForFoundersAreTriedInTheFirstGenerations) {
  const std::vector<std::string> set = {"--set", "population.founder_candidates=60",
                                        "population.founder_stages=3", "variation.tuning_steps=1"};
  const auto started = [&](const std::string& out, const std::string& generations) {
    std::vector<std::string> arguments = {"run", "small.toml", "--out", out, "--generations", generations};
    arguments.insert(arguments.end(), set.begin(), set.end());
    const auto ran = evotts(arguments);
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    return ran.out;
  };
  EXPECT_THAT(started("whole", "5"),
              HasSubstr("founders: 60 random candidates are tried, the best tuned, in the "
                        "first 3 generations\ngeneration    0"));
  started("parts", "0");
  for (const char* generations : {"1", "2", "5"})
    ASSERT_EQ(evotts({"resume", "parts", "--generations", generations}).exit_code, 0);
  EXPECT_EQ(trees("parts"), trees("whole"));
  EXPECT_THAT(git("whole", {"show", "HEAD:lineage/0000/000001.jsonl"}), HasSubstr("\"operator\":\"random"));
  EXPECT_THAT(git("whole", {"show", "HEAD:lineage/0000/000004.jsonl"}), testing::Not(HasSubstr("random")));
  EXPECT_THAT(git("whole", {"show", "HEAD:experiment.toml"}), HasSubstr("founder_stages = 3\n"));
  evotts({"run", "small.toml", "--out", "none", "--generations", "0"});
  EXPECT_THAT(git("none", {"show", "HEAD:experiment.toml"}), testing::Not(HasSubstr("founder_stages")));
}

// The generation under way is given up, and comes out the same later.
TEST_F(RunTest, TimeIsUpSomeSecondsAfterMinutesWhateverIsUnderWay) {
  const auto begin = std::chrono::steady_clock::now();
  ASSERT_EQ(evotts({"run", "small.toml", "--out", "a", "--generations", "0"}).exit_code, 0);
  const std::string before = trees("a");
  const auto ran = evotts({"fork", "a", "b", "--set", "evaluation.orderings=10000",
                           "population.children=2000", "objective.expected_gain=false"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  const auto resumed = evotts({"resume", "b", "--minutes", "0.01", "--generations", "100"});
  EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
  EXPECT_THAT(resumed.out, testing::ContainsRegex(
                               "time is up after generation 0: generation 1 was given up after [0-9]+ s; "
                               "go on with: evotts resume b --minutes 0.04\n"));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(60));
  EXPECT_EQ(evotts({"verify", "b"}).exit_code, 0);
}

TEST_F(RunTest, AStaleSearchEndsAndSaysSo) {
  const auto ran = evotts({"run", "small.toml", "--out", "a", "--generations", "500", "--stale", "4"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("no better champion for 4 generations; go on with: evotts resume a\n"));
  EXPECT_THAT(evotts({"resume", "a", "--generations", "500", "--stale", "0"}).err,
              HasSubstr("--stale must be"));
}

// Another variant of the C library's functions, as on a processor without fused multiply-add.
TEST_F(RunTest, AnotherCLibraryIsRecordedAndTold) {
  const tests::ProcessOptions elsewhere{
      .folder = folder_.string(), .variables = {{"GLIBC_TUNABLES", "glibc.cpu.hwcaps=-FMA,-AVX2,-FMA4"}}};
  const auto without_fma = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), tests::kEvotts);
    return tests::run_process(arguments, elsewhere);
  };
  if (!genome::base::c_library().ends_with(" fma")) GTEST_SKIP() << "here is " << genome::base::c_library();
  ASSERT_EQ(without_fma({"run", "small.toml", "--out", "a", "--generations", "2"}).exit_code, 0);
  if (!git("a", {"log", "-1", "--format=%B"}).contains(" no-fma"))
    GTEST_SKIP() << "GLIBC_TUNABLES does not choose here";
  EXPECT_EQ(evotts({"verify", "a"}).exit_code, 0);
  ASSERT_EQ(evotts({"run", "small.toml", "--out", "here", "--generations", "2"}).exit_code, 0);
  EXPECT_THAT(git("here", {"log", "-1", "--format=%B"}),
              HasSubstr("C-Library: " + genome::base::c_library()));
  const auto resumed = evotts({"resume", "a", "--generations", "3"});
  EXPECT_EQ(resumed.exit_code, 0);
  EXPECT_THAT(resumed.err, HasSubstr("no-fma, here is " + genome::base::c_library()));
  const auto silent = evotts({"resume", "a", "--generations", "4"});
  EXPECT_EQ(silent.err, "");
  EXPECT_THAT(evotts({"fork", "a@1", "b", "--set", "seed=5"}).err, HasSubstr("no-fma, here is "));
  const auto replayed =
      evotts({"run", "small.toml", "--out", "r", "--generations", "2", "--replay-journal", "a"});
  EXPECT_EQ(replayed.exit_code, 0) << replayed.err;
}

TEST_F(RunTest, TheTreeHoldsWhatItPromises) {
  ASSERT_EQ(evotts({"run", "small.toml", "--out", "a", "--generations", "3"}).exit_code, 0);
  const std::string files = git("a", {"ls-tree", "-r", "--name-only", "HEAD"});
  for (const char* file :
       {"experiment.toml", "generation.json", "best.ctl", "frontier.csv", "checkpoint.bin",
        "lineage/0000/000000.jsonl", "lineage/0000/000003.jsonl", "population/", "archive/"}) {
    EXPECT_THAT(files, HasSubstr(file));
  }
  // An individual's name is the blob id of its text, which is canonical.
  std::istringstream lines(git("a", {"ls-tree", "HEAD", "population/"}));
  int individuals = 0;
  for (std::string line; std::getline(lines, line); ++individuals) {
    const std::string blob = line.substr(line.find("blob ") + 5, 40);
    EXPECT_THAT(line, HasSubstr("population/" + blob + ".ctl"));
  }
  EXPECT_EQ(individuals, 13);
  const tests::Ran formatted = evotts({"fmt", "a/best.ctl"});
  std::ifstream best(folder_ / "a/best.ctl");
  EXPECT_EQ(formatted.out, std::string(std::istreambuf_iterator<char>(best), {}));
}

TEST_F(RunTest, LookingAtARun) {
  ASSERT_EQ(evotts({"run", "small.toml", "--out", "a", "--generations", "3"}).exit_code, 0);
  const tests::Ran status = evotts({"status", "a"});
  EXPECT_EQ(status.exit_code, 0) << status.err;
  EXPECT_THAT(status.out, HasSubstr("generation    3 of 8"));
  EXPECT_THAT(status.out, HasSubstr("frontier"));
  EXPECT_THAT(evotts({"status", "a@1"}).out, HasSubstr("generation    1 of 8"));
  const tests::Ran log = evotts({"log", "a", "--format", "csv"});
  EXPECT_EQ(std::count(log.out.begin(), log.out.end(), '\n'), 5);  // heading and generations 0 to 3
  EXPECT_THAT(log.out, HasSubstr("generation,commit,best,"));

  ASSERT_EQ(evotts({"export", "a", "-o", "best.ctl"}).exit_code, 0);
  EXPECT_EQ(evotts({"export", "a", "-o", "best.ctl"}).exit_code, 2);  // never overwrites unasked
  EXPECT_THAT(evotts({"diff", "a:best", "best.ctl"}).out, HasSubstr("no difference"));
  EXPECT_THAT(evotts({"diff", "sc", "asc"}).out, HasSubstr("\n  + stop when opened >= n\n"));
  EXPECT_THAT(evotts({"eval", "a:best", "--env", "synthetic:questions=3,branches=8", "--beta", "0.5",
                      "--format", "csv"})
                  .out,
              HasSubstr("a:best,0.5,"));
}

TEST_F(RunTest, EachMistakeIsToldAndChangesNothing) {
  ASSERT_EQ(evotts({"run", "small.toml", "--out", "a", "--generations", "1"}).exit_code, 0);
  const std::string before = trees("a");
  const auto refused = [&](std::vector<std::string> arguments, const std::string& told) {
    const tests::Ran ran = evotts(std::move(arguments));
    EXPECT_EQ(ran.exit_code, 2);
    EXPECT_THAT(ran.err, HasSubstr(told));
    EXPECT_EQ(std::count(ran.err.begin(), ran.err.end(), '\n'), 1) << ran.err;
  };
  refused({"run", "small.toml", "--out", "a"}, "exists already");
  refused({"run", "small.toml"}, "--out");
  refused({"run", "missing.toml", "--out", "b"}, "missing.toml");
  refused({"run", "small.toml", "--out", "b", "--set", "sed=3"}, "sed");
  refused({"run", "small.toml", "--out", "b", "--set", "seed=three"}, "seed");
  refused({"run", "small.toml", "--out", "b", "--minutes", "-1"}, "--minutes");
  refused({"run", "small.toml", "--out", "b", "--minutes", "nan"}, "--minutes");
  refused({"run", "small.toml", "--out", "b", "--generations", "x"}, "--generations");
  refused({"run", "small.toml", "--out", "b", "--set", "environments.search=[\"none.json\"]"}, "none.json");
  refused({"run", "small.toml", "--out", ""}, "--out");
  refused({"run", "small.toml", "--out", "small.toml"}, "exists already");
  refused({"run", "small.toml", "--out", "small.toml/b"}, "small.toml");
  refused({"run", "small.toml", "--out", std::string(300, 'x')}, "--out");
  refused({"run", "small.toml", "--out", "b", "--set", "model.command=[\"./no-model\"]"}, "./no-model");
  refused({"rum", "--help"}, "rum");
  refused({"resume", "missing"}, "missing");
  refused({"resume", "small.toml"}, "small.toml");
  fs::create_directory(folder_ / "empty");
  refused({"resume", "empty"}, "empty");
  refused({"run", "small.toml", "--out", "empty"}, "exists already");
  refused({"status", "missing"}, "missing");
  refused({"log", "empty"}, "empty");
  refused({"status", "a@99"}, "99");
  refused({"status", "a@x"}, "generation");
  refused({"export", "a", "ffffffff"}, "ffffffff");
  refused({"export", "a", "zz"}, "zz");
  refused({"diff", "a:best", "b:best"}, "b");
  EXPECT_FALSE(fs::exists(folder_ / "b"));
  EXPECT_TRUE(fs::is_empty(folder_ / "empty"));
  EXPECT_EQ(trees("a"), before);
}

TEST_F(RunTest, AChangedExperimentIsNotGoneOnWith) {
  ASSERT_EQ(evotts({"run", "small.toml", "--out", "a", "--generations", "1"}).exit_code, 0);
  { std::ofstream(folder_ / "a/experiment.toml", std::ios::app) << "# another\n"; }
  git("a", {"-c", "user.name=x", "-c", "user.email=x@localhost", "commit", "-q", "-a", "-m", "by hand"});
  const tests::Ran ran = evotts({"resume", "a"});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_THAT(ran.err, HasSubstr("experiment.toml is not what it was"));
}

TEST_F(RunTest, GoesOnFromAnotherFolder) {
  ASSERT_EQ(evotts({"env", "synth", "-o", "recorded.json", "--questions", "5", "--branches", "20"}).exit_code,
            0);
  const std::string search = "environments.search=[\"recorded.json\"]";
  ASSERT_EQ(evotts({"run", "small.toml", "--out", "a", "--generations", "1", "--set", search}).exit_code, 0);
  const tests::Ran ran = tests::run_process(
      {tests::kEvotts, "resume", (folder_ / "a").string(), "--generations", "2"}, {.folder = "/"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(git("a", {"rev-list", "--count", "HEAD"}), "3\n");
}

TEST_F(RunTest, AModelBehindACommandTakesItsShare) {
  std::ofstream(folder_ / "model.sh") << R"(#!/bin/sh
cat > /dev/null
echo "HYPOTHESIS: reading more is better"
echo '```'
printf 'controller model\n\nschedule\n  n rises round(3 + 9 * beta)\n\nstart\n  read n\n\nanswer\n  top(finished)\n'
echo '```'
)";
  fs::permissions(folder_ / "model.sh", fs::perms::owner_all);
  const tests::Ran ran = evotts({"run", "small.toml", "--out", "a", "--generations", "2", "--set",
                                 "model.command=[\"./model.sh\"]", "model.share=0.5", "model.patience=0"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(git("a", {"grep", "-h", "model_", "HEAD", "--", "lineage"}), HasSubstr("\"exchange\""));
  EXPECT_THAT(git("a", {"ls-tree", "-r", "--name-only", "HEAD", "journal"}), HasSubstr(".json"));
}

TEST_F(RunTest, ARunInTheMakingIsLockedForWritersAndOpenForReaders) {
  ASSERT_EQ(evotts({"run", "small.toml", "--out", "a", "--generations", "0"}).exit_code, 0);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    if (chdir(folder_.c_str()) != 0 || std::freopen("/dev/null", "w", stdout) == nullptr) _exit(126);
    execl(tests::kEvotts, "evotts", "resume", "a", "--generations", "100000", static_cast<char*>(nullptr));
    _exit(127);
  }
  const auto generations = [&] { return std::stoi(git("a", {"rev-list", "--count", "HEAD"})); };
  for (int i = 0; i < 600 && generations() < 3; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_GE(generations(), 3);
  const tests::Ran second = evotts({"resume", "a"});
  EXPECT_EQ(second.exit_code, 2);
  EXPECT_THAT(second.err, HasSubstr(std::to_string(child)));
  const tests::Ran another = evotts({"run", "small.toml", "--out", "a"});
  EXPECT_EQ(another.exit_code, 2);
  EXPECT_THAT(another.err, HasSubstr("process " + std::to_string(child) + " writes to this run"));
  EXPECT_EQ(evotts({"status", "a"}).exit_code, 0);
  const tests::Ran collection = tests::run_process(
      {"/usr/bin/env", "git", "-c", "safe.directory=*", "-C", (folder_ / "a").string(), "gc"}, {});
  EXPECT_NE(collection.exit_code, 0);
  EXPECT_THAT(collection.err, HasSubstr("pid " + std::to_string(child)));
  kill(child, SIGINT);  // it finishes its generation
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  EXPECT_EQ(git("a", {"status", "--porcelain"}), "");
  EXPECT_EQ(evotts({"resume", "a", "--generations", "0"}).exit_code, 0);
}

}  // namespace
}  // namespace experiments
