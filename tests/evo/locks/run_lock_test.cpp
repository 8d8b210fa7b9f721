#include "evo/locks/run_lock.hpp"

#include <array>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

#include "evo/base/error.hpp"

namespace evo {
namespace {

namespace fs = std::filesystem;

class RunLockTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "evotts-lock-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    run_ = pattern;
    fs::create_directory(run_ / ".git");
  }
  void TearDown() override { fs::remove_all(run_); }

  // A child process that holds the lock until it is killed; returns once it has it.
  pid_t holding_child() const {
    std::array<int, 2> pipe_ends{};
    EXPECT_EQ(pipe(pipe_ends.data()), 0);
    const pid_t child = fork();
    if (child == 0) {
      const RunLock lock(run_);
      if (write(pipe_ends[1], "x", 1) != 1) _exit(1);
      while (true) pause();
    }
    char byte = 0;
    EXPECT_EQ(read(pipe_ends[0], &byte, 1), 1);
    close(pipe_ends[0]);
    close(pipe_ends[1]);
    return child;
  }

  static void kill_child(pid_t child) {
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
  }

  fs::path lock_file() const { return run_ / ".git" / "evotts.lock"; }

  fs::path run_;
};

TEST_F(RunLockTest, SecondWriterIsToldThePidOfTheFirst) {
  const pid_t child = holding_child();
  try {
    const RunLock lock(run_);
    ADD_FAILURE() << "two writers";
  } catch (const RunError& error) {
    EXPECT_NE(std::string(error.what()).find("process " + std::to_string(child)), std::string::npos)
        << error.what();
    EXPECT_NE(std::string(error.what()).find(run_.string()), std::string::npos);
  }
  EXPECT_EQ(RunLock::holder(run_), child);
  kill_child(child);
}

TEST_F(RunLockTest, LockOfAKilledProcessIsTakenOver) {
  kill_child(holding_child());
  EXPECT_TRUE(fs::file_size(lock_file()) > 0) << "the killed process left its name";
  EXPECT_EQ(RunLock::holder(run_), std::nullopt);
  const RunLock lock(run_);
  EXPECT_EQ(RunLock::holder(run_), getpid());
}

// A zombie still has its pid; it holds nothing.
TEST_F(RunLockTest, LockOfAProcessNotYetWaitedForIsTakenOver) {
  const pid_t child = holding_child();
  kill(child, SIGKILL);
  siginfo_t info{};
  ASSERT_EQ(waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT), 0);
  EXPECT_EQ(RunLock::holder(run_), std::nullopt);
  EXPECT_NO_THROW(RunLock{run_});
  waitpid(child, nullptr, 0);
}

TEST_F(RunLockTest, APidUsedAgainIsNotTheHolder) {
  std::ofstream(lock_file()) << "pid " << getpid() << "\nstart 1\n";
  EXPECT_EQ(RunLock::holder(run_), std::nullopt);
  EXPECT_NO_THROW(RunLock{run_});
}

TEST_F(RunLockTest, RubbishInTheFileIsNoHolder) {
  for (const char* text : {"", "pid", "pid -1\nstart 5\n", "start 1\npid 1\n", "\xff\xfe"}) {
    std::ofstream(lock_file(), std::ios::trunc) << text;
    EXPECT_EQ(RunLock::holder(run_), std::nullopt);
    EXPECT_NO_THROW(RunLock{run_});
  }
}

TEST_F(RunLockTest, OneProcessExcludesItselfAndReleases) {
  {
    RunLock lock(run_);
    EXPECT_THROW(RunLock{run_}, RunError);
    const RunLock moved(std::move(lock));
    EXPECT_THROW(RunLock{run_}, RunError);
  }
  EXPECT_EQ(RunLock::holder(run_), std::nullopt);
  EXPECT_NO_THROW(RunLock{run_});
}

TEST_F(RunLockTest, NoFolderIsAStorageErrorWithItsPath) {
  try {
    const RunLock lock(run_ / "missing");
    ADD_FAILURE();
  } catch (const StorageError& error) {
    EXPECT_NE(std::string(error.what()).find("missing/.git/evotts.lock"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace evo
