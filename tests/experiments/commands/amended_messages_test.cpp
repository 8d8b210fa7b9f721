// What people do to the messages of a run's commits, and what the program still makes of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "evo/base/program_version.hpp"
#include "tests/support/small_run.hpp"

namespace {

using testing::HasSubstr;
using testing::Not;
using tests::Ran;

class AmendedMessages : public tests::SmallRun {
 protected:
  void SetUp() override {
    SmallRun::SetUp();
    run("a");
    message_ = git("a", {"log", "-1", "--format=%B"});
    message_.erase(message_.find_last_not_of('\n') + 1);
    title_ = message_.substr(0, message_.find('\n'));
    trailers_ = message_.substr(message_.find("\n\n") + 2);
    tree_ = tree("a");
  }

  void amend(const std::string& message) const {
    write("message", message);
    git("a", {"commit", "-q", "--amend", "--cleanup=verbatim", "-F", (folder_ / "message").string()});
  }

  // All that finds generations finds this one, and the run goes on to the trees it would have had.
  void expect_used() {
    EXPECT_THAT(evotts({"log", "a", "--format", "csv"}).out, HasSubstr("\n4,"));
    const Ran shown = evotts({"verify", "a", "--sample", "1"});
    EXPECT_EQ(shown.exit_code, 0) << shown.out << shown.err;
    EXPECT_THAT(shown.out, HasSubstr("the newest is 4\n"));
    expect_gone_on();
  }
  void expect_gone_on() {
    std::filesystem::remove_all(folder_ / "b");
    const Ran fork = evotts({"fork", "a@4", "b"});
    EXPECT_EQ(fork.exit_code, 0) << fork.err;
    EXPECT_EQ(tree("b"), tree_);
    EXPECT_EQ(evotts({"resume", "b", "--generations", "5"}).exit_code, 0);
    const Ran log = evotts({"log", "b", "--format", "csv"});
    EXPECT_THAT(log.out, HasSubstr("\n5,"));
  }

  std::string message_, title_, trailers_, tree_;
};

constexpr const char* kDiff =
    "diff --git a/best.ctl b/best.ctl\n--- a/best.ctl\n+++ b/best.ctl\n@@ -1,2 +1,2 @@\n-a: 1\n+b: 2\n c\n";

TEST_F(AmendedMessages, APastedDiffHidesNothing) {
  amend(title_ + "\n\n" + kDiff + "\n" + trailers_ + "\n");
  expect_used();
  amend(title_ + "\n\n---\n\n" + trailers_ + "\n");
  expect_used();
  amend(message_ + "\n\n" + kDiff);
  expect_used();
  amend(message_ + "\n" + kDiff);
  expect_used();
}

TEST_F(AmendedMessages, SignaturesBehindABlankLineHideNothing) {
  amend(message_ + "\nReviewed-by: A <a@b>\n");
  expect_used();
  amend(message_ + "\n\nReviewed-by: A <a@b>\nSigned-off-by: A <a@b>\n");
  expect_used();
  amend(message_ + "\n\n(cherry picked from commit 0123456789)\n\nSome words, and no trailers.\n");
  expect_used();
}

TEST_F(AmendedMessages, AnEmptyTrailerBeforeOursSwallowsNothing) {
  amend(title_ + "\n\nIssue:\n" + trailers_ + "\nFolded: on\n  and on\n");
  expect_used();
}

TEST_F(AmendedMessages, LineEndsOfOthersAreRead) {
  std::string message;
  for (const char c : message_) message += c == '\n' ? std::string("\r\n") : std::string(1, c);
  amend(message + "\r\n");
  expect_used();
}

TEST_F(AmendedMessages, AReplacedMessageIsToldAsThat) {
  amend("my favourite\n");
  const Ran ran = evotts({"verify", "a", "--sample", "1"});
  EXPECT_EQ(ran.exit_code, 0) << ran.out << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("generation 4: the message of its commit was amended (\"my favourite\")"));
  EXPECT_THAT(ran.out, HasSubstr("the newest is 4\n"));
  expect_gone_on();
  EXPECT_EQ(evotts({"resume", "a", "--generations", "5"}).exit_code, 0);
  EXPECT_EQ(evotts({"verify", "a", "--sample", "1"}).exit_code, 0);
  EXPECT_EQ(tree("a"), tree("b"));
}

// As for a remark that somebody commits by hand: it makes no generation.
TEST_F(AmendedMessages, ACommitThatMakesNoGenerationIsNone) {
  git("a", {"commit", "-q", "--allow-empty", "-m", "a remark"});
  const Ran ran = evotts({"verify", "a", "--sample", "1"});
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_THAT(ran.out, HasSubstr("(\"a remark\") changes no file and is passed over"));
  expect_gone_on();
}

TEST_F(AmendedMessages, AForkWhoseMessageWasReplacedIsOneStill) {
  ASSERT_EQ(evotts({"fork", "a@2", "c", "--set", "seed=8"}).exit_code, 0);
  git("c", {"commit", "-q", "--amend", "-m", "my fork"});
  const Ran ran = evotts({"verify", "c", "--sample", "1"});
  EXPECT_EQ(ran.exit_code, 0) << ran.out;
  EXPECT_THAT(ran.out, HasSubstr("the message of this fork was amended (\"my fork\")"));
}

TEST_F(AmendedMessages, ATitleThatOnlyBeginsAsOursIsANote) {
  git("a", {"commit", "-q", "--amend", "-m", "generation 4: the first good one\n\n" + trailers_});
  EXPECT_EQ(evotts({"verify", "a", "--sample", "1"}).exit_code, 0);
}

TEST_F(AmendedMessages, APastedForkPointMakesNoFork) {
  const std::string pasted = "Fork-Point: 0123\nFork-Generation: 1\n\n";
  write("a/experiment.toml", read("a/experiment.toml") + "# other\n");
  git("a", {"commit", "-q", "-a", "--amend", "-m", "generation 4: best 1\n\n" + pasted + trailers_});
  EXPECT_EQ(evotts({"verify", "a", "--sample", "1"}).exit_code, 2);
}

TEST_F(AmendedMessages, TheProgramIsNamedAndNotCompared) {
  EXPECT_THAT(trailers_, HasSubstr("Program-Version: " + evo::program_trailer()));
  for (const auto& [name, text] : files()) {
    const bool tracked = name.starts_with("a/") && !name.starts_with("a/.git/");
    EXPECT_FALSE(tracked && text.find(evo::program_trailer()) != text.npos) << name;
  }
  std::string other = message_;
  other.replace(other.find("Program-Version: "), std::string::npos,
                "Program-Version: evotts 0.0.1 unknown\n");
  amend(other);
  expect_used();
}

}  // namespace
