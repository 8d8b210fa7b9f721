// git's own commands, and people with them, work on a run beside its writer: nothing committed is lost.
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <thread>

#include "evo/base/error.hpp"
#include "tests/support/temporary_run.hpp"

namespace evo {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class OtherWritersTest : public TemporaryRun {
 protected:
  static constexpr int kGenerations = 30, kBack = 20;

  void SetUp() override {
    TemporaryRun::SetUp();
    auto repository = RunRepository::create(run(), changes_of_generation(0), message_of_generation(0));
    repository.set_fold_at(8);
    for (int g = 1; g < kGenerations; ++g)
      repository.commit(changes_of_generation(g), message_of_generation(g));
  }

  // Whatever git says, as it may find the run in the middle of something.
  void git_beside(const std::string& arguments) const {
    const std::string command =
        "git -c safe.directory='*' -C '" + run().string() + "' " + arguments + " >/dev/null 2>&1";
    [[maybe_unused]] const int ignored = std::system(command.c_str());
  }

  // The run is stepped back, and goes on to make the same objects again while git does its work.
  void write_beside(const std::string& arguments) {
    git(run(), "reset -q --hard HEAD~" + std::to_string(kBack));
    std::atomic<bool> done = false;
    std::thread git_at_work;
    {
      auto repository = RunRepository::open_for_writing(run());
      repository.set_fold_at(8);
      git_at_work = std::thread([&] {
        while (!done) git_beside(arguments);
      });
      for (int g = kGenerations - kBack; g < kGenerations; ++g)
        repository.commit(changes_of_generation(g), message_of_generation(g));
    }
    done = true;
    git_at_work.join();
    RunRepository::open_for_writing(run());  // its last look may have been too early for an index of packs
    expect_all_generations();
  }

  void expect_all_generations() const {
    expect_whole(run());
    const auto repository = RunRepository::open(run());
    const auto commits = repository.log();
    ASSERT_EQ(commits.size(), static_cast<std::size_t>(kGenerations));
    for (int g = 0; g < kGenerations; ++g) {
      EXPECT_EQ(repository.read(kCheckpointFile, commits[static_cast<std::size_t>(kGenerations - 1 - g)].id),
                changes_of_generation(g).put[kCheckpointFile]);
    }
  }

  template <class Work>
  static std::string storage_error_of(Work&& work) {
    try {
      work();
    } catch (const StorageError& error) {
      return error.what();
    }
    return "no StorageError";
  }
};

// libgit2 believes in packs that are gone, for as long as it has them open.
TEST_F(OtherWritersTest, ObjectsOfAPackThatGoesAreWrittenAgain) {
  git(run(), "reset -q --hard HEAD~" + std::to_string(kBack));
  auto repository = RunRepository::open_for_writing(run());
  repository.commit(changes_of_generation(kGenerations - kBack), message_of_generation(kGenerations - kBack));
  git(run(), "repack -adq");
  for (int g = kGenerations - kBack + 1; g < kGenerations; ++g)
    repository.commit(changes_of_generation(g), message_of_generation(g));
  expect_all_generations();
}

TEST_F(OtherWritersTest, Repack) {
  for (int i = 0; i < 3; ++i) write_beside("repack -adq");
}

TEST_F(OtherWritersTest, CollectionOfGarbage) {
  for (int i = 0; i < 2; ++i) write_beside("gc -q --prune=now");
  write_beside("gc -q --prune=now --force");
}

TEST_F(OtherWritersTest, Maintenance) {
  write_beside("maintenance run --quiet --task=incremental-repack --task=loose-objects --task=pack-refs");
  write_beside("multi-pack-index repack");
  write_beside("multi-pack-index write --bitmap");
}

TEST_F(OtherWritersTest, PacksStayWhileTheRunIsMaintained) {
  const fs::path lock = run() / ".git" / "objects" / "maintenance.lock";
  const auto packs = [&] { return std::distance(fs::directory_iterator(run() / ".git/objects/pack"), {}); };
  auto repository = RunRepository::open_for_writing(run());
  std::ofstream(lock) << "";
  repository.set_fold_at(2);
  const auto before = packs();
  repository.commit(changes_of_generation(kGenerations), message_of_generation(kGenerations));
  EXPECT_GT(packs(), before);
  fs::last_write_time(lock, fs::file_time_type::clock::now() - std::chrono::hours(2));
  repository.commit(changes_of_generation(kGenerations + 1), message_of_generation(kGenerations + 1));
  EXPECT_LT(packs(), before) << "whoever had it is gone";
}

TEST_F(OtherWritersTest, LooseObjectsThatGetPacked) {
  write_beside("prune-packed");
  write_beside("repack -Adq --unpack-unreachable=now");
}

// A pack that somebody deleted by hand, with objects that nothing else has.
TEST_F(OtherWritersTest, ACommitWithoutAllItsObjectsIsNotMade) {
  auto repository = RunRepository::open_for_writing(run());
  git(run(), "repack -adq");
  for (const auto& entry : fs::directory_iterator(run() / ".git" / "objects" / "pack")) fs::remove(entry);
  const std::string said = storage_error_of(
      [&] { repository.commit(changes_of_generation(kGenerations), message_of_generation(kGenerations)); });
  EXPECT_THAT(said, HasSubstr(run().string()));
}

TEST_F(OtherWritersTest, ABranchThatWasMovedStopsTheWriter) {
  auto repository = RunRepository::open_for_writing(run());
  const std::string last = repository.head();
  git(run(), "reset -q --hard HEAD~2");
  const std::string moved_to = git(run(), "rev-parse HEAD");
  const std::string packs = git(run(), "count-objects -v");
  const std::string said = storage_error_of(
      [&] { repository.commit(changes_of_generation(kGenerations), message_of_generation(kGenerations)); });
  EXPECT_THAT(said, HasSubstr("another process has moved the branch main"));
  EXPECT_THAT(said, HasSubstr("update-ref refs/heads/main " + last));
  EXPECT_EQ(git(run(), "rev-parse HEAD"), moved_to);
  EXPECT_EQ(git(run(), "count-objects -v"), packs) << "nothing is written";
  EXPECT_EQ(git(run(), "status --porcelain"), "");
  // Also when somebody writes to the branch what it said before.
  git(run(), "update-ref refs/heads/main " + last);
  EXPECT_NO_THROW(
      repository.commit(changes_of_generation(kGenerations), message_of_generation(kGenerations)));
}

TEST_F(OtherWritersTest, ABranchThatWasRemovedStopsTheWriter) {
  auto repository = RunRepository::open_for_writing(run());
  const std::string last = repository.head();
  git(run(), "update-ref -d refs/heads/main");
  const auto commit = [&] {
    repository.commit(changes_of_generation(kGenerations), message_of_generation(kGenerations));
  };
  EXPECT_THAT(storage_error_of(commit), HasSubstr("another process has removed the branch main"));
  git(run(), "update-ref refs/heads/main " + last);
  commit();
  expect_whole(run());
}

TEST_F(OtherWritersTest, PackedReferencesAreNoMove) {
  auto repository = RunRepository::open_for_writing(run());
  git(run(), "pack-refs --all");
  repository.commit(changes_of_generation(kGenerations), message_of_generation(kGenerations));
  git(run(), "pack-refs --all");
  repository.commit(changes_of_generation(kGenerations + 1), message_of_generation(kGenerations + 1));
  expect_whole(run());
}

}  // namespace
}  // namespace evo
