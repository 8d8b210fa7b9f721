#include "experiments/session/observations.hpp"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evo/objective/objective.hpp"
#include "evo/scoring/scorer.hpp"
#include "experiments/session/environment_table.hpp"
#include "genome/text/known_controllers.hpp"
#include "replay/environment/reweighting.hpp"
#include "replay/sources/source.hpp"

namespace experiments {
namespace {

using testing::HasSubstr;
using testing::Not;

class ObservationsTest : public testing::Test {
 protected:
  // Two recorded environments, each followed by its variants.
  static replay::Evaluator world(const std::vector<double>& tilts) {
    std::vector<replay::Environment> all;
    for (auto& each : replay::open_environments(std::vector<std::string>{
             "synthetic:seed=5,questions=6,branches=24", "synthetic:seed=6,questions=6,branches=24"})) {
      const replay::Environment recorded = each;
      all.push_back(std::move(each));
      for (const double odds : tilts) all.push_back(replay::reweighted(recorded, odds));
    }
    return replay::Evaluator(std::move(all), {.orderings = 3});
  }

  evo::Individual scored(const replay::Evaluator& evaluator, const std::string& name) const {
    evo::Scorer scorer(experiment_, evaluator);
    std::vector<evo::Individual> one{
        evo::make_individual(genome::check_text(*genome::known_controller(name)).controller.value(), {})};
    evo::Work work;
    scorer.score(one, {}, work);
    return one.front();
  }

  std::string seen(const evo::Individual& individual, const replay::Evaluator& evaluator,
                   std::size_t variants) const {
    return observations(individual,
                        {.evaluator = evaluator, .betas = experiment_.betas, .variants = variants});
  }

  void SetUp() override {
    experiment_.betas = {0, 0.5, 1};
    experiment_.orderings = 3;
  }
  evo::Experiment experiment_;
};

TEST_F(ObservationsTest, HoldCurvesCausesAndTraces) {
  const auto evaluator = world({});
  const evo::Individual esc = scored(evaluator, "esc");
  const std::string text = seen(esc, evaluator, 0);
  EXPECT_THAT(text, HasSubstr("| environment | beta 0 | beta 0.5 | beta 1 |\n"));
  const auto curve = evo::curve_of(esc.sums, experiment_.betas, 2, 1);
  EXPECT_THAT(text, HasSubstr(fmt::format("| {} | {:.1f} at {:.0f} |", evaluator.environments()[1].name,
                                          curve[0].accuracy, curve[0].tokens / 1000)));
  EXPECT_THAT(text, HasSubstr("How episodes end"));
  EXPECT_THAT(text, HasSubstr("A question of "));
  EXPECT_LT(text.size(), 10'000U);
}

// What is said is the same whether or not the recorded environments are joined by variants.
TEST_F(ObservationsTest, VariantsAreLeftOut) {
  const auto plain = world({}), tilted = world({0.25, 4});
  ASSERT_EQ(tilted.environments().size(), 6U);
  for (const std::string name : {"esc", "cmc", "st_bon"}) {
    const std::string text = seen(scored(tilted, name), tilted, 2);
    EXPECT_EQ(text, seen(scored(plain, name), plain, 0)) << name;
    EXPECT_THAT(text, Not(HasSubstr("at odds")));
  }
}

TEST_F(ObservationsTest, TheWorldIsToldOfRecordedEnvironmentsAlone) {
  const auto plain = world({}), tilted = world({0.25, 4});
  const std::string text =
      environment_table({.evaluator = tilted, .betas = experiment_.betas, .variants = 2});
  EXPECT_EQ(text, environment_table({.evaluator = plain, .betas = experiment_.betas}));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 4);
  EXPECT_THAT(text, HasSubstr(fmt::format("| 6 | 24 | {} |", plain.environments()[0].questions[0].interval)));
}

TEST_F(ObservationsTest, WithoutSumsTheCurvesAreLeftOut) {
  const auto evaluator = world({});
  evo::Individual esc = scored(evaluator, "esc");
  esc.sums.clear();
  EXPECT_THAT(seen(esc, evaluator, 0), Not(HasSubstr("By recorded environment")));
}

}  // namespace
}  // namespace experiments
