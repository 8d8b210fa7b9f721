// Every call by which a commit changes files goes wrong in turn, in every way; nothing committed is ever
// lost.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <gtest/gtest.h>
#include <optional>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

#include "evo/base/error.hpp"
#include "evo/git/run_repository.hpp"
#include "evo/objects/objects_check.hpp"
#include "tests/durability/faults.hpp"
#include "tests/support/temporary_run.hpp"

namespace evo {
namespace {

namespace fs = std::filesystem;
using faults::Kind;

constexpr int kBefore = 2;  // the generation that was committed before the trouble
constexpr int kDied = 200, kThrew = 10, kDone = 0, kWrong = 50;

class CommitFaultsTest : public TemporaryRun {
 protected:
  void SetUp() override {
    // In memory where there is such a place: what would reach a disk is known without one.
    const bool in_memory = access("/dev/shm", W_OK) == 0;
    std::string pattern = std::string(in_memory ? "/dev/shm" : "/tmp") + "/evotts-faults-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    auto repository = RunRepository::create(folder_ / "before", changes_of(0), message_of_generation(0));
    for (int g = 1; g <= kBefore; ++g) repository.commit(changes_of(g), message_of_generation(g));
    auto calm = RunRepository::fork(repository, {}, folder_ / "calm", {}, "");
    calm.commit(changes_of(kBefore + 1), message_of_generation(kBefore + 1));
    expected_ = calm.head_tree();
  }

  // One file of each kind: replaced, new, gone.
  static RunRepository::Changes changes_of(int generation) {
    RunRepository::Changes changes;
    changes.put["checkpoint.bin"] = fmt::format("checkpoint {}", generation) + std::string(300, 'x');
    changes.put[fmt::format("population/{}.ctl", generation)] = fmt::format("controller c{}\n", generation);
    if (generation > 0) changes.remove.insert(fmt::format("population/{}.ctl", generation - 1));
    return changes;
  }

  // What a writer does: take the lock, put files right, commit, and fold packs. The plan takes effect when
  // the run is open, or before.
  static void write_generation(const faults::Plan& plan, bool from_the_start) {
    if (from_the_start) faults::arm(plan);
    auto repository = RunRepository::open_for_writing(plan.root);
    repository.set_fold_at(3);
    if (!from_the_start) faults::arm(plan);
    repository.commit(changes_of(kBefore + 1), message_of_generation(kBefore + 1));
  }

  // In a process of its own. How it ended: one of the codes above.
  int write_with(const faults::Plan& plan, bool from_the_start, bool cut_after = false) const {
    const pid_t child = ::fork();
    if (child == 0) {
      int code = kDone;
      try {
        write_generation(plan, from_the_start);
        if (cut_after) faults::cut_power(plan.kind);
      } catch (const StorageError& error) {
        // Every message says where.
        code = std::string(error.what()).find(folder_.string()) == std::string::npos ? kWrong : kThrew;
        if (code == kWrong) std::fprintf(stderr, "message without a path: %s\n", error.what());
      } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        code = kWrong;
      }
      faults::disarm();
      _exit(code);
    }
    int status = 0;
    EXPECT_EQ(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) ? (WTERMSIG(status) == SIGKILL ? kDied : kWrong) : WEXITSTATUS(status);
  }

  std::string calls_of_a_commit(bool from_the_start = false) const {
    fresh_copy();
    write_generation({.root = run().string()}, from_the_start);
    const std::string calls = faults::calls();
    faults::disarm();
    return calls;
  }

  void fresh_copy() const {
    fs::remove_all(run());
    fs::copy(folder_ / "before", run(), fs::copy_options::recursive);
  }

  static int generation_of(const RunRepository& repository) {
    return std::stoi(repository.log(1).front().trailers.at("Generation"));
  }

  // The newest generation can be read to the last byte, by somebody who takes no lock and repairs nothing.
  void expect_readable(int at_least) const {
    const auto reader = RunRepository::open(run());
    const int generation = generation_of(reader);
    EXPECT_GE(generation, at_least);
    EXPECT_LE(generation, kBefore + 1);
    for (const CommitInfo& commit : reader.log()) {
      for (const auto& [path, blob] : reader.files(commit.id)) EXPECT_NO_THROW(reader.content(blob)) << path;
    }
    EXPECT_EQ(reader.read("checkpoint.bin"), changes_of(generation).put["checkpoint.bin"]);
  }

  // Locks of git that were left an hour ago: nobody waits for those.
  void let_time_pass() const {
    for (const auto& entry : fs::recursive_directory_iterator(run() / ".git")) {
      if (entry.path().extension() == ".lock")
        fs::last_write_time(entry.path(), fs::file_time_type::clock::now() - std::chrono::hours(1));
    }
  }

  // Whoever goes on reaches the tree of a run that nothing happened to, and nothing torn stays behind.
  void expect_goes_on() const {
    let_time_pass();
    auto repository = RunRepository::open_for_writing(run());
    if (generation_of(repository) == kBefore)
      repository.commit(changes_of(kBefore + 1), message_of_generation(kBefore + 1));
    EXPECT_EQ(repository.head_tree(), expected_);
    EXPECT_TRUE(repository.edited_files().empty());
    const ObjectsReport objects = check_objects(run(), run() / ".git/objects");
    EXPECT_TRUE(objects.files.empty()) << objects.files.front().path << ": " << objects.files.front().problem;
    EXPECT_TRUE(objects.unreadable.empty());
    EXPECT_FALSE(fs::exists(run() / ".git" / "index.lock"));
  }

