// A run that would lead its writer to files elsewhere is refused, and those files stay as they are.
#include "evo/git/own_folder.hpp"

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
using testing::HasSubstr;

class OwnFolderTest : public TemporaryRun {
 protected:
  void SetUp() override {
    TemporaryRun::SetUp();
    auto repository = RunRepository::create(run(), changes_of_generation(0), message_of_generation(0));
    repository.commit(changes_of_generation(1), message_of_generation(1));
    fs::create_directories(elsewhere());
    std::ofstream(elsewhere() / "best.ctl") << "precious";
  }
  fs::path elsewhere() const { return folder_ / "elsewhere"; }
  fs::path precious() const { return elsewhere() / "best.ctl"; }

  void expect_refused(const std::string& named) const {
    try {
      RunRepository::open_for_writing(run());
      ADD_FAILURE() << "opened in spite of " << named;
    } catch (const RunError& error) {
      EXPECT_THAT(error.what(), HasSubstr(named));
    }
    expect_untouched();
  }
  void expect_untouched() const {
    EXPECT_EQ(content_of(precious()), "precious");
    EXPECT_EQ(std::distance(fs::directory_iterator(elsewhere()), {}), 1);
  }
};

TEST_F(OwnFolderTest, AWorkTreeElsewhereHasNoEffectOnReadersAndStopsWriters) {
  git(run(), "config core.worktree " + elsewhere().string());
  EXPECT_TRUE(RunRepository::open(run()).edited_files().empty());
  expect_refused("core.worktree");
  // Said in other ways.
  git(run(), "config --unset core.worktree");
  std::ofstream(run() / ".git" / "config", std::ios::app) << "[CORE] WorkTree = ../../elsewhere\n";
  EXPECT_TRUE(RunRepository::open(run()).edited_files().empty());
  expect_refused("core.worktree");
  EXPECT_NO_THROW(RunRepository::fork(RunRepository::open(run()), {}, folder_ / "copy", {}, ""));
  expect_untouched();
}

TEST_F(OwnFolderTest, TheProposedCommandMendsIt) {
  git(run(), "config core.worktree " + elsewhere().string());
  git(folder_, "config -f run/.git/config --unset-all core.worktree");
  EXPECT_NO_THROW(RunRepository::open_for_writing(run()));
}

TEST_F(OwnFolderTest, OtherFilesAreNotIncluded) {
  std::ofstream(elsewhere() / "best.ctl") << "precious";
  const std::string before = content_of(run() / ".git" / "config");
  for (const char* section :
       {"[include]\n\tpath = ", "[INCLUDE] path = ", "  [ includeIf \"gitdir:**\"]\npath=",
        "[core] [include]\npath = ", "[core] bare = false\n[x] [\tInClude] path = "}) {
    std::ofstream(run() / ".git" / "config") << before << section << precious().string() << "\n";
    EXPECT_THROW(RunRepository::open(run()), RunError) << section;
    expect_refused(".git/config includes other files");
  }
}

TEST_F(OwnFolderTest, OtherFilesAreNotIncludedInOtherPlaces) {
  const std::string include = "[include] path = " + precious().string() + "\n";
  const fs::path config = run() / ".git" / "config";
  const std::string before = content_of(config);
  std::ofstream(config) << "\xEF\xBB\xBF" << include << before;
  EXPECT_THROW(RunRepository::open(run()), RunError);
  expect_refused("line 1 of .git/config includes");
  std::ofstream(config) << before;
  std::ofstream(run() / ".git" / "config.worktree") << include;
  EXPECT_THROW(RunRepository::open(run()), RunError);
  expect_refused(".git/config.worktree includes");
  fs::remove(run() / ".git" / "config.worktree");
  // Where .git is a file.
  git(run(), "worktree add -q --detach " + (folder_ / "tree").string());
  EXPECT_NO_THROW(RunRepository::open(folder_ / "tree"));
  std::ofstream(config, std::ios::app) << include;
  EXPECT_THROW(RunRepository::open(folder_ / "tree"), RunError);
  fs::rename(run() / ".git", folder_ / "kept");
  std::ofstream(run() / ".git") << "gitdir: ../kept\n";
  EXPECT_THROW(RunRepository::open(run()), RunError);
}

