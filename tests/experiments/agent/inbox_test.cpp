// A question left in a folder reaches whoever replies, once, and nobody who is gone is replied to.
#include "experiments/agent/inbox.hpp"

#include <atomic>
#include <csignal>
#include <fstream>
#include <functional>
#include <future>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <thread>

#include "genome/base/error.hpp"
#include "tests/support/temporary_folder.hpp"

namespace experiments {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class InboxTest : public testing::Test {
 protected:
  std::future<std::optional<std::string>> asked(const std::string& text, double seconds = 20) const {
    return std::async(std::launch::async, [this, text, seconds] {
      return inbox_.ask(text, seconds, [this] { return stopped_.load(); });
    });
  }
  std::vector<OpenQuestion> wait_for(std::size_t count) const {
    std::vector<OpenQuestion> open;
    for (int i = 0; i < 500 && (open = inbox_.open()).size() != count; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return open;
  }
  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& each : std::filesystem::directory_iterator(path_))
      names.push_back(each.path().filename());
    return names;
  }

  tests::TemporaryFolder folder_;
  std::filesystem::path path_ = folder_.path() / "inbox";
  Inbox inbox_{path_};
  std::atomic<bool> stopped_ = false;
};

TEST_F(InboxTest, AReplyReachesTheOldestQuestionAndNothingIsLeft) {
  EXPECT_THAT(inbox_.open(), IsEmpty());
  EXPECT_EQ(inbox_.reply("too early"), std::nullopt);
  auto first = asked("one\n");
  wait_for(1);
  auto second = asked("two\n");
  const auto open = wait_for(2);
  ASSERT_EQ(open.size(), 2);
  EXPECT_EQ(open[0].text, "one\n");
  EXPECT_EQ(open[1].text, "two\n");
  EXPECT_EQ(inbox_.reply("a"), open[0].id);
  EXPECT_EQ(inbox_.reply("b", open[1].id), open[1].id);
  EXPECT_EQ(first.get(), "a");
  EXPECT_EQ(second.get(), "b");
  EXPECT_EQ(inbox_.reply("late", open[1].id), std::nullopt);
  EXPECT_THAT(files(), IsEmpty());
}

TEST_F(InboxTest, OfManyRepliesAtOnceOneIsTaken) {
  auto question = asked("one\n");
  wait_for(1);
  std::atomic<int> taken = 0;
  std::vector<std::jthread> all;
  for (int i = 0; i < 8; ++i) all.emplace_back([&] { taken += inbox_.reply("a").has_value() ? 1 : 0; });
  all.clear();
  EXPECT_EQ(question.get(), "a");
  EXPECT_EQ(taken, 1);
}

TEST_F(InboxTest, WhoWaitsInVainOrIsStoppedLeavesNothing) {
  EXPECT_EQ(asked("one\n", 0.05).get(), std::nullopt);
  auto question = asked("two\n");
  wait_for(1);
  stopped_ = true;
  EXPECT_EQ(question.get(), std::nullopt);
  EXPECT_THAT(files(), IsEmpty());
}

// A process that is killed while it asks cannot tidy up.
TEST_F(InboxTest, QuestionsOfTheDeadAreNoneAndGoWithTheNext) {
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    static_cast<void>(inbox_.ask("dead\n", 20, {}));
    ::_exit(0);
  }
  wait_for(1);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_EQ(files().size(), 1);
  EXPECT_THAT(inbox_.open(), IsEmpty());
  EXPECT_EQ(inbox_.reply("a"), std::nullopt);
  std::ofstream(path_ / "notes.txt") << "mine";
  EXPECT_EQ(asked("next\n", 0.05).get(), std::nullopt);
  EXPECT_THAT(files(), ElementsAre("notes.txt"));
}

TEST_F(InboxTest, AFolderThatCannotBeMadeIsNamed) {
  const Inbox inbox(folder_.path() / "none" / "inbox");
  EXPECT_THROW(static_cast<void>(inbox.ask("one\n", 1, {})), genome::base::StorageError);
}

}  // namespace
}  // namespace experiments
