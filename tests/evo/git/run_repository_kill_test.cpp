// Kills a writer at random moments and looks at what is left.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <gtest/gtest.h>
#include <random>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include "evo/base/error.hpp"
#include "evo/git/run_repository.hpp"
#include "genome/base/rng.hpp"
#include "tests/support/temporary_run.hpp"

namespace evo {
namespace {

namespace fs = std::filesystem;

constexpr int kKills = 30;
constexpr int kGenerations = 400;

class RunRepositoryKillTest : public TemporaryRun {
 protected:
  // Starts the run or goes on with it, until someone kills this process.
  [[noreturn]] void write_generations() const {
    try {
      const auto from_nothing = [&] {
        return RunRepository::create(run(), changes_of_generation(0), message_of_generation(0));
      };
      auto repository = fs::exists(run()) ? RunRepository::open_for_writing(run()) : from_nothing();
      repository.set_fold_at(5);  // So that folding is interrupted too.
      for (int g = generation_of(repository) + 1; g < kGenerations; ++g) {
        repository.commit(changes_of_generation(g), message_of_generation(g));
      }
    } catch (const std::exception& error) {
      std::fprintf(stderr, "child: %s\n", error.what());
      _exit(1);
    }
    _exit(0);
  }

  static int generation_of(const RunRepository& repository) {
    return std::stoi(repository.log(1).front().trailers.at("Generation"));
  }

  // The newest generation is readable, and every one below it is there.
  void expect_generations_up_to(int generation) const {
    const auto repository = RunRepository::open(run());
    EXPECT_EQ(generation_of(repository), generation);
    EXPECT_EQ(repository.read("checkpoint.bin"), changes_of_generation(generation).put["checkpoint.bin"]);
    const auto commits = repository.log();
    ASSERT_EQ(commits.size(), static_cast<std::size_t>(generation) + 1);
    EXPECT_EQ(git(run(), "fsck --strict --no-progress --no-dangling"), "");
  }
};

TEST_F(RunRepositoryKillTest, AKilledWriterLeavesAWholeGeneration) {
  auto rng = genome::base::keyed_stream(std::random_device{}(), genome::base::Purpose::kTest);
  int generation = -1, longest = 250'000;  // microseconds
  for (int round = 0; round < kKills; ++round) {
    const pid_t child = ::fork();
    if (child == 0) write_generations();
    std::this_thread::sleep_for(std::chrono::microseconds(genome::base::uniform_int(rng, 3'000, longest)));
    kill(child, SIGKILL);
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
    if (!fs::exists(run())) {  // on a busy machine nothing may be there yet
      longest = std::min(2 * longest, 8'000'000);
      continue;
    }
    const int now = generation_of(RunRepository::open(run()));
    EXPECT_GE(now, generation) << "a committed generation is gone";
    generation = now;
    expect_generations_up_to(generation);
    if (HasFailure()) return;
  }
  auto repository = RunRepository::open_for_writing(run());
  expect_whole(run());
  EXPECT_NE(git(run(), "count-objects -v").find("garbage: 0\n"), std::string::npos);
  for (int g = generation + 1; g < generation + 4; ++g) {
    repository.commit(changes_of_generation(g), message_of_generation(g));
  }
  expect_whole(run());

  // The kills left no trace in the content: an uninterrupted run has the same trees.
  auto calm = RunRepository::create(folder_ / "calm", changes_of_generation(0), message_of_generation(0));
  for (int g = 1; g < generation + 4; ++g) calm.commit(changes_of_generation(g), message_of_generation(g));
  const auto interrupted = repository.log();
  const auto expected = calm.log();
  ASSERT_EQ(interrupted.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_EQ(interrupted[i].tree, expected[i].tree);
  RecordProperty("generations", generation);
}

}  // namespace
}  // namespace evo
