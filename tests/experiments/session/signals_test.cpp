// How a run ends by signals, and that its model's command ends with it.
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iterator>
#include <memory>
#include <pty.h>
#include <sstream>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

#include "tests/support/places.hpp"
#include "tests/support/process.hpp"
#include "tests/support/small_run.hpp"

namespace {

namespace fs = std::filesystem;
using durability::Process;
using testing::HasSubstr;

class SignalsTest : public tests::SmallRun {
 protected:
  static constexpr const char* kMany = "100000";  // generations, more than any test lets be made

  // Programs get SIGHUP as a shell gives it to them, even where the tests are run by nohup.
  void SetUp() override {
    SmallRun::SetUp();
    hangup_ = ::signal(SIGHUP, SIG_DFL);
  }
  void TearDown() override {
    ::signal(SIGHUP, hangup_);
    SmallRun::TearDown();
  }

  template <typename Condition>
  static bool comes_true(Condition condition) {
    for (int look = 0; look < 3000; ++look) {
      if (condition()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
  }

  sighandler_t hangup_ = SIG_DFL;

  bool begun(const std::string& run) const { return fs::exists(folder_ / run / ".git"); }

  // Gone, or dead and only not yet waited for.
  static bool is_dead(pid_t pid) {
    std::ifstream file(fmt::format("/proc/{}/stat", pid));
    const std::string stat{std::istreambuf_iterator<char>(file), {}};
    return stat.empty() || stat.find(") Z ") != std::string::npos;
  }

  void expect_whole(const std::string& run) {
    const tests::Ran verified = evotts({"verify", run, "--sample", "1"});
    EXPECT_EQ(verified.exit_code, 0) << verified.out << verified.err;
    EXPECT_EQ(git(run, {"status", "--porcelain"}), "");
  }
};

TEST_F(SignalsTest, EachStopsAtAWholeGeneration) {
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    fs::remove_all(folder_ / "a");
    Process process({tests::kEvotts, "run", "small.toml", "--out", "a", "--generations", kMany}, folder_);
    ASSERT_TRUE(comes_true([&] { return begun("a"); }));
    process.signal(number);
    EXPECT_EQ(process.wait(), 0) << number;
    EXPECT_THAT(read("out.txt"), HasSubstr("stopped after generation"));
    EXPECT_THAT(read("out.txt"), HasSubstr("go on with: evotts resume a\n"));
    expect_whole("a");
  }
}

TEST_F(SignalsTest, NohupKeepsItGoing) {
  Process process(
      {"/usr/bin/env", "nohup", tests::kEvotts, "run", "small.toml", "--out", "a", "--generations", kMany},
      folder_);
  ASSERT_TRUE(comes_true([&] { return begun("a"); }));
  const std::string then = git("a", {"rev-parse", "main"});
  process.signal(SIGHUP);
  EXPECT_TRUE(comes_true([&] { return git("a", {"rev-parse", "main"}) != then; }));
  process.signal(SIGTERM);
  EXPECT_EQ(process.wait(), 0);
  expect_whole("a");
}

// A run in a terminal of its own, which is closed while it runs: the kernel sends SIGHUP, and whatever is
// written from then on fails.
class TerminalRun : public SignalsTest {
 protected:
  // The exit code.
  int run_in_terminal(std::vector<std::string> command) {
    std::vector<char*> arguments;
    for (std::string& each : command) arguments.push_back(each.data());
    arguments.push_back(nullptr);
    int terminal = -1;
    const pid_t child = ::forkpty(&terminal, nullptr, nullptr, nullptr);
    if (child == 0) {
      if (::chdir(folder_.c_str()) != 0) ::_exit(126);
      ::execv(arguments.front(), arguments.data());
      ::_exit(127);
    }
    EXPECT_TRUE(comes_true([&] { return begun("a"); }));
    ::close(terminal);
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
};

TEST_F(TerminalRun, AClosedOneStopsItAtAWholeGeneration) {
  EXPECT_LE(run_in_terminal({tests::kEvotts, "run", "small.toml", "--out", "a", "--generations", kMany}), 1);
  expect_whole("a");
}

TEST_F(TerminalRun, AClosedOneDoesNotEndWhatIsToGoOn) {
  EXPECT_EQ(
      run_in_terminal({"/bin/sh", "-c", "trap '' HUP; exec \"$0\" run small.toml --out a --generations 30",
                       tests::kEvotts}),
      1)
      << "not all could be told";
  expect_whole("a");
  EXPECT_THAT(git("a", {"log", "-1", "--format=%s"}), HasSubstr("generation 30:"));
}

class CommandsEnd : public SignalsTest {
 protected:
  // A model that hangs, with a child that hangs; in pids stand their numbers.
  void SetUp() override {
    SignalsTest::SetUp();
    write("model.sh",
          "#!/bin/sh\ntrap '' HUP INT TERM\nsleep 300 &\necho $$ $! > pids.part && mv pids.part pids\n"
          "while :; do sleep 300; done\n");
    fs::permissions(folder_ / "model.sh", fs::perms::owner_all);
  }

