// Runs that may be looked at and not written to: of a read-only file system, or somebody else's.
#include <filesystem>
#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <unistd.h>
#include <vector>

#include "tests/support/places.hpp"
#include "tests/support/small_run.hpp"

namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using tests::Ran;
using tests::run_process;

constexpr const char* kNobody = "65534";

class ReadOnlyRuns : public tests::SmallRun {
 protected:
  void SetUp() override {
    SmallRun::SetUp();
    run("a");
    fs::permissions(folder_, fs::perms::all);  // so that others can make runs of their own here
  }
  void TearDown() override {
    for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
      if (entry.is_directory()) fs::permissions(entry, fs::perms::owner_all, fs::perm_options::add);
    }
    SmallRun::TearDown();
  }

  // As a user for whom permissions count: root is made nobody, everybody else stays.
  Ran as_other(std::vector<std::string> arguments) const {
    std::vector<std::string> command;
    if (::geteuid() == 0)
      command = {"/usr/bin/env", "setpriv", "--reuid", kNobody, "--regid", kNobody, "--clear-groups"};
    command.emplace_back(tests::kEvotts);
    command.insert(command.end(), arguments.begin(), arguments.end());
    return run_process(command, {.folder = folder_});
  }
  bool others_can_be_had() const {
    if (::geteuid() != 0) return true;
    const Ran ran = as_other({"--version"});
    return ran.exit_code == 0;
  }

  // Every reader works, and a fork is a run of one's own.
  void expect_readable(const std::function<Ran(std::vector<std::string>)>& evotts_here) {
    for (const std::vector<std::string>& reader : {std::vector<std::string>{"status", "a"},
                                                   {"log", "a"},
                                                   {"lineage", "a"},
                                                   {"verify", "a", "--sample", "1"},
                                                   {"export", "a"},
                                                   {"diff", "a@0:best", "a:best"},
                                                   {"unseal", "a", "--list"}}) {
      const Ran ran = evotts_here(reader);
      EXPECT_EQ(ran.exit_code, 0) << reader.front() << "\n" << ran.out << ran.err;
    }
    const Ran fork = evotts_here({"fork", "a@2", "mine"});
    EXPECT_EQ(fork.exit_code, 0) << fork.err;
    EXPECT_EQ(evotts_here({"resume", "mine", "--generations", "3"}).exit_code, 0);
  }
};

TEST_F(ReadOnlyRuns, ARunOfSomebodyElseIsCalledThat) {
  if (::geteuid() != 0 || !others_can_be_had()) GTEST_SKIP() << "only root can be somebody else, by setpriv";
  const auto evotts_here = [&](std::vector<std::string> arguments) { return as_other(std::move(arguments)); };
  const Ran ran = as_other({"resume", "a"});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_THAT(ran.err, AllOf(HasSubstr("a: belongs to root and may not be written to by nobody"),
                             HasSubstr("evotts fork ")));
  expect_readable(evotts_here);
}

TEST_F(ReadOnlyRuns, ARunWithoutPermissionsToWriteIsCalledReadOnly) {
  if (!others_can_be_had()) GTEST_SKIP() << "root may write anywhere, and setpriv is not here";
  if (::geteuid() == 0) {
    EXPECT_EQ(run_process({"/usr/bin/env", "chown", "-R", kNobody, (folder_ / "a").string()}).exit_code, 0);
  }
  EXPECT_EQ(run_process({"/usr/bin/env", "chmod", "-R", "a-w", (folder_ / "a").string()}).exit_code, 0);
  const Ran ran = as_other({"resume", "a"});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_THAT(ran.err, AllOf(HasSubstr("a: is read-only: "), HasSubstr("evotts fork "),
                             HasSubstr("Permission denied")));
  expect_readable([&](std::vector<std::string> arguments) { return as_other(std::move(arguments)); });
}

TEST_F(ReadOnlyRuns, ARunThatMayNotBeReadSaysSo) {
  if (::geteuid() != 0 || !others_can_be_had()) GTEST_SKIP() << "only root can be somebody else, by setpriv";
  fs::permissions(folder_ / "a" / ".git", fs::perms::owner_all);
  for (const char* command : {"status", "resume", "verify", "fork", "unseal"}) {
    std::vector<std::string> arguments = {command, "a"};
    if (arguments.front() == "fork") arguments.emplace_back("b");
    const Ran ran = as_other(arguments);
    EXPECT_EQ(ran.exit_code, 2) << command << ran.out;
    EXPECT_THAT(ran.err, HasSubstr("a: belongs to root and may not be read by nobody")) << command;
  }
}

// A mount of its own, which is gone with the process.
TEST_F(ReadOnlyRuns, AReadOnlyFileSystemIsCalledThat) {
  const auto mounted = [&](std::vector<std::string> arguments) {
    std::string command = "mount --bind a a && mount -o remount,bind,ro a && exec \"$0\" \"$@\"";
    std::vector<std::string> all = {"/usr/bin/env", "unshare", "--mount",     "/bin/sh",
                                    "-c",           command,   tests::kEvotts};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return run_process(all, {.folder = folder_});
  };
  if (mounted({"--version"}).exit_code != 0) GTEST_SKIP() << "nothing may be mounted here";
  const Ran ran = mounted({"resume", "a"});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_THAT(ran.err,
              AllOf(HasSubstr("a: is read-only: it lies on a file system that may not be written to"),
                    HasSubstr("evotts fork ")));
  expect_readable(mounted);
}

}  // namespace
