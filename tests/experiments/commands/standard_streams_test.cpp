// The program without standard streams, and output into what is no ordinary file.
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <sys/stat.h>
#include <vector>

#include "tests/support/places.hpp"
#include "tests/support/small_run.hpp"

namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using tests::Ran;

class StandardStreams : public tests::SmallRun {
 protected:
  // "$0" is the program; $@ are its arguments.
  Ran shell(const std::string& script, std::vector<std::string> arguments = {}) const {
    arguments.insert(arguments.begin(), {"/bin/sh", "-c", script, tests::kEvotts});
    return tests::run_process(arguments, {.folder = folder_});
  }
};

TEST_F(StandardStreams, ARunNeedsNoneOfThem) {
  run("a");
  for (const char* closed : {"<&-", ">&-", "2>&-", "<&- >&- 2>&-"}) {
    fs::remove_all(folder_ / "b");
    const Ran ran = shell(std::string("\"$0\" run small.toml --out b ") + closed);
    EXPECT_EQ(ran.exit_code, 0) << closed << ran.err;
    EXPECT_EQ(trees("b"), trees("a")) << closed;
    EXPECT_EQ(git("b", {"fsck", "--strict", "--no-progress", "--no-dangling"}), "") << closed;
    EXPECT_EQ(read("b/.git/evotts.lock"), "") << closed;
    EXPECT_EQ(git("b", {"status", "--porcelain"}), "") << closed;
    EXPECT_EQ(shell(std::string("\"$0\" resume b --generations 5 ") + closed).exit_code, 0) << closed;
    EXPECT_EQ(read("b/.git/evotts.lock"), "") << closed;
  }
}

TEST_F(StandardStreams, WhatIsPrintedInVainHasFailed) {
  run("a");
  const Ran ran = shell("\"$0\" status a >&-");
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_THAT(ran.err, HasSubstr("cannot write standard output"));
  EXPECT_EQ(shell("\"$0\" check - <&-").exit_code, 2);
  EXPECT_EQ(shell("\"$0\" status a > /dev/full").exit_code, 1);
}

TEST_F(StandardStreams, ARunGoesOnWhenItCannotTell) {
  const Ran ran = shell("\"$0\" run small.toml --out b > /dev/full");
  EXPECT_EQ(ran.exit_code, 1) << "it did its work, and what it was to tell is lost";
  EXPECT_THAT(ran.err, HasSubstr("cannot write standard output"));
  run("a");
  EXPECT_EQ(trees("b"), trees("a"));
}

TEST_F(StandardStreams, ControllersAreWrittenIntoDevicesAndPipes) {
  run("a");
  const std::string best = read("a/best.ctl");
  EXPECT_EQ(shell("\"$0\" export a -o /dev/null").exit_code, 0);
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
  EXPECT_EQ(shell("\"$0\" export a -o /dev/stdout | cat").out, best);
  EXPECT_EQ(shell("\"$0\" export a -o /dev/stdout > out && cat out").out, best);
  EXPECT_EQ(shell("echo before > out; \"$0\" export a -o /dev/stdout >> out && cat out").out,
            "before\n" + best);
  ASSERT_EQ(::mkfifo((folder_ / "fifo").c_str(), 0600), 0);
  EXPECT_EQ(shell("cat fifo > read & \"$0\" export a -o fifo && wait && cat read").out, best);
  EXPECT_TRUE(fs::is_fifo(folder_ / "fifo"));
  EXPECT_EQ(shell("\"$0\" export a -o /dev/full").exit_code, 1);
}

}  // namespace
