// What a machine that lost its power may leave of a run: files that are empty, or not there. Every command
// that a message proposes is run as it stands.
#include <filesystem>
#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <regex>
#include <string>
#include <vector>

#include "genome/base/shell_word.hpp"
#include "tests/support/places.hpp"
#include "tests/support/small_run.hpp"

namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using tests::Ran;

class PowerLoss : public tests::SmallRun {
 protected:
  void SetUp() override {
    SmallRun::SetUp();
    run("a");
    tree_ = tree("a");
  }

  void copy_run(const std::string& to) {
    fs::remove_all(folder_ / to);
    fs::copy(folder_ / "a", folder_ / to, fs::copy_options::recursive);
  }

  void empty(const std::string& file) const {
    fs::permissions(folder_ / file, fs::perms::owner_write, fs::perm_options::add);
    fs::resize_file(folder_ / file, 0);
  }

  // Of the run that is copied: its copies are all of one moment.
  std::string newest_pack(const std::string& copy) const {
    fs::path newest;
    for (const auto& entry : fs::directory_iterator(folder_ / "a/.git/objects/pack")) {
      if (entry.path().extension() != ".pack") continue;
      if (newest.empty() || fs::last_write_time(entry) > fs::last_write_time(newest)) newest = entry.path();
    }
    return copy + newest.lexically_relative(folder_).string().substr(1);
  }

  // A shell in the folder, for which `evotts` is the program.
  Ran shell(const std::string& command) const {
    return tests::run_process(
        {"/bin/bash", "-c",
         "evotts() { \"$0\" \"$@\"; }; git() { command git -c safe.directory='*' \"$@\"; }; " + command,
         tests::kEvotts},
        {.folder = folder_});
  }

  static std::string proposed(const std::string& text, const std::string& pattern) {
    std::smatch found;
    return std::regex_search(text, found, std::regex(pattern)) ? found[1].str() : "";
  }

  // `resume` names `verify`, which names a way on that leads to the trees of the run before the loss.
  void expect_way_on(const std::string& run, int generation) {
    SCOPED_TRACE(run);
    const Ran resumed = evotts({"resume", run, "--generations", "5"});
    EXPECT_NE(resumed.exit_code, 0);
    const Ran status = evotts({"status", run});
    EXPECT_TRUE(status.exit_code == 0 || status.err.find("evotts verify ") != std::string::npos)
        << status.err;
    const std::string verify = proposed(resumed.err, "['`](evotts verify .*)['`] lists");
    ASSERT_NE(verify, "") << resumed.err;
    const Ran verified = shell(verify);
    EXPECT_EQ(verified.exit_code, 2) << verified.err;
    const std::string fork = proposed(verified.out, "go on from there with: (evotts fork .*) NEW");
    ASSERT_NE(fork, "") << verified.out;
    EXPECT_THAT(verified.out, HasSubstr("generation " + std::to_string(generation)));
    fs::remove_all(folder_ / "saved");
    const Ran forked = shell(fork + " saved");
    EXPECT_EQ(forked.exit_code, 0) << forked.err;
    EXPECT_EQ(evotts({"resume", "saved", "--generations", "4"}).exit_code, 0);
    EXPECT_EQ(tree("saved"), tree_);
    EXPECT_EQ(evotts({"verify", "saved", "--sample", "1"}).exit_code, 0);
  }

  std::string tree_;
};

TEST_F(PowerLoss, AnEmptyOrLostReference) {
  for (const char* name : {"b", "my run's $HOME", "-b"}) {
    copy_run(name);
    if (name[0] == '-') continue;  // `verify -b` is for the test of quoting
    empty(std::string(name) + "/.git/refs/heads/main");
    expect_way_on(name, 4);
  }
  copy_run("b");
  fs::remove(folder_ / "b/.git/refs/heads/main");
  expect_way_on("b", 4);
  copy_run("b");
  fs::remove(folder_ / "b/.git/refs/heads/main");
  write("b/.git/refs/heads/main", std::string(40, 'a') + "\n");
  expect_way_on("b", 4);
}

TEST_F(PowerLoss, ABranchIsPutBackByGitAsToldThere) {
  for (const std::string& text : {std::string(), std::string(40, 'a') + "\n", std::string("ref: ")}) {
    copy_run("b");
    write("b/.git/refs/heads/main", text);
    const Ran verified = evotts({"verify", "b"});
    const std::string back = proposed(verified.out, "put main back there with: (.*)\n");
    ASSERT_NE(back, "") << verified.out;
    const Ran ran = shell(back);
    EXPECT_EQ(ran.exit_code, 0) << back << "\n" << ran.err;
    EXPECT_EQ(evotts({"verify", "b"}).exit_code, 0);
    EXPECT_EQ(evotts({"resume", "b", "--generations", "4"}).exit_code, 0);
    EXPECT_EQ(tree("b"), tree_);
  }
}

