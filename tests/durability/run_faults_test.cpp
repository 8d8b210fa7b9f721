// The program itself, killed at random moments, stopped by signals, and given a disk that fails.
#include <chrono>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <random>
#include <thread>

#include "evo/git/run_repository.hpp"
#include "tests/support/places.hpp"
#include "tests/support/process.hpp"
#include "tests/support/small_run.hpp"

namespace durability {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using tests::Ran;

class RunFaultsTest : public tests::Runs {
 protected:
  void SetUp() override {
    Runs::SetUp();
    write("tiny.toml", tiny().toml());
  }

  static tests::SmallExperiment tiny() {
    return {.name = "tiny",
            .generations = 60,
            .search = "synthetic:seed=5,questions=4,branches=16",
            .betas = "[0, 1]",
            .orderings = 2,
            .population = 8,
            .children = 8,
            .more = {{"evaluation", "first_rung = 1\nvalidation_orderings = 2\n"},
                     {"variation", "adaptive = true\n"}}};
  }
  int generation(const std::string& run) const {
    return std::stoi(evo::RunRepository::open(folder_ / run).log(1).front().trailers.at("Generation"));
  }
};

TEST_F(RunFaultsTest, KilledFiftyTimesAndResumedItReachesTheSameTrees) {
  constexpr int kKills = 55;
  std::mt19937 random(std::random_device{}());
  int kills = 0, before = -1;
  double longest = 60;  // milliseconds until a kill; more on a machine where nothing was done by then
  while (kills < kKills) {
    const bool there = fs::exists(folder_ / "killed");
    const std::string threads = kills % 2 == 0 ? "1" : "2";
    Process process(there ? std::vector<std::string>{tests::kEvotts, "resume", "killed", "--generations",
                                                     "100000", "--threads", threads}
                          : std::vector<std::string>{tests::kEvotts, "run", "tiny.toml", "--out", "killed",
                                                     "--threads", threads},
                    folder_);
    std::this_thread::sleep_for(std::chrono::microseconds(random() % static_cast<unsigned>(1000 * longest)));
    process.signal(SIGKILL);
    ASSERT_EQ(process.wait(), 128 + SIGKILL) << read("err.txt");
    ++kills;
    const int now = fs::exists(folder_ / "killed") ? generation("killed") : -1;
    ASSERT_GE(now, before) << "a committed generation is gone";
    longest *= now > before ? 0.9 : 1.15;
    before = now;
  }
  ASSERT_GT(before, 3) << "it hardly ran between the kills";
  const std::string end = std::to_string(before + 2);
  const Ran last = evotts({"resume", "killed", "--generations", end});
  ASSERT_EQ(last.exit_code, 0) << last.err;
  ASSERT_EQ(evotts({"run", "tiny.toml", "--out", "calm", "--generations", end}).exit_code, 0);
  EXPECT_EQ(trees("killed"), trees("calm"));
  const Ran verified = evotts({"verify", "killed"});
  EXPECT_EQ(verified.exit_code, 0) << verified.out;
  EXPECT_EQ(git("killed", {"status", "--porcelain"}), "");
  EXPECT_EQ(git("killed", {"fsck", "--strict", "--no-progress", "--no-dangling"}), "");
  RecordProperty("generations", before);
}

TEST_F(RunFaultsTest, TheFirstSignalStopsAfterTheGenerationAndSaysHowToGoOn) {
  for (const int number : {SIGINT, SIGTERM}) {
    const std::string run = "run" + std::to_string(number);
    Process process({tests::kEvotts, "run", "tiny.toml", "--out", run, "--generations", "100000"}, folder_);
    for (int i = 0; i < 1000 && read("out.txt").find("generation    2") == std::string::npos; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    process.signal(number);
    EXPECT_EQ(process.wait(), 0);
    EXPECT_THAT(read("err.txt"), HasSubstr("a second signal stops at once"));
    EXPECT_THAT(read("out.txt"),
                HasSubstr(fmt::format("stopped after generation {}; go on with: evotts resume {}\n",
                                      generation(run), run)));
    EXPECT_EQ(git(run, {"status", "--porcelain"}), "");
    const std::string next = std::to_string(generation(run) + 1);
    EXPECT_EQ(evotts({"resume", run, "--generations", next}).exit_code, 0);
    EXPECT_EQ(std::to_string(generation(run)), next);
  }
}

TEST_F(RunFaultsTest, TheSecondSignalStopsAtOnceAndLosesNothing) {
  tests::SmallExperiment slow = tiny();  // one generation of many children that take long
  slow.generations = 1;
  slow.children = 10'000;
  slow.search = "synthetic:seed=5,questions=30,branches=64";
  slow.orderings = 200;
  slow.more["evaluation"] = "validation_orderings = 2\n";
  write("slow.toml", slow.toml());
  Process process({tests::kEvotts, "run", "slow.toml", "--out", "slow"}, folder_);
  for (int i = 0; i < 3000 && read("out.txt").find("generation    0") == std::string::npos; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  std::this_thread::sleep_for(std::chrono::milliseconds(200));  // until generation 1 is at work
  process.signal(SIGINT);
  for (int i = 0; i < 1000 && read("err.txt").empty(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  EXPECT_THAT(read("err.txt"), HasSubstr("a second signal stops at once"));
  const std::string pid = std::to_string(process.id());
  const auto refused = [&](const std::string& command) {
    const Ran ran = evotts({command, "slow"});
    EXPECT_EQ(ran.exit_code, 2);
    EXPECT_THAT(ran.err, HasSubstr("process " + pid));
  };
  refused("resume");  // still at work
  refused("verify");
  EXPECT_EQ(evotts({"status", "slow"}).exit_code, 0);
  EXPECT_EQ(evotts({"log", "slow"}).exit_code, 0);
  process.signal(SIGTERM);
  EXPECT_EQ(process.wait(), 128 + SIGTERM);
  EXPECT_EQ(generation("slow"), 0);
  EXPECT_EQ(evotts({"verify", "slow"}).exit_code, 0);
  EXPECT_EQ(evotts({"resume", "slow", "--generations", "0"}).exit_code, 0) << "its lock is known to be stale";
}

// Some of the calls of a generation's commit, in the program as it is.
TEST_F(RunFaultsTest, AFailingDiskIsToldAndResumeGoesOnToTheSameTrees) {
  ASSERT_EQ(evotts({"run", "tiny.toml", "--out", "calm", "--generations", "3"}).exit_code, 0);
  const std::string expected = trees("calm");
  ASSERT_EQ(evotts({"run", "tiny.toml", "--out", "before", "--generations", "2"}).exit_code, 0);
  const std::string run = (folder_ / "r").string();
  const auto resume_with = [&](const std::string& fault) {
    fs::remove_all(run);
    fs::copy(folder_ / "before", run, fs::copy_options::recursive);
    return evotts({"resume", "r", "--generations", "3"},
                  {.variables = {{"EVOTTS_FAULTS", fault + " " + run},
                                 {"LD_PRELOAD", EVOTTS_FAULTS_LIBRARY},
                                 {"EVOTTS_FAULTS_COUNT", (folder_ / "count").string()}}});
  };
  ASSERT_EQ(resume_with("0 count").exit_code, 0);
  const std::string calls = read("count");
  ASSERT_GT(calls.size(), 60U);
  const std::vector<std::pair<std::string, int>> kinds = {{"kill", 137}, {"full", 1},    {"power", 137},
                                                          {"broken", 1}, {"names", 137}, {"readonly", 1}};
  for (std::size_t i = 0; i < 12; ++i) {
    const auto& [kind, code] = kinds[i % kinds.size()];
    const std::string fault = fmt::format("{} {}", 1 + i * (calls.size() - 1) / 12, kind);
    SCOPED_TRACE(fault);
    const Ran ran = resume_with(fault);
    EXPECT_TRUE(ran.exit_code == code || (code == 1 && ran.exit_code == 0)) << ran.exit_code << ran.err;
    if (ran.exit_code == 1) {
      EXPECT_TRUE(ran.err.starts_with("evotts: cannot ")) << ran.err;
      EXPECT_THAT(ran.err, HasSubstr("/r"));
    }
    const Ran again = evotts({"resume", "r", "--generations", "3"});
    ASSERT_EQ(again.exit_code, 0) << again.err;
    EXPECT_EQ(trees("r"), expected);
  }
}

TEST_F(RunFaultsTest, AFolderThatVanishesEndsTheRunWithAWord) {
  Process process({tests::kEvotts, "run", "tiny.toml", "--out", "r", "--generations", "100000"}, folder_);
  for (int i = 0; i < 1000 && read("out.txt").find("generation    2") == std::string::npos; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  fs::rename(folder_ / "r", folder_ / "moved");
  EXPECT_EQ(process.wait(), 1);
  EXPECT_THAT(read("err.txt"), HasSubstr("evotts: cannot "));
  EXPECT_THAT(read("err.txt"), HasSubstr("go on with: evotts resume"));
  EXPECT_EQ(evotts({"verify", "moved"}).exit_code, 0);
  EXPECT_EQ(evotts({"resume", "moved", "--generations", "3"}).exit_code, 0);
}

}  // namespace
}  // namespace durability
