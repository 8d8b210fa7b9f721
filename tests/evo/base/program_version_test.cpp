#include "evo/base/program_version.hpp"

#include <chrono>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <string>
#include <vector>

#include "tests/support/places.hpp"
#include "tests/support/run_process.hpp"
#include "tests/support/temporary_run.hpp"

namespace evo {
namespace {

namespace fs = std::filesystem;

TEST(ProgramVersion, SaysWhichCommitAndWhetherItWasModified) {
  const std::string commit(program_commit());
  const std::string hash = commit.substr(0, commit.find(' '));
  EXPECT_TRUE(hash == "unknown" ||
              (hash.size() >= 40 && hash.find_first_not_of("0123456789abcdef") == hash.npos))
      << commit;
  EXPECT_EQ(program_version().find("modified") != std::string::npos, commit.ends_with(" modified"));
  EXPECT_NE(program_version().find("(commit " + hash), std::string::npos) << program_version();
  EXPECT_TRUE(program_trailer().ends_with(" " + commit)) << program_trailer();
}

// The script that every build runs, on repositories of its own.
class ProgramCommit : public TemporaryRun {
 protected:
  void SetUp() override {
    TemporaryRun::SetUp();
    sources_ = folder_ / "sources";
    fs::create_directory(sources_);
    git(sources_, "init -q -b main");
    change("one");
    commit();
  }
  void change(const std::string& text) const { std::ofstream(sources_ / "file") << text; }
  void commit() const {
    git(sources_, "add file");
    git(sources_, "-c user.name=x -c user.email=x@localhost commit -q -m x");
  }
  static std::string head(const fs::path& folder) {
    const std::string id = git(folder, "rev-parse HEAD");
    return id.substr(0, id.size() - 1);
  }

  // What a build of these sources would say of its commit.
  std::string asked(const fs::path& folder, const std::map<std::string, std::string>& variables = {},
                    const std::vector<std::string>& more = {}) const {
    std::vector<std::string> command = {
        "/usr/bin/env", "cmake", "-D", "SOURCE=" + folder.string(), "-D", "OUTPUT=" + output().string()};
    command.insert(command.end(), more.begin(), more.end());
    command.insert(command.end(), {"-P", std::string(tests::kSourceDir) + "/evo/base/program_commit.cmake"});
    const tests::Ran ran = tests::run_process(command, {.variables = variables});
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    const std::string text = content_of(output());
    const auto begin = text.find("return \"") + 8;
    return text.substr(begin, text.find('"', begin) - begin);
  }
  fs::path output() const { return folder_ / "commit.cpp"; }

  fs::path sources_;
};

TEST_F(ProgramCommit, FollowsTheHistory) {
  const std::string first = head(sources_);
  EXPECT_EQ(asked(sources_), first);
  change("two");
  EXPECT_EQ(asked(sources_), first + " modified");
  commit();
  EXPECT_EQ(asked(sources_), head(sources_));
  EXPECT_NE(asked(sources_), first);
  std::ofstream(sources_ / "untracked") << "x";
  EXPECT_EQ(asked(sources_), head(sources_));
}

TEST_F(ProgramCommit, IsWrittenOnlyWhenItIsAnother) {
  asked(sources_);
  const auto long_ago = fs::file_time_type::clock::now() - std::chrono::hours(1);
  fs::last_write_time(output(), long_ago);
  asked(sources_);
  EXPECT_EQ(fs::last_write_time(output()), long_ago);
  change("two");
  asked(sources_);
  EXPECT_NE(fs::last_write_time(output()), long_ago);
}

TEST_F(ProgramCommit, IsFoundInClonesAndWorktrees) {
  change("two");
  commit();
  const fs::path shallow = folder_ / "shallow", worktree = folder_ / "worktree";
  git(folder_, fmt::format("clone -q --depth 1 'file://{}' '{}'", sources_.string(), shallow.string()));
  EXPECT_EQ(asked(shallow), head(sources_));
  git(sources_, fmt::format("worktree add -q '{}' HEAD~1", worktree.string()));
  EXPECT_EQ(asked(worktree), head(worktree));
  EXPECT_NE(asked(worktree), head(sources_));
}

// As in a release that lies unpacked in somebody's own repository.
TEST_F(ProgramCommit, OfAnotherRepositoryIsNotTaken) {
  const fs::path inside = sources_ / "vendor" / "evotts";
  fs::create_directories(inside);
  EXPECT_EQ(asked(inside), "unknown");
  const fs::path other = folder_ / "other";
  fs::create_directory(other);
  git(other, "init -q -b main");
  EXPECT_EQ(asked(sources_, {{"GIT_DIR", (other / ".git").string()}}), head(sources_));
  EXPECT_EQ(asked(other), "unknown") << "no commit yet";
}

TEST_F(ProgramCommit, IsUnknownWithoutGit) {
  EXPECT_EQ(asked(sources_, {}, {"-D", "GIT=" + (folder_ / "no-git").string()}), "unknown");
}

}  // namespace
}  // namespace evo