  // Each call in turn.
  void go_wrong_everywhere(Kind kind, std::string_view which, const std::vector<int>& allowed_ends,
                           bool from_the_start = false) const {
    const std::string calls = calls_of_a_commit(from_the_start);
    ASSERT_GT(calls.size(), 50U);
    int tried = 0;
    for (int at = 1; at <= std::ssize(calls); ++at) {
      if (which.find(calls[static_cast<std::size_t>(at) - 1]) == which.npos) continue;
      ++tried;
      SCOPED_TRACE(fmt::format("call {} of {}, kind {}", at, calls.size(), static_cast<int>(kind)));
      fresh_copy();
      const int end = write_with({run().string(), at, kind}, from_the_start);
      EXPECT_TRUE(std::ranges::find(allowed_ends, end) != allowed_ends.end()) << end;
      expect_readable(end == kDone ? kBefore + 1 : kBefore);
      expect_goes_on();
      if (HasFailure()) return;
    }
    EXPECT_GT(tried, 5);
  }

  std::string expected_;
};

TEST_F(CommitFaultsTest, KilledBeforeEveryCall) { go_wrong_everywhere(Kind::kKill, "wsnc", {kDied}); }

// After any other call is before the next one.
TEST_F(CommitFaultsTest, KilledInTheMiddleOfEveryWrite) { go_wrong_everywhere(Kind::kShort, "w", {kDied}); }

// Before a sync, or a change of names, there is most to lose.
TEST_F(CommitFaultsTest, PowerCutBeforeEverySyncAndRename) {
  go_wrong_everywhere(Kind::kPower, "sn", {kDied});
}

TEST_F(CommitFaultsTest, PowerCutBeforeEverySyncAndRenameAndNamesLost) {
  go_wrong_everywhere(Kind::kPowerNames, "sn", {kDied});
}

TEST_F(CommitFaultsTest, TheDiskIsFullFromEveryCallOn) {
  go_wrong_everywhere(Kind::kFull, "wc", {kThrew, kDone});
}

TEST_F(CommitFaultsTest, EveryCallFailsOnce) { go_wrong_everywhere(Kind::kBroken, "wsnc", {kThrew, kDone}); }

TEST_F(CommitFaultsTest, TheDiskIsReadOnlyFromEveryCallOn) {
  go_wrong_everywhere(Kind::kReadOnly, "sn", {kThrew, kDone});
}

TEST_F(CommitFaultsTest, AShortWriteIsGoneOnWith) { go_wrong_everywhere(Kind::kHalf, "w", {kDone}); }

TEST_F(CommitFaultsTest, WhatCommitReturnedFromOutlivesAPowerCut) {
  for (const Kind kind : {Kind::kPower, Kind::kPowerNames}) {
    fresh_copy();
    EXPECT_EQ(write_with({run().string(), 0, kind}, false, true), kDied);
    expect_readable(kBefore + 1);
    expect_goes_on();
  }
}

// The lock, what a killed writer left, and files that differ from their commit.
TEST_F(CommitFaultsTest, WhileTheRunIsOpenedAsWell) {
  fs::remove(folder_ / "before" / "checkpoint.bin");
  go_wrong_everywhere(Kind::kKill, "n", {kDied}, true);
  go_wrong_everywhere(Kind::kBroken, "c", {kThrew, kDone}, true);
}

// The process lives on after a failure and tries again, as a run that is resumed at once would.
TEST_F(CommitFaultsTest, AfterAFailureTheSameWriterCanTryAgain) {
  const std::string calls = calls_of_a_commit();
  for (const Kind kind : {Kind::kFull, Kind::kBroken}) {
    for (int at = 1; at <= std::ssize(calls); at += 4) {
      SCOPED_TRACE(fmt::format("call {} of {}, kind {}", at, calls.size(), static_cast<int>(kind)));
      fresh_copy();
      auto repository = RunRepository::open_for_writing(run());
      repository.set_fold_at(3);
      faults::arm({run().string(), at, kind});
      try {
        repository.commit(changes_of(kBefore + 1), message_of_generation(kBefore + 1));
      } catch (const StorageError&) {
        const int now = generation_of(repository);
        EXPECT_TRUE(now == kBefore || now == kBefore + 1);
      }
      faults::disarm();
      if (generation_of(repository) == kBefore)
        repository.commit(changes_of(kBefore + 1), message_of_generation(kBefore + 1));
      EXPECT_EQ(repository.head_tree(), expected_);
      repository.commit({.put = {{"best.ctl", "next\n"}}, .remove = {}}, message_of_generation(kBefore + 2));
      if (HasFailure()) return;
    }
    EXPECT_EQ(RunRepository::open(run()).log().size(), static_cast<std::size_t>(kBefore) + 3);
  }
}

TEST_F(CommitFaultsTest, AFolderThatVanishesIsToldAndNothingElseIsTouched) {
  fresh_copy();
  auto repository = RunRepository::open_for_writing(run());
  fs::rename(run(), folder_ / "moved");
  try {
    repository.commit(changes_of(kBefore + 1), message_of_generation(kBefore + 1));
    ADD_FAILURE() << "committed to a folder that is gone";
  } catch (const StorageError& error) {
    EXPECT_NE(std::string(error.what()).find(run().string()), std::string::npos) << error.what();
  }
  EXPECT_FALSE(fs::exists(run()));
  fs::rename(folder_ / "moved", run());
  fs::remove_all(folder_ / "moved");
  expect_readable(kBefore);
}

}  // namespace
}  // namespace evo
