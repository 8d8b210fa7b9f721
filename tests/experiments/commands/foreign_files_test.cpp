// What lies in a run of somebody else's, and what its experiment names, is neither waited for nor read on
// without end: every command that meets it says so.
#include <filesystem>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <sys/stat.h>
#include <vector>

#include "tests/support/small_run.hpp"

namespace {

namespace fs = std::filesystem;

class ForeignFiles : public tests::SmallRun {
 protected:
  void make_pipe(const std::string& path) const { ASSERT_EQ(::mkfifo((folder_ / path).c_str(), 0600), 0); }
  // Every file would be read before and after by rejects(), pipes too.
  void refuses(const std::vector<std::string>& arguments, const std::string& words) const {
    const tests::Ran ran = evotts(arguments);
    EXPECT_EQ(ran.exit_code, 2) << ran.err;
    EXPECT_THAT(ran.err, testing::HasSubstr(words));
  }
};

TEST_F(ForeignFiles, ALogThatIsALinkOrAPipeIsRefused) {
  run("a");
  EXPECT_THAT(evotts({"status", "a"}).out, testing::HasSubstr("episodes a second"));
  fs::remove(folder_ / "a/run.log");
  fs::create_symlink("/dev/null", folder_ / "a/run.log");
  refuses({"status", "a"}, "a/run.log is a symbolic link");
  refuses({"resume", "a", "--generations", "5"}, "run.log is a symbolic link");
  fs::remove(folder_ / "a/run.log");
  make_pipe("a/run.log");
  refuses({"status", "a"}, "a/run.log is a pipe or a device");
  refuses({"resume", "a", "--generations", "5"}, "run.log is no regular file");
}

TEST_F(ForeignFiles, OnlyTheEndOfALongLogIsRead) {
  run("a");
  std::string log(100'000, 'x');
  log += "\n" + read("a/run.log");
  write("a/run.log", log);
  EXPECT_THAT(evotts({"status", "a"}).out, testing::HasSubstr("(last 4 generations)"));
}

TEST_F(ForeignFiles, ANoteThatIsALinkOrTooLargeIsRefused) {
  run("a");
  write("a/.git/evotts.folder", std::string(5000, 'x'));
  refuses({"resume", "a", "--generations", "5"}, "evotts.folder is larger than 4096 bytes");
  fs::remove(folder_ / "a/.git/evotts.folder");
  make_pipe("a/.git/evotts.folder");
  for (const char* command : {"status", "verify", "resume", "log"})
    refuses({command, "a"}, ".git/evotts.folder is a pipe or a device");
}

TEST_F(ForeignFiles, RulesThatAreReadFromElsewhereAreRefused) {
  run("a");
  git("a", {"config", "core.excludesFile", "/dev/null"});
  for (const char* command : {"status", "verify", "resume", "log"})
    refuses({command, "a"}, "core.excludesFile in .git/config");
}

TEST_F(ForeignFiles, AnEnvironmentIsARegularFile) {
  make_pipe("pipe.json");
  write("e.toml", tests::SmallExperiment{.search = "pipe.json"}.toml());
  refuses({"run", "e.toml", "--out", "a"}, "pipe.json: is a pipe or a device, not a regular file");
  write("e.toml", tests::SmallExperiment{.search = "/dev/null"}.toml());
  refuses({"run", "e.toml", "--out", "a"}, "/dev/null: is a pipe or a device, not a regular file");
}

}  // namespace
