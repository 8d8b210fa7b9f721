// The job for Slurm, with a stand-in for Slurm: ends in time, asks for another job, and goes on in it.
#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>

#include "tests/cluster/mpirun.hpp"

namespace tests {
namespace {

class SlurmJob : public MpirunTest {
 protected:
  void SetUp() override {
    MpirunTest::SetUp();
    if (IsSkipped()) return;
    write("bin/scontrol", "#!/bin/sh\necho \"$@\" >>\"$(dirname \"$0\")/../asked\"\n");
    std::filesystem::permissions(folder_ / "bin/scontrol", std::filesystem::perms::owner_all);
    const std::string path = (folder_ / "bin").string() + ":" + std::getenv("PATH");
    ::setenv("PATH", path.c_str(), 1);
    for (const auto& [name, value] : {std::pair{"EVOTTS", kEvotts},
                                      {"RUN", "a"},
                                      {"SLURM_JOB_ID", "77"},
                                      {"MPIRUN", "mpirun --oversubscribe -n 3"}})
      ::setenv(name, value, 1);
  }
  std::vector<std::string> job() const {
    return {"/bin/bash", std::string(kSourceDir) + "/examples/slurm.sbatch"};
  }
};

TEST_F(SlurmJob, EndsInTimeAsksForAnotherAndGoesOn) {
  write_long();
  ::setenv("EXPERIMENT", "long.toml", 1);
  ::setenv("ARGUMENTS", "--trust", 1);
  {
    durability::Process first(job(), folder_);
    ASSERT_TRUE(has_generation("a", 1));
    first.signal(SIGUSR1);
    EXPECT_EQ(first.wait(), 0) << read("err.txt");
  }
  EXPECT_EQ(read("asked"), "requeue 77\n") << read("err.txt");
  const int made = std::stoi(git("a", {"rev-list", "--count", "main"})) - 1;
  const int wanted = made + 2;
  const std::string arguments = "--trust --generations " + std::to_string(wanted);
  ::setenv("ARGUMENTS", arguments.c_str(), 1);
  const Ran second = run_process(job(), {.folder = folder_});
  ASSERT_EQ(second.exit_code, 0) << second.err;
  EXPECT_EQ(read("asked"), "requeue 77\n") << "a run that is complete needs no other job";
  ASSERT_EQ(evotts({"run", "long.toml", "--out", "alone", "--generations", std::to_string(wanted)}).exit_code,
            0);
  EXPECT_EQ(trees("a"), trees("alone"));
}

TEST_F(SlurmJob, AJobThatFailsIsNotQueuedAgain) {
  ::setenv("EXPERIMENT", "nothing.toml", 1);
  ::setenv("ARGUMENTS", "--trust", 1);
  const Ran ran = run_process(job(), {.folder = folder_});
  EXPECT_EQ(ran.exit_code, 2) << ran.err;
  EXPECT_FALSE(std::filesystem::exists(folder_ / "asked"));
}

}  // namespace
}  // namespace tests