TEST_F(OwnFolderTest, RulesAreNotReadFromElsewhere) {
  for (const char* key : {"core.attributesFile", "core.excludesFile"}) {
    git(run(), fmt::format("config {} {}", key, precious().string()));
    EXPECT_THROW(RunRepository::open(run()), RunError);
    EXPECT_THROW(RunRepository::open_damaged(run()), RunError);
    expect_refused(fmt::format("{} in .git/config has a file elsewhere read", key));
    git(folder_, fmt::format("config -f run/.git/config --unset-all {}", key));
    EXPECT_NO_THROW(RunRepository::open_for_writing(run()));
  }
}

TEST_F(OwnFolderTest, LogsAreRegularFiles) {
  for (const char* name : {"run.log", "exchanges.log"}) {
    ASSERT_EQ(::mkfifo((run() / name).c_str(), 0600), 0);
    expect_refused(std::string(name) + " is no regular file");
    fs::remove(run() / name);
  }
}

TEST_F(OwnFolderTest, ObjectsElsewhereAndARepositoryWithoutFilesAreRefused) {
  git(run(), "config core.bare true");
  expect_refused("core.bare");
  git(run(), "config core.bare false");
  std::ofstream(run() / ".git" / "commondir") << "../../other/.git\n";
  expect_refused("commondir");
}

TEST_F(OwnFolderTest, LinksInTheRepositoryAreRefused) {
  for (const char* name : {"evotts.lock", "evotts.gc", "gc.pid", "evotts.file", "info/exclude", "index",
                           "config", "objects/pack/pack-x.keep", "refs/heads/main.lock", "evotts.folder"}) {
    const fs::path place = run() / ".git" / name;
    const bool there = fs::exists(place);
    if (there) fs::rename(place, folder_ / "kept");
    fs::create_symlink(name == std::string("config") ? folder_ / "kept" : precious(), place);
    expect_refused(std::string(".git/") + name);
    fs::remove(place);
    if (there) fs::rename(folder_ / "kept", place);
  }
  for (const char* name : {"run.log", "exchanges.log"}) {
    fs::create_symlink(precious(), run() / name);
    expect_refused(name);
    fs::remove(run() / name);
  }
  fs::rename(run() / ".git", folder_ / "repository");
  fs::create_directory_symlink(folder_ / "repository", run() / ".git");
  expect_refused(".git is a symbolic link");
}

TEST_F(OwnFolderTest, HooksMayBeLinks) {
  fs::create_directories(run() / ".git" / "hooks");
  fs::create_symlink("/bin/true", run() / ".git" / "hooks" / "post-commit");
  EXPECT_NO_THROW(RunRepository::open_for_writing(run()));
}

TEST_F(OwnFolderTest, LinksInThePlaceOfFoldersGiveWayToFolders) {
  for (const bool opened_before : {false, true}) {
    std::optional<RunRepository> repository;
    if (opened_before) repository = RunRepository::open_for_writing(run());
    fs::remove_all(run() / "population");
    fs::create_directory_symlink(elsewhere(), run() / "population");
    fs::remove_all(run() / "lineage");
    fs::create_directory_symlink(elsewhere(), run() / "lineage");
    if (!repository) repository = RunRepository::open_for_writing(run());
    const int g = opened_before ? 3 : 2;
    repository->commit(changes_of_generation(g), message_of_generation(g));
    expect_untouched();
    EXPECT_TRUE(fs::is_directory(fs::symlink_status(run() / "population")));
    EXPECT_TRUE(fs::is_directory(fs::symlink_status(run() / "lineage")));
    repository.reset();
    RunRepository::open_for_writing(run());
    expect_whole(run());
  }
}

TEST_F(OwnFolderTest, ACommitHoldsFilesAndFoldersAlone) {
  fs::create_symlink(precious(), run() / "population" / "link.ctl");
  git(run(), "add population/link.ctl");
  git(run(), "-c user.name=x -c user.email=x@localhost commit -q -m 'generation 2: a link'");
  expect_refused("link.ctl, which is a symbolic link");
  EXPECT_THROW(RunRepository::fork(RunRepository::open(run()), {}, folder_ / "copy", {}, ""), RunError);
  EXPECT_FALSE(fs::exists(folder_ / "copy"));
}

}  // namespace
}  // namespace evo
