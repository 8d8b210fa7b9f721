#include "replay/native/kept_translations.hpp"

#include <gtest/gtest.h>
#include <string>
#include <thread>

#include "genome/program/compiler.hpp"
#include "genome/text/checker.hpp"
#include "genome/text/known_controllers.hpp"
#include "replay/evaluation/evaluator.hpp"
#include "replay/sources/source.hpp"

namespace replay {
namespace {

genome::Program program() {
  return genome::compile(*genome::check_text(genome::known_controllers().front().text).controller);
}

TEST(KeptTranslations, BelongToTheirThreadAndTheInnermostCounts) {
  EXPECT_EQ(KeptTranslations::here(), nullptr);
  {
    KeptTranslations outer;
    {
      KeptTranslations inner;
      EXPECT_EQ(KeptTranslations::here(), &inner);
      std::jthread([] { EXPECT_EQ(KeptTranslations::here(), nullptr); });
    }
    EXPECT_EQ(KeptTranslations::here(), &outer);
  }
  EXPECT_EQ(KeptTranslations::here(), nullptr);
}

std::shared_ptr<const NativeProgram> translated(const genome::Program& program) {
  return std::make_shared<const NativeProgram>(program);
}

TEST(KeptTranslations, AreFoundByKeyUntilTheyAreCleared) {
  const genome::Program one = program();
  const TranslationKey key = translation_key(one);
  KeptTranslations kept;
  kept.keep(key, translated(one));
  const auto found = kept.find(key);
  EXPECT_NE(found, nullptr);
  EXPECT_EQ(kept.find("another"), nullptr);
  kept.clear();
  EXPECT_EQ(kept.find(key), nullptr);
  EXPECT_EQ(found.use_count(), 1) << "who has found it has it still";
}

TEST(KeptTranslations, AreNeverMoreThanThat) {
  const genome::Program one = program();
  const auto native = translated(one);
  KeptTranslations kept;
  for (std::size_t i = 0; i < KeptTranslations::kMost; ++i) kept.keep(std::to_string(i), native);
  EXPECT_EQ(kept.size(), KeptTranslations::kMost);
  kept.keep("one more", native);
  EXPECT_EQ(kept.size(), 1U);
  EXPECT_EQ(kept.find("0"), nullptr);
  EXPECT_EQ(kept.find("one more"), native);
}

// Two programs that differ in their numbers alone, of which the first is gone when the second is evaluated.
TEST(KeptTranslations, ServeEveryProgramOfTheSameKey) {
  const std::vector<std::string> sources = {"synthetic:seed=3,questions=4,branches=16"};
  const Evaluator evaluator(open_environments(sources), {.orderings = 200});
  const auto with_level = [](const std::string& level) {
    return genome::compile(*genome::check_text("controller c\nstart\n  open 6\nround\n  advance active by 1\n"
                                               "  stop when confidence(finished) > " +
                                               level + "\nanswer\n  top(finished)\n")
                                .controller);
  };
  const auto cells_of = [&](const genome::Program& each) {
    const genome::BoundProgram bound = genome::bind(each, 0.5);
    const std::vector<EvaluationJob> jobs = {{&bound, 0, 200}};
    return evaluator.run(jobs);
  };
  const genome::Program high = with_level("0.95");
  const auto alone = cells_of(high);
  KeptTranslations kept;
  EXPECT_NE(cells_of(with_level("0.5")), alone);
  EXPECT_EQ(cells_of(high), alone);
  EXPECT_EQ(kept.size(), 1U);
  const genome::Program low = with_level("0.5");
  const genome::BoundProgram one = genome::bind(high, 0.5), other = genome::bind(low, 0.5);
  kept.clear();
  const std::vector<EvaluationJob> both = {{&one, 0, 200}, {&other, 0, 200}};
  EXPECT_EQ(evaluator.run(both).front(), alone.front()) << "in one call, too";
}

TEST(KeptTranslations, AnEvaluationIsTheSameWithThem) {
  const std::vector<std::string> sources = {"synthetic:seed=3,questions=4,branches=16"};
  const Evaluator evaluator(open_environments(sources), {.orderings = 200});
  const genome::Program one = program();
  const genome::BoundProgram bound = genome::bind(one, 0.5);
  const std::vector<EvaluationJob> jobs = {{&bound, 0, 200}};
  const auto alone = evaluator.run(jobs);
  KeptTranslations kept;
  EXPECT_EQ(evaluator.run(jobs), alone);
  EXPECT_EQ(kept.size(), 1U) << "what it translated";
  EXPECT_EQ(evaluator.run(jobs), alone);
  const std::vector<EvaluationJob> few = {{&bound, 0, 1}};
  const auto with = evaluator.run(few);
  kept.clear();
  EXPECT_EQ(evaluator.run(few), with);
  EXPECT_EQ(kept.size(), 0U) << "so few episodes are not worth it";
}

TEST(KeptTranslations, ManyPiecesAreWorthATranslation) {
  const std::vector<std::string> sources = {"synthetic:seed=3,questions=4,branches=16"};
  const Evaluator evaluator(open_environments(sources), {.orderings = 200});
  const genome::Program one = program();
  const genome::BoundProgram bound = genome::bind(one, 0.5);
  const std::vector<EvaluationJob> piece = {{&bound, 0, 10}};
  const auto interpreted = evaluator.run(piece);
  KeptTranslations kept;
  EXPECT_EQ(evaluator.run(piece), interpreted);
  EXPECT_EQ(evaluator.run(piece), interpreted);
  EXPECT_EQ(kept.size(), 0U) << "after 80 episodes";
  EXPECT_EQ(evaluator.run(piece), interpreted);
  EXPECT_EQ(kept.size(), 1U) << "after 120";
  kept.clear();
  EXPECT_EQ(kept.add_episodes(translation_key(one), 5), 5U) << "those before are forgotten";
}

}  // namespace
}  // namespace replay
