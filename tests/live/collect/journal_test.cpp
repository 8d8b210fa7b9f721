// The journal of a collection: what was written down is there again, whatever befell it.
#include "live/collect/journal.hpp"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "genome/base/error.hpp"
#include "replay/environment/input_error.hpp"
#include "tests/support/temporary_folder.hpp"

namespace live {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::ThrowsMessage;

class JournalTest : public testing::Test {
 protected:
  static CollectedBranch branch(std::size_t question, std::size_t number) {
    return {.question = question,
            .number = number,
            .tokens = 100 + static_cast<std::int64_t>(number),
            .text = "thought\n\"quoted\" \xff of " + std::to_string(number),
            .looks = {"41", ""},
            .signals = {{"logprob", {-0.5, -0.25, 0}}},
            .reason = "stop",
            .cut = number == 1,
            .spent = {.requests = 3, .branch_tokens = 100, .look_tokens = 2, .money = 0.5}};
  }
  std::string content() const {
    std::ifstream file(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void write(const std::string& text) const { std::ofstream(path_, std::ios::binary) << text; }

  tests::TemporaryFolder folder_;
  const std::filesystem::path path_ = folder_.path() / "x.collecting.jsonl";
  const json settings_ = {{"model", "small"}, {"interval", 16}};
};

TEST_F(JournalTest, HoldsWhatWasAdded) {
  {
    Journal journal(path_, settings_);
    EXPECT_EQ(journal.branches(), 0U);
    journal.add(branch(2, 1));
    journal.add(branch(0, 0));
    journal.note({.requests = 7, .branch_tokens = 300, .money = 2}, {.prompt_tokens = 5, .lost_tokens = 6});
    journal.sync();
  }
  const Journal again(path_, settings_);
  EXPECT_TRUE(again.has(2, 1));
  EXPECT_TRUE(again.has(0, 0));
  EXPECT_FALSE(again.has(0, 1));
  EXPECT_EQ(again.branches(), 2U);
  EXPECT_EQ(again.tokens(), 201);
  EXPECT_EQ(again.cut(), 1U);
  EXPECT_EQ(again.spent_before(),
            (Spent{.requests = 7, .prompt_tokens = 5, .branch_tokens = 300, .lost_tokens = 6, .money = 2}));
  const CollectedBranch read = again.read(2, 1), wrote = branch(2, 1);
  EXPECT_EQ(read.tokens, wrote.tokens);
  EXPECT_EQ(read.text, "thought\n\"quoted\" \xEF\xBF\xBD of 1");
  EXPECT_EQ(read.looks, wrote.looks);
  EXPECT_EQ(read.signals, wrote.signals);
  EXPECT_EQ(read.spent, wrote.spent);
  EXPECT_TRUE(read.cut);
  EXPECT_THAT(again.signals(0, 0), testing::ElementsAre("logprob"));
}

TEST_F(JournalTest, CutAtAnyByteItHoldsTheBranchesThatAreWhole) {
  std::vector<std::size_t> ends;
  {
    Journal journal(path_, settings_);
    for (std::size_t i = 0; i < 3; ++i) {
      journal.add(branch(0, i));
      ends.push_back(content().size());
    }
  }
  const std::string whole = content();
  const std::size_t head = whole.find('\n') + 1;
  // Every byte around the ends of lines, and some between: each opening is synced.
  for (std::size_t size = 0; size <= whole.size();
       size +=
       std::ranges::any_of(ends, [&](auto end) { return size + 8 > end && size < end + 3; }) ? 1 : 5) {
    write(whole.substr(0, size));
    Journal journal(path_, settings_);
    const auto kept =
        static_cast<std::size_t>(std::ranges::count_if(ends, [&](auto end) { return end <= size; }));
    ASSERT_EQ(journal.branches(), size < head ? 0 : kept) << size;
    journal.add(branch(1, 0));
    ASSERT_EQ(journal.read(1, 0).tokens, 100);
  }
}

TEST_F(JournalTest, IsOneProcesssAtATime) {
  const Journal first(path_, settings_);
  EXPECT_THAT([&] { Journal(path_, settings_); },
              ThrowsMessage<replay::InputError>(HasSubstr("another evotts collect is writing it")));
}

TEST_F(JournalTest, OfOtherSettingsItNamesThem) {
  { const Journal first(path_, settings_); }
  EXPECT_THAT(
      [&] {
        Journal(path_, json{{"model", "small"}, {"interval", 32}});
      },
      ThrowsMessage<replay::InputError>(HasSubstr("interval (was 16, is 32)")));
}

TEST_F(JournalTest, DamageNamesTheLine) {
  {
    Journal journal(path_, settings_);
    journal.add(branch(0, 0));
    journal.add(branch(0, 1));
  }
  std::string text = content();
  text[text.find('\n') + 3] = '\x01';
  write(text);
  EXPECT_THAT([&] { Journal(path_, settings_); },
              ThrowsMessage<replay::InputError>(HasSubstr("line 2 is damaged")));
  EXPECT_EQ(content(), text);
}

TEST_F(JournalTest, ForeignFilesAreLeftAlone) {
  for (const std::string text : {"[1,2]\n", "words\n", "no line end", "{\"evotts\":\"texts\"}\n"}) {
    write(text);
    EXPECT_THROW(Journal(path_, settings_), replay::InputError);
    EXPECT_EQ(content(), text);
  }
  std::filesystem::remove(path_);
  std::filesystem::create_directory(path_);
  EXPECT_THROW(Journal(path_, settings_), genome::base::Error);
}

TEST_F(JournalTest, ABranchTwiceIsDamage) {
  {
    Journal journal(path_, settings_);
    journal.add(branch(0, 0));
  }
  const std::string text = content();
  write(text + text.substr(text.find('\n') + 1));
  EXPECT_THAT([&] { Journal(path_, settings_); },
              ThrowsMessage<replay::InputError>(HasSubstr("branch 0 of question 0 is there twice")));
}

// A limit on the size of files stands for a full disk.
TEST_F(JournalTest, AFullDiskLosesNothingThatWasWhole) {
  Journal journal(path_, settings_);
  journal.add(branch(0, 0));
  const std::string before = content();
  rlimit limit{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &limit), 0);
  const rlimit tight{.rlim_cur = before.size() + 40, .rlim_max = limit.rlim_max};
  const auto earlier = std::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &tight), 0);
  EXPECT_THROW(journal.add(branch(0, 1)), genome::base::StorageError);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
  std::signal(SIGXFSZ, earlier);
  EXPECT_EQ(content(), before);
  EXPECT_FALSE(journal.has(0, 1));
  journal.add(branch(0, 1));
  EXPECT_EQ(journal.read(0, 1).tokens, 101);
}

TEST(JournalPath, StandsBesideTheEnvironment) {
  EXPECT_EQ(journal_path("x/arith.json"), "x/arith.collecting.jsonl");
}

}  // namespace
}  // namespace live