TEST_F(PowerLoss, TheNewestPackLost) {
  copy_run("b");
  const std::string pack = newest_pack("b");
  fs::remove(folder_ / pack);
  fs::remove(folder_ / fs::path(pack).replace_extension(".idx"));
  expect_way_on("b", 3);
  copy_run("b");
  fs::remove(folder_ / newest_pack("b"));  // its index stays
  expect_way_on("b", 3);
  copy_run("b");
  empty(newest_pack("b"));
  expect_way_on("b", 3);
}

TEST_F(PowerLoss, AnEmptyIndexOfAPackIsMadeAnewAsTold) {
  for (const bool removed : {false, true}) {
    copy_run("my b");
    const std::string index = fs::path(newest_pack("my b")).replace_extension(".idx").string();
    removed ? static_cast<void>(fs::remove(folder_ / index)) : empty(index);
    EXPECT_THAT(evotts({"resume", "my b"}).err, HasSubstr("evotts verify"));
    const Ran verified = evotts({"verify", "my b"});
    EXPECT_EQ(verified.exit_code, 2);
    const std::string remedy = proposed(verified.out, "make it anew: ['`](.*)['`]\n");
    ASSERT_NE(remedy, "") << verified.out;
    const Ran ran = shell(remedy);
    EXPECT_EQ(ran.exit_code, 0) << remedy << "\n" << ran.err;
    EXPECT_EQ(evotts({"verify", "my b"}).exit_code, 0);
  }
}

TEST_F(PowerLoss, WhatAWriterPutsRightItself) {
  for (const char* file : {".git/HEAD", ".git/index", ".git/config", ".git/info/exclude",
                           ".git/info/attributes", ".git/evotts.folder"}) {
    copy_run("b");
    empty(std::string("b/") + file);
    EXPECT_EQ(evotts({"verify", "b"}).exit_code, 0) << file;
    const Ran ran = evotts({"resume", "b", "--generations", "5"});
    EXPECT_EQ(ran.exit_code, 0) << file << ran.err;
    EXPECT_EQ(git("b", {"status", "--porcelain"}), "") << file;
    EXPECT_EQ(evotts({"verify", "b"}).exit_code, 0) << file;
  }
}

TEST_F(PowerLoss, ALostHeadIsPutBackAsTold) {
  copy_run("my b");
  fs::remove(folder_ / "my b/.git/HEAD");
  for (const char* command : {"resume", "verify", "status"}) {
    const Ran ran = evotts({command, "my b"});
    EXPECT_EQ(ran.exit_code, 2);
    const std::string back = proposed(ran.err, "put it back with: (.*)\n");
    ASSERT_NE(back, "") << ran.err;
    if (std::string(command) != "status") continue;
    EXPECT_EQ(shell(back).exit_code, 0) << back;
    EXPECT_EQ(evotts({"verify", "my b"}).exit_code, 0);
  }
}

// Names that a shell takes apart; what is proposed still means the run.
TEST_F(PowerLoss, ProposedCommandsAreQuoted) {
  for (const std::string& name :
       {std::string("my run"), std::string("it's"), std::string("a\"b$HOME`x`"),
        std::string("line\nend\x1b[31m"), std::string("no\xffutf"), std::string("-dash")}) {
    SCOPED_TRACE(genome::base::shell_word(name));
    const std::string given = name[0] == '-' ? "./" + name : name;
    fs::remove_all(folder_ / name);
    const Ran fork = evotts({"fork", "a@3", given});
    ASSERT_EQ(fork.exit_code, 0) << fork.err;
    const Ran resumed = shell(proposed(fork.out, "go on with: (evotts resume .*)\n"));
    EXPECT_EQ(resumed.exit_code, 0) << fork.out << resumed.err;
    EXPECT_EQ(tree(name), tree_);
    const Ran status = shell(proposed(resumed.out, "see also: (evotts status .*)\\)\n"));
    EXPECT_EQ(status.exit_code, 0) << resumed.out << status.err;
    const Ran taken = evotts({"run", "small.toml", "--out", given});
    EXPECT_EQ(shell(proposed(taken.err, "by ['`](evotts resume .*)['`]\n")).exit_code, 0) << taken.err;
    const Ran verified = evotts({"verify", given, "--sample", "0"});
    EXPECT_EQ(shell(proposed(verified.out, "go on with: (evotts resume .*)\n")).exit_code, 0) << verified.out;
  }
}

}  // namespace
