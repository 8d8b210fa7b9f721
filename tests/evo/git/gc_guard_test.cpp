// git's garbage collection and the writer of a run keep out of each other's way.
#include "evo/git/gc_guard.hpp"

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
    EXPECT_EQ(content(), std::to_string(getpid()) + " " + host());
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
    const GcGuard guard(run_, std::chrono::milliseconds(60));
    FAIL() << "a living process collects";
  } catch (const RunError& error) {
    EXPECT_THAT(error.what(), HasSubstr("process " + std::to_string(getppid())));
  }
  EXPECT_EQ(content(), std::to_string(getppid()) + " " + host()) << "it is not ours";
  for (const std::string& stale : {std::string("4194399 ") + host(), std::string("rubbish"), std::string()}) {
    write(stale);
    const GcGuard guard(run_, std::chrono::milliseconds(0));
    EXPECT_EQ(content(), std::to_string(getpid()) + " " + host());
  }
  write("1 elsewhere");
  EXPECT_THROW(GcGuard(run_, std::chrono::milliseconds(0)), RunError);
  fs::last_write_time(file(), fs::last_write_time(file()) - std::chrono::hours(13));
  EXPECT_NO_THROW(GcGuard(run_, std::chrono::milliseconds(0)));
}

}  // namespace
}  // namespace evo
