#include "replay/environment/reweighting.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <set>

#include "replay/sources/synthetic.hpp"
#include "tests/support/small_questions.hpp"

namespace replay {
namespace {

double right_share(const Environment& environment) {
  double right = 0, all = 0;
  for (const Question& q : environment.questions) {
    for (const Branch& branch : q.branches) right += branch.final_answer == q.gold_id;
    all += static_cast<double>(q.branches.size());
  }
  return right / all;
}

// A branch as it can be told apart: its length, its end and what it said on the way.
std::string told(const Question& q, const Branch& branch) {
  std::string text =
      fmt::format("{} {}", branch.tokens, q.answers[static_cast<std::size_t>(branch.final_answer)]);
  for (std::uint32_t p = 0; p < branch.probes; ++p)
    text += " " + q.answers[static_cast<std::size_t>(q.probes[branch.first_probe + p])];
  return text;
}

TEST(Reweighting, MakesRightBranchesMoreOrLessCommon) {
  const Environment recorded = make_synthetic({.seed = 3, .questions = 20, .branches = 128});
  const Environment easier = reweighted(recorded, 4), harder = reweighted(recorded, 0.25),
                    same = reweighted(recorded, 1);
  EXPECT_GT(right_share(easier), right_share(recorded) + 0.03);
  EXPECT_LT(right_share(harder), right_share(recorded) - 0.03);
  EXPECT_NEAR(right_share(same), right_share(recorded), 0.02);
  for (std::size_t q = 0; q < recorded.questions.size(); ++q)
    EXPECT_EQ(easier.questions[q].branches.size(), 72U);
}

TEST(Reweighting, KeepsBranchesAsTheyWereAndEachOnce) {
  const Environment recorded = make_synthetic({.seed = 4, .questions = 5, .branches = 40});
  const Environment variant = reweighted(recorded, 0.5);
  for (std::size_t q = 0; q < recorded.questions.size(); ++q) {
    std::multiset<std::string> all;
    for (const Branch& branch : recorded.questions[q].branches)
      all.insert(told(recorded.questions[q], branch));
    EXPECT_EQ(variant.questions[q].text, recorded.questions[q].text);
    EXPECT_EQ(variant.questions[q].gold, recorded.questions[q].gold);
    for (const Branch& branch : variant.questions[q].branches) {
      const auto at = all.find(told(variant.questions[q], branch));
      ASSERT_NE(at, all.end()) << "question " << q;
      all.erase(at);
    }
  }
}

TEST(Reweighting, DependsOnItsArgumentsAlone) {
  const Environment recorded = make_synthetic({.seed = 5, .questions = 4, .branches = 32});
  EXPECT_EQ(reweighted(recorded, 2).questions, reweighted(recorded, 2).questions);
  EXPECT_NE(reweighted(recorded, 2).name, reweighted(recorded, 3).name);
  EXPECT_NE(reweighted(recorded, 2).digest, reweighted(recorded, 3).digest);
  EXPECT_NE(reweighted(recorded, 2).digest, recorded.digest);
}

TEST(Reweighting, CopesWithQuestionsThatAreOneSided) {
  Environment world{.name = "one-sided", .source = "", .digest = "", .questions = {}};
  world.questions.push_back(tests::small_question("A", {{"B A", "A"}, {"", "A"}, {"A", "A"}}));
  world.questions.push_back(tests::small_question("A", {{"B C", "C"}}));
  const Environment variant = reweighted(world, 0.25);
  EXPECT_EQ(variant.questions[0].branches.size(), 1U);
  EXPECT_EQ(variant.questions[1], world.questions[1]);
}

}  // namespace
}  // namespace replay
