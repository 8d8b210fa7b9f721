// Runs under mpirun: the same trees as without, and ends that lose nothing.
#include "tests/cluster/mpirun.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <thread>

namespace tests {
namespace {

using Options = std::vector<std::string>;

class Mpirun : public MpirunTest {};

TEST_F(Mpirun, MakesTheSameTreesForAnyNumberOfRanks) {
  ASSERT_EQ(evotts({"run", "small.toml", "--out", "alone"}).exit_code, 0);
  for (const int ranks : {1, 2, 4}) {
    const std::string name = "of" + std::to_string(ranks);
    const Ran ran = mpirun(ranks, {"run", "small.toml", "--out", name});
    ASSERT_EQ(ran.exit_code, 0) << ran.err;
    EXPECT_EQ(trees(name), trees("alone"));
    if (ranks > 1) {
      EXPECT_NE(ran.out.find(std::to_string(ranks) + " ranks on 1 host"), std::string::npos) << ran.out;
    }
  }
}

TEST_F(Mpirun, ThreadsAndMappingMakeNoDifference) {
  ASSERT_EQ(evotts({"run", "small.toml", "--out", "alone"}).exit_code, 0);
  int made = 0;
  for (const Options& options : {Options{"--oversubscribe", "--bind-to", "none"},
                                 Options{"--oversubscribe", "--bind-to", "core:overload-allowed"},
                                 Options{"--oversubscribe", "--mca", "btl", "tcp,self"}}) {
    const std::string name = "m" + std::to_string(++made);
    const Ran ran = mpirun(3, {"run", "small.toml", "--out", name, "--threads", "2"}, options);
    ASSERT_EQ(ran.exit_code, 0) << ran.err;
    EXPECT_EQ(trees(name), trees("alone"));
  }
}

TEST_F(Mpirun, GoesOnWithARunOfOneMachineAndTheOtherWayRound) {
  ASSERT_EQ(evotts({"run", "small.toml", "--out", "alone"}).exit_code, 0);
  ASSERT_EQ(evotts({"run", "small.toml", "--out", "a", "--generations", "2"}).exit_code, 0);
  ASSERT_EQ(mpirun(3, {"resume", "a"}).exit_code, 0);
  EXPECT_EQ(trees("a"), trees("alone"));
  ASSERT_EQ(mpirun(3, {"run", "small.toml", "--out", "b", "--generations", "1"}).exit_code, 0);
  ASSERT_EQ(evotts({"resume", "b"}).exit_code, 0);
  EXPECT_EQ(trees("b"), trees("alone"));
}

TEST_F(Mpirun, SeveralSeedsAreRunsOfTheSameTrees) {
  ASSERT_EQ(evotts({"run", "small.toml", "--out", "alone", "--seeds", "1,2", "--generations", "2"}).exit_code,
            0);
  const Ran ran = mpirun(2, {"run", "small.toml", "--out", "both", "--seeds", "1,2", "--generations", "2"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  for (const char* seed : {"/seed-1", "/seed-2"})
    EXPECT_EQ(trees(std::string("both") + seed), trees(std::string("alone") + seed));
}

TEST_F(Mpirun, SendsRecordingsWhereTheyAreMissing) {
  ASSERT_EQ(evotts({"env", "synth", "--seed", "5", "--questions", "6", "--branches", "24", "-o", "e.json"})
                .exit_code,
            0);
  write("file.toml", SmallExperiment{.generations = 2, .search = "e.json"}.toml());
  std::filesystem::create_directories(folder_ / "elsewhere");
  ASSERT_EQ(evotts({"run", "file.toml", "--out", "alone"}).exit_code, 0);
  // The second rank sees another root: the whole path is not there either.
  auto command = launched(1, {"run", "file.toml", "--out", "a"});
  const std::string hidden =
      fmt::format("mount --bind {0}/elsewhere {0} && cd / && exec \"$0\" \"$@\"", folder_.string());
  command.insert(command.end(), {":", "-n", "1", "unshare", "--mount", "sh", "-c", hidden, kEvotts, "run"});
  const Ran ran = run_process(command, {.folder = folder_});
  if (ran.err.find("unshare: ") != std::string::npos) GTEST_SKIP() << "no mount namespaces here";
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(trees("a"), trees("alone"));
}

TEST_F(Mpirun, RefusesAHostOfOtherDigitsByName) {
  auto command = launched(2, {"run", "small.toml", "--out", "a"});
  command.insert(command.end(), {":", "-n", "1", "/usr/bin/env",
                                 "GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX2_Usable,-FMA_Usable,-AVX2,-FMA,-FMA4",
                                 kEvotts, "run"});
  const Ran ran = run_process(command, {.folder = folder_});
  if (ran.exit_code == 0) GTEST_SKIP() << "this C library has one variant on this processor";
  EXPECT_EQ(ran.exit_code, 2) << ran.err;
  EXPECT_NE(ran.err.find("evotts: rank 2 on host "), std::string::npos) << ran.err;
  EXPECT_NE(ran.err.find("leave that host out"), std::string::npos) << ran.err;
  EXPECT_FALSE(std::filesystem::exists(folder_ / "a"));
}

TEST_F(Mpirun, ARankWithoutThePartForMpiIsNamed) {
  namespace fs = std::filesystem;
  fs::create_directory(folder_ / "bin");
  const std::string bare = (folder_ / "bin/evotts").string();
  fs::copy_file(kEvotts, bare);
  auto command = launched(1, {"run", "small.toml", "--out", "a"});
  command.insert(command.end(), {":", "-n", "1", bare, "run"});
  const Ran one = run_process(command, {.folder = folder_});
  EXPECT_NE(one.exit_code, 0) << one.err;
  EXPECT_NE(one.err.find("evotts: rank 1 on host "), std::string::npos) << one.err;
  EXPECT_NE(one.err.find("no part for MPI"), std::string::npos) << one.err;
  const Ran all = run_process({"/usr/bin/env", "mpirun", "--oversubscribe", "-n", "3", bare, "run"}, {});
  EXPECT_EQ(all.exit_code, 2) << all.err;
  const std::size_t first = all.err.find("no part for MPI");
  ASSERT_NE(first, std::string::npos) << all.err;
  EXPECT_EQ(all.err.find("no part for MPI", first + 1), std::string::npos) << all.err;
}

TEST_F(Mpirun, AMistakeIsToldOnceAndIsNoSuccess) {
  for (const Options& arguments :
       {Options{"run", "nothing.toml", "--out", "a"}, Options{"run", "small.toml"},
        Options{"resume", "nothing"}, Options{"run", "small.toml", "--out", "a", "--threads", "x"},
        Options{"run", "--colour"}}) {
    const Ran ran = mpirun(3, arguments);
    EXPECT_EQ(ran.exit_code, 2) << ran.err;
    const std::size_t first = ran.err.find("evotts: ");
    ASSERT_NE(first, std::string::npos) << ran.err;
    EXPECT_EQ(ran.err.find("evotts: ", first + 1), std::string::npos) << ran.err;
  }
  const Ran help = mpirun(2, {"run", "--help"});
  EXPECT_EQ(help.exit_code, 0) << help.err;
  EXPECT_EQ(help.out.find("Usage:"), help.out.rfind("Usage:"));
}

TEST_F(Mpirun, LiftsABindingThatNobodyAskedFor) {
  if (std::thread::hardware_concurrency() < 2) GTEST_SKIP() << "a single core is all there is";
  const Ran lifted = mpirun(1, {"run", "small.toml", "--out", "a"}, {});
  ASSERT_EQ(lifted.exit_code, 0) << lifted.err;
  EXPECT_NE(lifted.err.find("mpirun bound it to 1 core of "), std::string::npos) << lifted.err;
  const Ran asked = mpirun(1, {"run", "small.toml", "--out", "b"}, {"--bind-to", "core"});
  EXPECT_NE(asked.err.find("bound to 1 core by --bind-to"), std::string::npos) << asked.err;
  const Ran unbound = mpirun(1, {"run", "small.toml", "--out", "c"}, {"--bind-to", "none"});
  EXPECT_EQ(unbound.err.find("bound"), std::string::npos) << unbound.err;
}

TEST_F(Mpirun, WaitingRanksLeaveTheCoresAlone) {
  write_long();
  durability::Process job(launched(2, {"run", "long.toml", "--out", "a"}), folder_);
  ASSERT_TRUE(has_generation("a", 1));
  const pid_t first = rank_of(job.id(), 0), second = rank_of(job.id(), 1);
  ASSERT_NE(first, 0);
  ASSERT_NE(second, 0);
  const auto ticks = [&] {
    std::ifstream stat("/proc/" + std::to_string(second) + "/stat");
    std::string word;
    long all = 0;
    for (int i = 1; i <= 15 && stat >> word; ++i) all += i >= 14 ? std::stol(word) : 0;
    return all;
  };
  ::kill(first, SIGSTOP);
  ::usleep(500'000);
  const long before = ticks();
  ::usleep(1'000'000);
  const long used = ticks() - before;
  ::kill(first, SIGCONT);
  EXPECT_LT(used, ::sysconf(_SC_CLK_TCK) / 10) << "less than a tenth of a core";
  job.signal(SIGTERM);
  job.wait_for(kLongest);
}

TEST_F(Mpirun, Sigusr1EndsAtAWholeGeneration) {
  write_long();
  durability::Process job(launched(3, {"run", "long.toml", "--out", "a"}), folder_);
  ASSERT_TRUE(has_generation("a", 2));
  job.signal(SIGUSR1);
  EXPECT_EQ(job.wait_for(kLongest), 0) << read("err.txt");
  EXPECT_NE(read("out.txt").find("stopped after generation"), std::string::npos) << read("out.txt");
  ASSERT_EQ(evotts({"verify", "a"}).exit_code, 0);
}

// mpirun may not pass on what is said after SIGTERM, so the run itself tells.
TEST_F(Mpirun, SigtermGivesUpTheGenerationAndLosesNothing) {
  write_long();
  for (const int signal : {SIGTERM, SIGINT}) {
    const std::string name = "by" + std::to_string(signal);
    pid_t rank = 0;
    {
      durability::Process job(launched(3, {"run", "long.toml", "--out", name}), folder_);
      ASSERT_TRUE(has_generation(name, 2));
      rank = rank_of(job.id(), 0);
      job.signal(signal);
      EXPECT_NE(job.wait_for(kLongest), 0);
    }
    EXPECT_TRUE(is_gone(rank)) << "rank 0 is still there";
    const int made = std::stoi(git(name, {"rev-list", "--count", "main"})) - 1;
    const std::string wanted = std::to_string(made + 2);
    ASSERT_EQ(evotts({"verify", name}).exit_code, 0);
    ASSERT_EQ(mpirun(2, {"resume", name, "--generations", wanted}).exit_code, 0);
    ASSERT_EQ(evotts({"run", "long.toml", "--out", name + "alone", "--generations", wanted}).exit_code, 0);
    EXPECT_EQ(trees(name), trees(name + "alone"));
  }
}

// Time that is up is no failure of a rank.
TEST_F(Mpirun, WhereTheTimeIsUpBeforeTheFoundersNoRankHasFailed) {
  SmallExperiment experiment{.generations = 1, .search = "synthetic:seed=5,questions=60,branches=64"};
  experiment.orderings = 400;
  write("slow.toml", experiment.toml());
  const Ran ran = mpirun(2, {"run", "slow.toml", "--out", "a", "--minutes", "0.001"});
  EXPECT_NE(ran.exit_code, 0);
  EXPECT_NE(ran.err.find("the time is up before the founders are scored"), std::string::npos) << ran.err;
  EXPECT_EQ(ran.err.find("failed"), std::string::npos) << ran.err;
  EXPECT_EQ(ran.err.find("MPI_ABORT"), std::string::npos) << ran.err;
}

// A rank that is killed ends the job, and what was committed is gone on with.
TEST_F(Mpirun, KilledRanksLoseNothing) {
  ASSERT_EQ(evotts({"run", "small.toml", "--out", "alone"}).exit_code, 0);
  const char* const tries = std::getenv("EVOTTS_KILLS");
  const int kills = tries == nullptr ? 4 : std::atoi(tries);
  for (int i = 0; i < kills; ++i) {
    const std::string name = "k" + std::to_string(i);
    {
      durability::Process job(launched(3, {"run", "small.toml", "--out", name}), folder_);
      ::usleep(static_cast<useconds_t>(300'000 + 137'000 * (i % 16)));
      const pid_t rank = rank_of(job.id(), i % 3);
      if (rank != 0) ::kill(rank, SIGKILL);
      const int code = job.wait_for(kLongest);
      if (rank != 0) {
        EXPECT_NE(code, 0) << read("err.txt");
      }
    }
    const bool begun = std::filesystem::exists(folder_ / name / ".git");
    const Ran ran = mpirun(3, begun ? Options{"resume", name} : Options{"run", "small.toml", "--out", name});
    ASSERT_EQ(ran.exit_code, 0) << ran.err;
    EXPECT_EQ(trees(name), trees("alone"));
  }
}

}  // namespace
}  // namespace tests
