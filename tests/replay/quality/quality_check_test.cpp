#include "replay/quality/quality_check.hpp"

#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "replay/environment/reader.hpp"
#include "replay/quality/detectable_gain.hpp"
#include "replay/sources/synthetic.hpp"

namespace replay {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string question(const std::string& text, const std::string& branches, const std::string& gold = "7") {
  return R"({"question": ")" + text + R"(", "gold_answer": ")" + gold +
         R"(", "probe_freq": 100, "each_branch": [)" + branches + "]}";
}

Environment environment(const std::string& name, const std::vector<std::string>& questions) {
  std::string json;
  for (const std::string& each : questions) json += (json.empty() ? "[" : ", ") + each;
  return parse_environment(json + "]", name, name + ".json");
}

EnvironmentQuality quality_of(const std::vector<std::string>& questions, const NormalForm& form = {}) {
  const std::vector<Environment> one{environment("x", questions)};
  return check_quality(one, form).front();
}

const std::string kGood = question("good", R"([["7"], 150, "7"], [["8"], 180, "8"])");

TEST(QualityCheck, NothingIsSaidOfGoodRecordings) {
  const EnvironmentQuality quality = quality_of({kGood});
  EXPECT_THAT(warnings_of(quality), IsEmpty());
  EXPECT_FALSE(quality.smallest_gain) << "one question";
  EXPECT_THAT(warnings_of(quality_of({kGood, question("b", R"([["7"], 200, "7"], [["7"], 100, "8"])")})),
              IsEmpty());
}

TEST(QualityCheck, CountsQuestionsThatCannotBeAnswered) {
  const EnvironmentQuality quality =
      quality_of({question("a", R"([["7"], 150, "8"], [["8"], 180, "9"])"), kGood,
                  question("b", R"([["5"], 150, "8"], [["8"], 180, "9"])")});
  EXPECT_THAT(quality.without_right, ElementsAre(0, 2));
  EXPECT_THAT(quality.gold_absent, ElementsAre(2)) << "of the other one a probe has it";
  EXPECT_THAT(warnings_of(quality),
              ElementsAre(HasSubstr("2 of 3 questions (0, 2) have no right branch"),
                          HasSubstr("1 of 3 questions (2) have a gold answer that occurs nowhere")));
}

TEST(QualityCheck, CountsQuestionsThatLeaveNothingToChoose) {
  const EnvironmentQuality quality = quality_of(
      {kGood, question("a", R"([["7"], 150, "7"], [["8"], 180, "7"])"),
       question("b", R"([["7"], 150, "7"], [["7"], 150, "7"])"), question("c", R"([["7"], 150, "7"])")});
  EXPECT_THAT(quality.one_answer, ElementsAre(1, 2)) << "a single branch is no choice to begin with";
  EXPECT_THAT(quality.equal_branches, ElementsAre(2));
  EXPECT_THAT(warnings_of(quality),
              Contains(HasSubstr("1 of 4 questions (2) have branches that are all the same")));
}

TEST(QualityCheck, CountsLengthsThatDoNotFitTheProbes) {
  const EnvironmentQuality quality = quality_of({question(
      "a", R"([["7"], 99, "7"], [["7"], 100, "8"], [["7"], 200, "8"], [["7"], 201, "8"], [[], 101, "7"])")});
  EXPECT_EQ(quality.shorter_branches, 1U);
  EXPECT_EQ(quality.longer_branches, 2U);
  EXPECT_THAT(warnings_of(quality), IsEmpty()) << "some are, in published recordings, too";
  EXPECT_THAT(warnings_of(quality_of({question("a", R"([["7"], 99, "7"], [["7"], 90, "8"])")})),
              ElementsAre(HasSubstr("2 of 2 branches are shorter")));
  EXPECT_THAT(warnings_of(quality_of({question("a", R"([["7"], 299, "7"], [["7"], 901, "8"])")})),
              ElementsAre(HasSubstr("2 of 2 branches are longer")));
  EXPECT_EQ(quality_of({question("a", R"([[], 900, "7"], [[], 950, "8"])")}).longer_branches, 0U)
      << "recorded without probes";
}

TEST(QualityCheck, TellsLargeSharesWithoutAnswer) {
  const EnvironmentQuality quality =
      quality_of({question("a", R"([["ERR"], 150, "7"], [["7"], 150, "ERR"], [[""], 160, "8"])")});
  EXPECT_EQ(quality.blank_probes, 2U);
  EXPECT_EQ(quality.blank_ends, 1U);
  EXPECT_THAT(warnings_of(quality), ElementsAre("66.7% of probes have no answer (ERR)",
                                                "33.3% of branches end without an answer (ERR)"));
}

