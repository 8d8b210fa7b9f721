// Pipes, devices and folders without end in a repository are refused before anything waits for them.
#include "evo/base/repository_files.hpp"

#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <sys/stat.h>

#include "evo/base/error.hpp"
#include "tests/support/temporary_run.hpp"

namespace evo {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

class RepositoryFiles : public TemporaryRun {
 protected:
  void SetUp() override {
    TemporaryRun::SetUp();
    RunRepository::create(run(), changes_of_generation(0), message_of_generation(0));
  }
  static std::string problem_of(const auto& work) {
    try {
      work();
    } catch (const RunError& error) {
      return error.what();
    }
    return "none";
  }
  void expect_refused(const std::string& what) const {
    EXPECT_THAT(problem_of([&] { RunRepository::open(run()); }), HasSubstr(what));
    EXPECT_THAT(problem_of([&] { RunRepository::open_for_writing(run()); }), HasSubstr(what));
  }
};

TEST_F(RepositoryFiles, PipesAreRefusedByName) {
  for (const char* name : {"config", "HEAD", "packed-refs", "refs/heads/main", "evotts.folder", "evotts.lock",
                           "info/exclude", "objects/info/alternates", "shallow", "commondir"}) {
    const fs::path place = run() / ".git" / name, kept = folder_ / "kept";
    const bool there = fs::exists(place);
    if (there) fs::rename(place, kept);
    fs::create_directories(place.parent_path());
    ASSERT_EQ(::mkfifo(place.c_str(), 0600), 0);
    expect_refused(std::string(".git/") + name + " is a pipe or a device");
    fs::remove(place);
    if (there) fs::rename(kept, place);
  }
  EXPECT_NO_THROW(RunRepository::open_for_writing(run()));
}

TEST_F(RepositoryFiles, PipesBehindLinksAreRefused) {
  ASSERT_EQ(::mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  fs::create_symlink(folder_ / "pipe", run() / ".git" / "packed-refs");
  EXPECT_THAT(problem_of([&] { RunRepository::open(run()); }), HasSubstr(".git/packed-refs is a pipe"));
  fs::remove(run() / ".git" / "packed-refs");
  fs::create_directories(folder_ / "elsewhere");
  fs::rename(folder_ / "pipe", folder_ / "elsewhere" / "x");
  fs::create_directory_symlink(folder_ / "elsewhere", run() / ".git" / "refs" / "tags2");
  EXPECT_THAT(problem_of([&] { RunRepository::open(run()); }), HasSubstr("tags2/x is a pipe"));
}

TEST_F(RepositoryFiles, PipesAmongBorrowedObjectsAreRefused) {
  fs::create_directories(folder_ / "borrowed" / "pack");
  fs::create_directories(run() / ".git" / "objects" / "info");
  std::ofstream(run() / ".git" / "objects" / "info" / "alternates")
      << (folder_ / "borrowed").string() << "\n";
  EXPECT_NO_THROW(RunRepository::open(run()));
  ASSERT_EQ(::mkfifo((folder_ / "borrowed" / "pack" / "a.idx").c_str(), 0600), 0);
  expect_refused("a.idx is a pipe");
}

TEST_F(RepositoryFiles, FoldersThatAreTooDeepAreRefused) {
  fs::path deep = run() / ".git" / "a";
  for (int i = 0; i < 20; ++i) deep /= "d";
  fs::create_directories(deep);
  expect_refused("is more than 16 folders deep");
}

TEST_F(RepositoryFiles, AFolderThatCannotBeLookedIntoStopsAWriter) {
  if (::geteuid() == 0) GTEST_SKIP() << "the superuser looks into every folder";
  const fs::path closed = run() / ".git" / "closed";
  fs::create_directories(closed);
  fs::permissions(closed, fs::perms::none);
  EXPECT_NO_THROW(RunRepository::open(run()));
  EXPECT_THAT(problem_of([&] { RunRepository::open_for_writing(run()); }),
              HasSubstr(".git/closed cannot be looked into"));
  fs::permissions(closed, fs::perms::owner_exec);
  EXPECT_THROW(RunRepository::open(run()), RunError);
  fs::permissions(closed, fs::perms::owner_all);
}

TEST_F(RepositoryFiles, RulesBesideTheFilesAreRegularFiles) {
  ASSERT_EQ(::mkfifo((run() / ".gitattributes").c_str(), 0600), 0);
  EXPECT_THAT(problem_of([&] { RunRepository::open(run()).edited_files(); }),
              HasSubstr(".gitattributes is a"));
  EXPECT_THAT(problem_of([&] { RunRepository::open_for_writing(run()); }), HasSubstr(".gitattributes is a"));
  fs::remove(run() / ".gitattributes");
  ASSERT_EQ(::mkfifo((run() / "population" / ".gitignore").c_str(), 0600), 0);
  EXPECT_THROW(RunRepository::open(run()).edited_files(), RunError);
}

TEST_F(RepositoryFiles, TheFoldersOfARepositoryAreThoseThatGitUses) {
  EXPECT_THAT(repository_folders(run()), ElementsAre(run() / ".git"));
  git(run(), "worktree add -q --detach " + (folder_ / "tree").string());
  EXPECT_THAT(repository_folders(folder_ / "tree"),
              ElementsAre(run() / ".git" / "worktrees" / "tree", run() / ".git"));
  git(folder_, "clone -q --bare run bare");
  EXPECT_THAT(repository_folders(folder_ / "bare"), ElementsAre(folder_ / "bare"));
  EXPECT_TRUE(repository_folders(folder_ / "none").empty());
}

}  // namespace
}  // namespace evo
