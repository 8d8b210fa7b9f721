#include "evo/proposal/founder_search.hpp"

#include <gtest/gtest.h>
#include <set>
#include <string>
#include <vector>

#include "evo/proposal/founders.hpp"
#include "evo/scoring/scorer.hpp"
#include "genome/text/printer.hpp"
#include "tests/support/small_world.hpp"

namespace evo {
namespace {

TEST(FounderSearch, AddsTheBestOfManyRandomControllers) {
  Work work;
  Experiment e = small_experiment();
  e.founder_candidates = 200;
  e.founders = Founders::kRandom;
  const auto evaluator = small_evaluator(e);
  Scorer scorer(e, evaluator);
  const auto called_back = search_founders(scorer, founders(e), {}, work);
  ASSERT_EQ(called_back.size(), 2U);  // a quarter of 4 percent
  std::vector<genome::CheckedController> best, all;
  for (const Proposal& p : called_back) {
    EXPECT_TRUE(p.operation == "random+tuning" || p.operation == "random") << p.operation;
    best.push_back(p.child);
  }
  e.population = 40;
  for (const Proposal& p : founders(e)) all.push_back(p.child);
  const OrderingSlice orderings{0, e.orderings};
  const auto heard = scorer.all_questions().fitness_on(best, orderings, work),
             others = scorer.all_questions().fitness_on(all, orderings, work);
  double mean = 0;
  for (const double each : others) mean += each / static_cast<double>(others.size());
  for (const double each : heard) EXPECT_GT(each, mean);
  const auto again = search_founders(scorer, {}, {}, work);
  for (std::size_t i = 0; i < again.size(); ++i) EXPECT_EQ(again[i].child, called_back[i].child);
}

TEST(FounderSearch, KnownControllersAreTunedBesideTheRandomOnes) {
  Work work;
  Experiment e = small_experiment();
  e.founder_candidates = 25;
  const auto evaluator = small_evaluator(e);
  Scorer scorer(e, evaluator);
  std::set<std::string> known;
  for (const Proposal& p : founders(e)) known.insert(genome::identity(p.child.tree()));
  bool any = false, any_known = false;
  for (const Proposal& p : search_founders(scorer, {}, {}, work)) {
    EXPECT_TRUE(p.parents.empty());  // nobody is named who was not born
    if (p.operation.starts_with("library:")) any_known = true;
  }
  for (const Proposal& p : search_founders(scorer, founders(e), {}, work)) {
    if (p.parents.empty()) continue;
    any = true;
    EXPECT_EQ(p.operation, "tuning");
    EXPECT_TRUE(known.contains(p.parents.front())) << p.parents.front();
    EXPECT_FALSE(known.contains(genome::identity(p.child.tree())));
  }
  EXPECT_TRUE(any);
  EXPECT_TRUE(any_known);
}

// Each stage has candidates and known controllers of its own, and finds what it finds without the others.
TEST(FounderSearch, StagesShareTheCandidatesAndTheKnown) {
  Experiment e = small_experiment();
  e.founder_candidates = 80;
  e.tuning_steps = 1;
  const auto evaluator = small_evaluator(e);
  std::set<std::string> ids;
  std::size_t found = 0;
  Work in_stages;
  for (int stage = 0; stage < 4; ++stage) {
    Scorer scorer(e, evaluator);
    const auto proposals = search_founders(scorer, {}, {.number = stage, .of = 4}, in_stages);
    EXPECT_FALSE(proposals.empty()) << stage;
    for (const Proposal& each : proposals) ids.insert(genome::identity(each.child.tree()));
    found += proposals.size();
  }
  EXPECT_EQ(ids.size(), found);
  Work at_once;
  Scorer scorer(e, evaluator);
  EXPECT_FALSE(search_founders(scorer, {}, {}, at_once).empty());
  EXPECT_GT(2 * at_once.episodes, in_stages.episodes);
}

TEST(FounderSearch, FewCandidatesAreOneStageAndTheRestIsForTheKnown) {
  Experiment e = small_experiment();
  e.founder_candidates = 10;
  e.founders = Founders::kRandom;
  e.tuning_steps = 1;
  const auto evaluator = small_evaluator(e);
  Scorer scorer(e, evaluator);
  Work work;
  EXPECT_EQ(search_founders(scorer, {}, {.number = 0, .of = 20}, work).size(), 1U);
  const Work once = work;
  EXPECT_TRUE(search_founders(scorer, {}, {.number = 1, .of = 20}, work).empty());
  EXPECT_EQ(work, once);
}

}  // namespace
}  // namespace evo
