// With few files that may be open, everything either works or says what is wrong; nothing is lost.
#include <filesystem>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "tests/support/places.hpp"
#include "tests/support/small_run.hpp"

namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;
using tests::Ran;

class OpenFiles : public tests::SmallRun {
 protected:
  // Whoever runs the tests may have handed down open files, which count.
  Ran with_limit(int files, std::vector<std::string> arguments) const {
    const std::string script = fmt::format(
        "for i in {{3..254}}; do eval \"exec $i>&-\"; done; ulimit -n {}; exec \"$0\" \"$@\"", files);
    arguments.insert(arguments.begin(), {"/bin/bash", "-c", script, tests::kEvotts});
    return tests::run_process(arguments, {.folder = folder_});
  }
  static void expect_told(const Ran& ran, int files) {
    if (ran.exit_code == 0) return;
    EXPECT_THAT(ran.err, HasSubstr("'ulimit -n 1024'")) << files;
    EXPECT_THAT(ran.out, Not(HasSubstr("damage"))) << files;
  }
};

TEST_F(OpenFiles, TooManyAreSaidAsSuch) {
  run("a");
  int failed = 0;
  for (int files = 7; files <= 22; files += 3) {
    for (const std::vector<std::string>& arguments :
         {std::vector<std::string>{"status", "a"}, {"verify", "a", "--sample", "1"}, {"lineage", "a"}}) {
      const Ran ran = with_limit(files, arguments);
      expect_told(ran, files);
      failed += ran.exit_code != 0 ? 1 : 0;
    }
    fs::remove_all(folder_ / "b");
    const Ran fork = with_limit(files, {"fork", "a", "b"});
    expect_told(fork, files);
    failed += fork.exit_code != 0 ? 1 : 0;
    for (const auto& entry : fs::directory_iterator(folder_))
      EXPECT_THAT(entry.path().filename().string(), Not(HasSubstr(".new-"))) << files;
  }
  EXPECT_GT(failed, 3);
}

TEST_F(OpenFiles, ARunGoesOnWhereItStopped) {
  run("a");
  ASSERT_EQ(evotts({"fork", "a@1", "b"}).exit_code, 0);
  int failed = 0;
  for (int files = 8; files <= 40; files += 2) {
    const Ran ran = with_limit(files, {"resume", "b", "--generations", "4"});
    expect_told(ran, files);
    failed += ran.exit_code != 0 ? 1 : 0;
    EXPECT_EQ(git("b", {"fsck", "--strict", "--no-progress", "--no-dangling"}), "") << files;
  }
  EXPECT_GT(failed, 0);
  EXPECT_EQ(evotts({"resume", "b", "--generations", "4"}).exit_code, 0);
  EXPECT_EQ(tree("b"), tree("a"));
}

}  // namespace
