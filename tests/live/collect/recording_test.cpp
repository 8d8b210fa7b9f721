// A journal becomes an environment and a file of texts.
#include "live/collect/recording.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "replay/environment/reader.hpp"
#include "tests/support/temporary_folder.hpp"

namespace live {
namespace {

using nlohmann::json;

class RecordingTest : public testing::Test {
 protected:
  static CollectedBranch branch(std::size_t question, std::size_t number, const std::string& text) {
    return {.question = question,
            .number = number,
            .tokens = 20,
            .text = text,
            .looks = {"41}", ""},
            .signals = {{"logprob", {-0.5, -0.25, 0}}},
            .reason = "stop"};
  }
  Recording recorded(const std::vector<CollectedBranch>& branches, std::size_t each) {
    Journal journal(folder_.path() / "x.collecting.jsonl", json::object());
    for (const CollectedBranch& one : branches) journal.add(one);
    TextsWriter texts(texts_);
    Recording made = recording_of(questions_, task_, 8, each, journal, texts);
    texts.finish();
    journal.remove();
    return made;
  }

  tests::TemporaryFolder folder_;
  const std::filesystem::path texts_ = folder_.path() / "x.texts.jsonl.zst";
  const std::vector<CollectQuestion> questions_ = {{"1+40", "041"}, {"2+2", "4"}};
  const ReadingTask task_{{.task = "boxed"}};
};

TEST_F(RecordingTest, IsTheSameInAnyOrderOfTheJournal) {
  const CollectedBranch a = branch(0, 0, "so \\boxed{41}"), b = branch(0, 1, "\\boxed{42}"),
                        c = branch(1, 0, "no answer"), d = branch(1, 1, "\\boxed{4}");
  const Recording one = recorded({a, b, c, d}, 2), other = recorded({d, b, a, c}, 2);
  EXPECT_EQ(replay::to_json(one.environment), replay::to_json(other.environment));
  EXPECT_EQ(one.right, 2U);
  EXPECT_EQ(one.unreadable, 1U);
  EXPECT_EQ(one.tokens, 80);
  const replay::Question& first = one.environment.questions.at(0);
  EXPECT_EQ(first.gold, "41");
  EXPECT_EQ(first.interval, 8);
  EXPECT_THAT(first.answers, testing::ElementsAre("41", "ERR", "42"));
  EXPECT_EQ(first.branches[0].probes, 2U);
  EXPECT_THAT(one.environment.signals, testing::ElementsAre("logprob"));
  std::vector<BranchText> texts;
  read_texts(texts_, [&](BranchText text) { texts.push_back(std::move(text)); });
  ASSERT_EQ(texts.size(), 4U);
  EXPECT_EQ(texts[2].text, "no answer");
  EXPECT_EQ(texts[2].question, 1U);
}

TEST_F(RecordingTest, ASignalThatABranchLacksIsNamed) {
  CollectedBranch without = branch(1, 0, "");
  without.signals.clear();
  const Recording made = recorded({branch(0, 0, ""), without}, 1);
  EXPECT_TRUE(made.environment.signals.empty());
  EXPECT_THAT(made.incomplete_signals, testing::ElementsAre("logprob"));
}

TEST_F(RecordingTest, MoreBranchesThanAreWantedStayInTheJournal) {
  const Recording made = recorded({branch(0, 0, ""), branch(0, 1, ""), branch(1, 0, "")}, 1);
  EXPECT_EQ(made.environment.questions[0].branches.size(), 1U);
}

}  // namespace
}  // namespace live