TEST(QualityCheck, TellsAnswersThatMeanTheSame) {
  const auto without_zeros = [](std::string_view answer) {
    return std::string(answer.substr(std::min(answer.find_first_not_of('0'), answer.size())));
  };
  const std::vector<std::string> questions{
      question("a", R"([["7"], 150, "007"], [["08"], 150, "8"], [["9"], 160, "7"])", "07")};
  const EnvironmentQuality quality = quality_of(questions, without_zeros);
  EXPECT_EQ(quality.merged_answers, 2U);  // 7 and 007, 08 and 8
  EXPECT_EQ(quality.righted_branches, 2U);
  EXPECT_THAT(warnings_of(quality),
              Contains("2 answers have another spelling in their question; with one spelling, 2 more "
                       "branches would be right"));
  EXPECT_EQ(quality_of(questions).merged_answers, 0U);
}

TEST(QualityCheck, FindsQuestionsThatOtherFilesHaveToo) {
  const std::string other = question("good", R"([["7"], 150, "7"], [["8"], 180, "9"])");
  const std::vector<Environment> files{
      environment("one", {kGood, question("a", R"([[], 9, "7"], [[], 8, "8"])")}),
      environment("two", {kGood}), environment("three", {other, other}),
      environment("four", {question("b", R"([[], 9, "7"], [[], 8, "8"])")})};
  const auto qualities = check_quality(files, {});
  EXPECT_THAT(qualities[0].shared, IsEmpty());
  EXPECT_THAT(qualities[1].shared, ElementsAre(SharedQuestions{"one", 1, 1}));
  EXPECT_THAT(qualities[2].shared, ElementsAre(SharedQuestions{"one", 2, 0}, SharedQuestions{"two", 2, 0},
                                               SharedQuestions{"three", 1, 1}));
  EXPECT_THAT(qualities[3].shared, IsEmpty());
  EXPECT_THAT(warnings_of(qualities[1]),
              ElementsAre("1 of 1 questions are in one too, 1 of them with the same answers"));
}

TEST(QualityCheck, SeveralModelsMayBeAskedTheSameQuestions) {
  const std::string other = question("good", R"([["7"], 150, "7"], [["8"], 180, "9"])");
  const std::vector<Environment> files{environment("a/one", {kGood}), environment("b/two", {other}),
                                       environment("b/three", {kGood, kGood})};
  const auto by_folder = [](const Environment& a, const Environment& b) { return a.name[0] == b.name[0]; };
  const auto qualities = check_quality(files, {}, by_folder);
  EXPECT_THAT(warnings_of(qualities[1]), IsEmpty());
  EXPECT_THAT(notes_of(qualities[1]),
              ElementsAre("1 of 1 questions are in a/one too, which is of another model"));
  EXPECT_THAT(warnings_of(qualities[2]),
              ElementsAre("2 of 2 questions are in a/one too, 2 of them with the same answers",
                          "2 of 2 questions are in b/two too, 0 of them with the same answers",
                          "1 of 2 questions are in b/three too, 1 of them with the same answers"))
      << "a copy, the same model, and the same file";
  EXPECT_THAT(notes_of(qualities[2]), IsEmpty());
}

TEST(DetectableGain, IsTheHalfWidthOfThePairedInterval) {
  EXPECT_FALSE(detectable_gain(std::vector<double>{0.5}));
  EXPECT_DOUBLE_EQ(*detectable_gain(std::vector<double>{0.5, 0.5, 0.5}), 0);
  // Deviation 1/2 of 0 and 1 in equal parts, but for n - 1.
  const std::vector<double> hundred = [] {
    std::vector<double> all(50, 0.0);
    all.resize(100, 1.0);
    return all;
  }();
  EXPECT_NEAR(*detectable_gain(hundred), 100 * 1.96 * 0.5 / std::sqrt(99.0), 0.001);
}

TEST(DetectableGain, CountsAQuestionOnceHoweverManyFilesHaveIt) {
  const std::vector<Environment> files{make_synthetic({.seed = 4, .questions = 20, .branches = 16}),
                                       make_synthetic({.seed = 4, .questions = 20, .branches = 32})};
  const DistinctQuestions distinct(files);
  const auto accuracies = accuracies_of(files, distinct);
  EXPECT_EQ(accuracies.size(), 20U);
  EXPECT_NEAR(*detectable_gain(accuracies), *check_quality(files, {})[1].smallest_gain, 2);
}

}  // namespace
}  // namespace replay