  // A run goes on until its model has been asked.
  void begin_run(const tests::SmallExperiment& experiment) {
    write("model.toml", experiment.toml());
    fs::remove(folder_ / "pids");
    fs::remove_all(folder_ / "a");
    // A sanitizer would take SIGSEGV for itself.
    process_ = std::make_unique<Process>(
        std::vector<std::string>{"/usr/bin/env", "ASAN_OPTIONS=handle_segv=0", tests::kEvotts, "run",
                                 "--trust", "model.toml", "--out", "a"},
        folder_);
    ASSERT_TRUE(comes_true([&] { return fs::exists(folder_ / "pids"); })) << read("err.txt");
    command_ = child_ = 0;
    std::istringstream(read("pids")) >> command_ >> child_;
    ASSERT_GT(child_, 0);
  }

  void expect_ended(int code) {
    EXPECT_EQ(process_->wait_for(std::chrono::seconds(60)), code) << read("err.txt");
    EXPECT_TRUE(comes_true([&] { return is_dead(command_) && is_dead(child_); }))
        << command_ << " " << child_ << " after " << code;
    const tests::Ran ran = evotts({"verify", "a", "--sample", "1"});
    EXPECT_EQ(ran.exit_code, 0) << ran.out << ran.err << " after " << code;
  }

  std::unique_ptr<Process> process_;
  pid_t command_ = 0, child_ = 0;
};

TEST_F(CommandsEnd, WithTheRunHoweverThatEnds) {
  using Ending = std::pair<int, int>;  // by this signal, with this exit code
  for (const auto& [signal, code] : {Ending{SIGKILL, 128 + SIGKILL}, Ending{SIGTERM, 0}, Ending{SIGHUP, 0},
                                     Ending{SIGSEGV, 128 + SIGSEGV}}) {
    ASSERT_NO_FATAL_FAILURE(
        begin_run({.more = {{"model", "command = [\"./model.sh\"]\nshare = 0.5\npatience = 0\n"}}}));
    process_->signal(signal);
    expect_ended(code);
  }
}

// The first signal meets a generation of so many children that it is still at work when the second comes.
TEST_F(CommandsEnd, WithTheRunAtTheSecondSignal) {
  ASSERT_NO_FATAL_FAILURE(begin_run({.search = "synthetic:seed=5,questions=60,branches=24",
                                     .orderings = 30,
                                     .children = 2000,
                                     .more = {{"model", "command = [\"./model.sh\"]\nshare = 0.02\n"}}}));
  process_->signal(SIGINT);
  ASSERT_TRUE(comes_true([&] { return read("err.txt").find("a second signal stops") != std::string::npos; }));
  process_->signal(SIGTERM);
  expect_ended(128 + SIGTERM);
}

}  // namespace
