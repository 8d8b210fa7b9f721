#include "evo/objective/question_folds.hpp"

#include <gtest/gtest.h>
#include <map>
#include <set>
#include <string>

#include "evo/scoring/scorer.hpp"
#include "genome/text/known_controllers.hpp"
#include "tests/support/small_world.hpp"

namespace evo {
namespace {

replay::Environment world(const std::string& name, int first, int last) {
  replay::Environment environment{.name = name};
  for (int i = first; i < last; ++i) environment.questions.push_back({.text = std::to_string(i)});
  return environment;
}

std::set<std::string> texts_of(const std::vector<replay::Environment>& worlds,
                               const replay::EnvironmentPart& part) {
  std::set<std::string> texts;
  for (const std::size_t q : part.questions) texts.insert(worlds[part.environment].questions[q].text);
  return texts;
}

TEST(QuestionFolds, EachQuestionIsLeftOutOnceWithAllItsModels) {
  const std::vector<replay::Environment> worlds = {world("a", 0, 20), world("b", 10, 31)};
  std::map<std::string, int> seen;
  for (int fold = 0; fold < 3; ++fold) {
    const auto left = without_fold(worlds, 3, fold, 5);
    ASSERT_EQ(left.size(), 2U);
    EXPECT_EQ(left[0].environment, 0U);
    const auto a = texts_of(worlds, left[0]), b = texts_of(worlds, left[1]);
    std::set<std::string> both = a;
    both.insert(b.begin(), b.end());
    EXPECT_NEAR(static_cast<double>(both.size()), 31.0 * 2 / 3, 1) << "the folds are of one size";
    for (const std::string& text : both) ++seen[text];
    for (int i = 10; i < 20; ++i)
      EXPECT_EQ(a.contains(std::to_string(i)), b.contains(std::to_string(i))) << "asked of two models";
  }
  EXPECT_EQ(seen.size(), 31U);
  for (const auto& [text, times] : seen) EXPECT_EQ(times, 2) << text;
}

TEST(QuestionFolds, TheSeedDeals) {
  const std::vector<replay::Environment> worlds = {world("a", 0, 30)};
  const auto first = texts_of(worlds, without_fold(worlds, 2, 0, 1).front());
  EXPECT_EQ(first, texts_of(worlds, without_fold(worlds, 2, 0, 1).front()));
  EXPECT_NE(first, texts_of(worlds, without_fold(worlds, 2, 0, 2).front()));
}

TEST(QuestionFolds, WhatIsEmptyIsLeftOut) {
  const std::vector<replay::Environment> worlds = {world("a", 0, 1), world("b", 0, 12)};
  std::size_t fewest = 2;
  for (int fold = 0; fold < 2; ++fold) fewest = std::min(fewest, without_fold(worlds, 2, fold, 1).size());
  EXPECT_EQ(fewest, 1U);
  EXPECT_EQ(
      without_fold({world("a", 0, 1)}, 2, 0, 1).size() + without_fold({world("a", 0, 1)}, 2, 1, 1).size(),
      1U);
}

TEST(Scorer, OutsideAFoldOnlyTheOtherQuestionsCount) {
  Experiment e = small_experiment();
  const auto evaluator = small_evaluator(e);
  Scorer whole(e, evaluator);
  EXPECT_EQ(&whole.outside_fold(1), &whole.all_questions()) << "no folds";
  e.folds = 2;
  Scorer scorer(e, evaluator);
  QuestionScorer& one = scorer.outside_fold(0);
  QuestionScorer& other = scorer.outside_fold(1);
  EXPECT_EQ(&scorer.outside_fold(2), &one) << "the folds take turns";
  std::size_t all = 0, seen = 0;
  for (const auto& environment : evaluator.environments()) all += environment.questions.size();
  for (QuestionScorer* part : {&one, &other}) seen += replay::count_of(part->runner().questions());
  EXPECT_EQ(seen, all) << "of two folds each question is outside one";
  const auto asc = *genome::check_text(*genome::known_controller("asc")).controller;
  const std::span<const genome::CheckedController> alone(&asc, 1);
  Work work;
  const auto outside_one = one.fitness_on(alone, {0, 1}, work),
             outside_other = other.fitness_on(alone, {0, 1}, work);
  EXPECT_NE(outside_one, outside_other);
}

// A fold is scored as an evaluator of its own, that has only those questions, would score it.
TEST(QuestionFolds, AFoldScoresAsItsQuestionsAlone) {
  Experiment e = small_experiment();
  e.folds = 2;
  e.baseline_regret = 0.5;
  e.lower_bound_errors = 0.5;
  const auto evaluator = small_evaluator(e);
  Scorer scorer(e, evaluator);
  QuestionScorer& outside = scorer.outside_fold(0);
  std::vector<replay::Environment> copies;
  for (const replay::EnvironmentPart& part : outside.runner().questions()) {
    copies.push_back({.name = "copy"});
    for (const std::size_t q : part.questions)
      copies.back().questions.push_back(evaluator.environments()[part.environment].questions[q]);
  }
  const replay::Evaluator beside(copies, evaluator.options());
  QuestionScorer alone(e, beside, replay::all_questions(copies));
  const auto cmc = *genome::check_text(*genome::known_controller("cmc")).controller;
  Work a, b;
  EXPECT_EQ(outside.fitness_on(std::span(&cmc, 1), {0, 3}, a),
            alone.fitness_on(std::span(&cmc, 1), {0, 3}, b));
  EXPECT_EQ(a, b);
}

}  // namespace
}  // namespace evo
