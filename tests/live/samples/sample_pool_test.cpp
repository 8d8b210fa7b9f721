#include "live/samples/sample_pool.hpp"

#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>
#include <string>
#include <vector>

#include "genome/base/file.hpp"
#include "live/reading/gold_table.hpp"
#include "live/samples/pooled_environment.hpp"
#include "replay/environment/input_error.hpp"
#include "replay/environment/reader.hpp"
#include "tests/support/temporary_folder.hpp"

namespace live {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Sample sample(std::string_view question, std::string_view gold, std::string_view answer) {
  Sample made;
  made.question = question;
  made.gold = gold;
  made.answer = answer;
  made.tokens = 10;
  return made;
}

class Pool : public testing::Test {
 protected:
  void add(const std::vector<Sample>& samples) { pool_.add(samples); }
  PooledEnvironment made(const EnvironmentWishes& wishes = {}) {
    return pooled_environment(pool_, wishes, nullptr);
  }
  std::string refusal(const std::vector<Sample>& samples) {
    try {
      add(samples);
    } catch (const BadRecord& error) {
      return error.what();
    }
    return "";
  }

  AnswerReader reader_{AnswerWords{}};
  SamplePool pool_{reader_, {}};
};

TEST_F(Pool, GathersUnequalNumbersOfSamplesByTextOrId) {
  Sample with_id = sample("A?", "1", "2");
  with_id.id = "a";
  Sample only_id = sample("", "1", "1");
  only_id.id = "a";
  add({sample("A?", "1", "1"), sample("B?", "2", "2")});
  add({with_id, only_id});
  const PooledEnvironment all = made();
  ASSERT_EQ(all.environment.questions.size(), 2U);
  EXPECT_EQ(all.environment.questions[0].branches.size(), 3U);
  EXPECT_EQ(all.environment.questions[1].branches.size(), 1U);
  EXPECT_EQ(all.report.right, 3U);
  EXPECT_NO_THROW((void)replay::parse_environment(replay::to_json(all.environment), "x", "x"));
}

TEST_F(Pool, BranchesStandInTheOrderOfTheirNumbers) {
  std::vector<Sample> samples;
  for (const int number : {2, 0, 1}) {
    samples.push_back(sample("A?", "1", number == 0 ? "7" : number == 1 ? "8" : "9"));
    samples.back().number = number;
  }
  add(samples);
  add({samples[0]});  // once more
  const PooledEnvironment all = made();
  const replay::Question& question = all.environment.questions[0];
  std::vector<std::string> finals;
  for (const replay::Branch& branch : question.branches)
    finals.push_back(question.answers[static_cast<std::size_t>(branch.final_answer)]);
  EXPECT_THAT(finals, ElementsAre("7", "8", "9"));
  EXPECT_EQ(all.report.repeated, 1U);
}

// A number that several texts have is no number of samples: equal ones are votes.
TEST_F(Pool, NumbersOfQuestionsLeaveNothingOut) {
  std::vector<Sample> samples{sample("A?", "1", "1"), sample("A?", "1", "1"), sample("A?", "1", "2")};
  for (Sample& each : samples) each.number = 0;
  add(samples);
  const PoolReport report = made().report;
  EXPECT_EQ(report.samples, 3U);
  EXPECT_EQ(report.repeated, 0U);
}

TEST_F(Pool, TruncatedSamplesHaveNoAnswer) {
  Sample cut = sample("A?", "1", "1");
  cut.truncated = true;
  add({cut, sample("A?", "1", "1")});
  const PooledEnvironment all = made();
  EXPECT_EQ(all.report.blanks, 1U);
  EXPECT_EQ(all.report.truncated, 1U);
}

TEST_F(Pool, TokensAreGivenSharedOrEstimated) {
  std::vector<Sample> samples(3, sample("A?", "1", ""));
  for (Sample& each : samples) {
    each.answer.reset();
    each.tokens.reset();
  }
  samples[0].text = "\\boxed{1}";
  samples[1].text = "\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4";  // four characters
  samples[2].text = "\xC3\xA4";
  share_tokens(std::span(samples).subspan(1), 11);
  EXPECT_EQ(samples[1].tokens, 9);
  EXPECT_EQ(samples[2].tokens, 2);
  add(samples);
  const PooledEnvironment all = made();
  EXPECT_EQ(all.environment.questions[0].branches[0].tokens, 3);  // nine characters
  EXPECT_EQ(all.report.estimated, 1U);
  EXPECT_EQ(all.report.shared, 2U);
  EXPECT_THAT(all.environment.collected, HasSubstr("\"tokens_estimated\":1"));
  EXPECT_THAT(all.environment.collected, HasSubstr("\"grade\":\"whole samples\""));
}

TEST_F(Pool, FlagsThatDisagreeAreCountedAndThreeShown) {
  std::vector<Sample> samples;
  for (int i = 0; i < 5; ++i) {
    samples.push_back(sample("A?", "1", "10"));
    samples.back().right = true;
  }
  samples.push_back(sample("A?", "1", "1"));
  samples.back().right = true;
  add(samples);
  const PoolReport report = made().report;
  EXPECT_EQ(report.flags, 6U);
  EXPECT_EQ(report.disagreeing, 5U);
  ASSERT_EQ(report.disagreements.size(), 3U);
  EXPECT_EQ(report.disagreements[2].answer, "10");
  EXPECT_TRUE(report.disagreements[2].right);
}

TEST_F(Pool, IdenticalSamplesAreCounted) {
  add({sample("A?", "1", "1"), sample("A?", "1", "1"), sample("B?", "1", "1"), sample("B?", "1", "2")});
  const PoolReport report = made().report;
  EXPECT_EQ(report.copies, 1U);
  EXPECT_EQ(report.alike, 1U);
}

TEST_F(Pool, SignalsAreThoseThatAllSamplesHave) {
  Sample first = sample("A?", "1", "1"), second = first;
  first.signals = {{"reward", 0.5}, {"logprob", -1.0}};
  second.signals = {{"reward", 0.25}};
  add({first, second});
  const PooledEnvironment all = made();
  EXPECT_THAT(all.environment.signals, ElementsAre("reward"));
  EXPECT_THAT(all.report.left_signals, ElementsAre("logprob"));
  EXPECT_EQ(all.environment.questions[0].signals[0].latest.at(1), 0.5);
}

TEST_F(Pool, RefusesPermutedOptions) {
  Sample first = sample("A?", "B", "B");
  first.options = "[1,2]";
  add({first});
  first.options = "[2,1]";
  EXPECT_THAT(refusal({first}), HasSubstr("options are permuted"));
  EXPECT_THAT(refusal({sample("A?", "D", "D")}), HasSubstr("perhaps its options are permuted"));
}

TEST_F(Pool, RefusesWhatContradictsBefore) {
  Sample first = sample("A?", "1", "1");
  first.id = "q";
  add({first});
  EXPECT_THAT(refusal({sample("A?", "2", "2")}),
              HasSubstr("the right answer of the question \"A?\" is \"2\", and was \"1\""));
  first.question = "B?";
  EXPECT_THAT(refusal({first}), HasSubstr("another question than before"));
  EXPECT_THAT(refusal({sample("", "1", "1")}), HasSubstr("neither the question nor an id"));
  first.question = "A?";
  first.tokens = -1;
  EXPECT_THAT(refusal({first}), HasSubstr("tokens must be"));
  first.tokens = 1;
  first.signals = {{"s", std::numeric_limits<double>::quiet_NaN()}};
  EXPECT_THAT(refusal({first}), HasSubstr("must be a finite number"));
  first.signals = {{"no name", 1}};
  EXPECT_THAT(refusal({first}), HasSubstr("is no name of a signal"));
}

TEST_F(Pool, SamplesOfTwoModelsAreNotMixed) {
  Sample first = sample("A?", "1", "1"), second = first;
  first.model = "m";
  second.model = "n";
  const auto told = [](const SamplePool& pool) -> std::string {
    try {
      pool.expect_one_model("x.jsonl");
    } catch (const replay::InputError& error) {
      return error.what();
    }
    return "";
  };
  add({first});
  EXPECT_EQ(told(pool_), "");
  EXPECT_EQ(pool_.model(), "m");
  add({second, second});
  EXPECT_EQ(told(pool_),
            "x.jsonl: samples are of 2 models: \"m\" (1), \"n\" (2); --model NAME takes those of one, and "
            "--mix-models all");
  PoolOptions options;
  options.model = "n";
  SamplePool chosen(reader_, options);
  chosen.add(std::vector{first});
  EXPECT_TRUE(chosen.questions().empty());
  EXPECT_EQ(chosen.counts().other_models, 1U);
  EXPECT_EQ(told(chosen), "x.jsonl: no sample is of the model \"n\", but of \"m\" (1)");
  chosen.add(std::vector{second});
  EXPECT_EQ(told(chosen), "");
  EXPECT_EQ(chosen.model(), "n");
  options = {};
  options.mix_models = true;
  SamplePool mixed(reader_, options);
  mixed.add(std::vector{first, second});
  EXPECT_EQ(told(mixed), "");
  EXPECT_EQ(mixed.model(), "m, n");
  EXPECT_EQ(mixed.questions().at(0).samples.size(), 2U);
}

// The normal form of megabytes would take seconds, and nobody votes on them.
TEST_F(Pool, AnswersThatAreTooLongAreNone) {
  const std::string longest(kLongestAnswer, 'x'), longer = longest + "x";
  add({sample("A?", "1", longest), sample("A?", "1", longer)});
  EXPECT_EQ(pool_.counts().overlong, 1U);
  EXPECT_EQ(made().report.blanks, 1U);
  EXPECT_EQ(reader_.gold(longer), "");
  EXPECT_EQ(reader_.gold(longer + " #### 7"), "7");
}

TEST_F(Pool, QuestionsWithoutRightAnswersOrSamplesAreListed) {
  Sample none = sample("A?", "", "1");
  none.gold.reset();
  add({none});
  EXPECT_THROW((void)made(), replay::InputError);
  add({sample("B?", "1", "1"), sample("C?", "1", "1"), sample("C?", "1", "2")});
  const PoolReport report = made({.fewest = 2, .interval = std::nullopt, .format = "x"}).report;
  EXPECT_THAT(report.without_gold, ElementsAre("A?"));
  EXPECT_THAT(report.with_too_few, ElementsAre("B?"));
}

TEST(AnswerReader, TakesWhatIsGivenOrReadsTexts) {
  Sample both;
  both.answer = "(b)";
  both.text = "so \\boxed{026}";
  EXPECT_EQ(AnswerReader({}).answer(both), "(b)");
  EXPECT_EQ(AnswerReader({.extract = std::nullopt, .task = "letter"}).answer(both), "B");
  EXPECT_EQ(AnswerReader({.extract = "boxed", .task = std::nullopt}).answer(both), "26");
  EXPECT_EQ(AnswerReader({.extract = std::nullopt, .task = "number"}).answer(both), "26");
  EXPECT_EQ(AnswerReader({.extract = "regex:so (.)", .task = std::nullopt}).answer(both), "\\");
  both.answer = "";
  EXPECT_EQ(AnswerReader({}).answer(both), "ERR");
  both.answer.reset();
  EXPECT_EQ(AnswerReader({}).answer(both), "26");
  EXPECT_EQ(AnswerReader({}).gold("2 + 2 = 4\n#### 1,004"), "1004");
  EXPECT_EQ(AnswerReader({}).gold("thus $\\boxed{\\frac12}$."), "\\frac{1}{2}");
  EXPECT_EQ(AnswerReader({}).gold("ERR"), "");
  EXPECT_THROW(AnswerReader({.extract = "box", .task = std::nullopt}), replay::InputError);
  EXPECT_THROW(AnswerReader({.extract = std::nullopt, .task = "maths"}), replay::InputError);
}

// Graders by models give all that was said as the answer.
TEST(AnswerReader, AnAnswerThatIsTheWholeTextIsReadInIt) {
  Sample graded;
  graded.text = "First I thought 5.\nSo it is \\boxed{4}.";
  graded.answer = graded.text;
  EXPECT_EQ(AnswerReader({}).answer(graded), "4");
  graded.text = "First I thought 5.\nThen I was not so sure any more.";
  graded.answer = graded.text;
  EXPECT_EQ(AnswerReader({}).answer(graded), "ERR");
  EXPECT_NE(AnswerReader({.extract = "given", .task = std::nullopt}).answer(graded), "ERR");
  graded.text = "042\n";
  graded.answer = "042";
  EXPECT_EQ(AnswerReader({}).answer(graded), "42");
}

TEST(GoldTable, FindsTheLongestQuestionWithinAPrompt) {
  const tests::TemporaryFolder folder;
  const auto file = folder.path() / "gold.csv";
  genome::base::write_durably(file, "question,gold\nWhat is 1+1?,2\nWhat is 1+1? Think.,3\nid,4\n");
  const GoldTable table(file, {});
  ASSERT_NE(table.within("Q: What is 1+1? Think. A:"), nullptr);
  EXPECT_EQ(*table.within("Q: What is 1+1? Think. A:"), "3");
  EXPECT_EQ(*table.within("Q: What is 1+1?"), "2");
  EXPECT_EQ(table.within("an id"), nullptr);
}

}  // namespace
}  // namespace live
