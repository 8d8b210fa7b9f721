// git's garbage collection and the writer of a run keep out of each other's way.
#include "evo/locks/gc_guard.hpp"

#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "evo/base/error.hpp"
#include "tests/support/temporary_run.hpp"

namespace evo {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class GcGuardTest : public TemporaryRun {
 protected:
  void SetUp() override {
    TemporaryRun::SetUp();
    run_ = run();
    fs::create_directories(run_ / ".git");
  }
  fs::path file() const { return run_ / ".git" / "gc.pid"; }
  std::string content() const { return content_of(file()); }
  void write(const std::string& text) const { std::ofstream(file()) << text; }
  static std::string host() {
    char name[256] = {};
    gethostname(name, sizeof name - 1);
    return name;
  }
  fs::path run_;
};

TEST_F(GcGuardTest, NamesThisProcessAsLongAsItStandsEvenWhenTheRunMoves) {
  {
    const GcGuard guard(run_);
    EXPECT_EQ(content(), std::to_string(getpid()) + " " + host() + " evotts");
    const auto old = fs::last_write_time(file()) - std::chrono::hours(11);
    fs::last_write_time(file(), old);
    guard.keep();
    EXPECT_GT(fs::last_write_time(file()), old + std::chrono::hours(10));
    const fs::path moved = run_.string() + ".moved";
    fs::rename(run_, moved);
    run_ = moved;
  }
  EXPECT_FALSE(fs::exists(file()));
}

TEST_F(GcGuardTest, WaitsForALivingCollectorOnlyAndNamesIt) {
  write(std::to_string(getppid()) + " " + host());
  try {
    const GcGuard guard(run_, {}, std::chrono::milliseconds(60));
    FAIL() << "a living process collects";
  } catch (const RunError& error) {
    EXPECT_THAT(error.what(), HasSubstr("process " + std::to_string(getppid()) + " on " + host()));
    EXPECT_THAT(error.what(), HasSubstr("rm " + file().string()));
  }
  EXPECT_EQ(content(), std::to_string(getppid()) + " " + host()) << "it is not ours";
  for (const std::string& stale : {std::string("4194399 ") + host(), std::string("rubbish"), std::string()}) {
    write(stale);
    const GcGuard guard(run_, {}, std::chrono::milliseconds(0));
    EXPECT_EQ(content(), std::to_string(getpid()) + " " + host() + " evotts");
  }
  write("1 elsewhere");
  EXPECT_THROW(GcGuard(run_, {}, std::chrono::milliseconds(0)), RunError);
  fs::last_write_time(file(), fs::last_write_time(file()) - std::chrono::hours(13));
  EXPECT_NO_THROW(GcGuard(run_, {}, std::chrono::milliseconds(0)));
}

// Killed on another machine or in another container, or its number belongs to somebody else by now.
TEST_F(GcGuardTest, WhatAKilledWriterLeftIsTakenOver) {
  const std::string alive = std::to_string(getppid());
  for (const std::string& left : {std::string("7 elsewhere evotts"), alive + " " + host() + " evotts"}) {
    write(left);
    EXPECT_NO_THROW(GcGuard(run_, {}, std::chrono::milliseconds(0))) << left;
  }
  for (const std::string& unmarked : {std::string("7 elsewhere"), "7 " + host()}) {
    write(unmarked);
    EXPECT_NO_THROW(GcGuard(run_, pid_t{7}, std::chrono::milliseconds(0))) << "of an earlier program";
  }
  write("7 elsewhere");
  EXPECT_THROW(GcGuard(run_, pid_t{8}, std::chrono::milliseconds(0)), RunError) << "somebody else's";
}

TEST_F(GcGuardTest, GitUnderstandsIt) {
  std::filesystem::remove_all(run_);
  RunRepository::create(run_, changes_of_generation(0), message_of_generation(0));
  const GcGuard guard(run_);
  const std::string command =
      "git -c safe.directory='*' -C '" + run_.string() + "' gc -q 2>/dev/null >/dev/null";
  EXPECT_NE(std::system(command.c_str()), 0) << "git gc has to refuse";
}

}  // namespace
}  // namespace evo
