#include "replay/native/kept_translations.hpp"

#include <gtest/gtest.h>
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
    const KeptTranslations outer;
    {
      const KeptTranslations inner;
      EXPECT_EQ(KeptTranslations::here(), &inner);
      std::jthread([] { EXPECT_EQ(KeptTranslations::here(), nullptr); });
    }
    EXPECT_EQ(KeptTranslations::here(), &outer);
  }
  EXPECT_EQ(KeptTranslations::here(), nullptr);
}

TEST(KeptTranslations, AreFoundUntilTheyAreCleared) {
  const genome::Program one = program(), other = program();
  KeptTranslations kept;
  kept.keep(one, NativeProgram(one));
  EXPECT_NE(kept.find(one), nullptr);
  EXPECT_EQ(kept.find(other), nullptr) << "known by its address";
  kept.clear();
  EXPECT_EQ(kept.find(one), nullptr);
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
  EXPECT_EQ(kept.add_episodes(one, 5), 5U) << "those before are forgotten";
}

}  // namespace
}  // namespace replay
