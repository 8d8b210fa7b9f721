// Observed values: what is made from observed.def fits together.
#include "genome/tree/observed.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <set>
#include <utility>

#include "genome/material/quantities.hpp"
#include "genome/tree/vocabulary.hpp"

namespace genome {
namespace {

TEST(Observed, RowsAreFoundByEnumeratorAndByName) {
  ASSERT_EQ(observed_values().size(), slots::kObservables);
  for (std::size_t i = 0; i < observed_values().size(); ++i) {
    const Observed& o = observed_values()[i];
    EXPECT_EQ(static_cast<std::size_t>(o.observable), i);
    EXPECT_EQ(&about(o.observable), &o);
    EXPECT_EQ(observed_named(o.name), &o);
    EXPECT_TRUE(is_reserved(o.name)) << o.name;
    EXPECT_FALSE(o.meaning.empty()) << o.name;
  }
  EXPECT_EQ(observed_named("depths"), nullptr);
  EXPECT_EQ(observed_named(""), nullptr);
}

// Programs keep their own values behind the observed ones: no slot is shared, none is skipped.
TEST(Observed, SlotsOfASortAreDense) {
  std::map<std::pair<Kind, bool>, std::set<Slot>> taken;
  for (const Observed& o : observed_values()) {
    const bool of_branch = o.type.level == Level::kBranch;
    EXPECT_TRUE((taken[{o.type.kind, of_branch}].insert(o.slot).second)) << o.name;
  }
  const auto expect_dense = [&](Kind kind, bool of_branch, Slot first_own) {
    const std::set<Slot>& slots = taken[{kind, of_branch}];
    EXPECT_EQ(slots.size(), first_own);
    if (!slots.empty()) {
      EXPECT_EQ(*slots.rbegin(), first_own - 1);
    }
  };
  expect_dense(Kind::kNumber, false, slots::kFirstNumber);
  expect_dense(Kind::kTruth, false, slots::kFirstTruth);
  expect_dense(Kind::kAnswer, false, slots::kFirstAnswer);
  expect_dense(Kind::kNumber, true, slots::kFirstBranchNumber);
  expect_dense(Kind::kTruth, true, slots::kFirstBranchTruth);
  expect_dense(Kind::kAnswer, true, slots::kFirstBranchAnswer);
}

TEST(Observed, EveryRangeIsAQuantityOfTheSampler) {
  for (const Observed& o : observed_values()) {
    if (o.type.kind != Kind::kNumber) continue;
    const auto quantities = o.type.level == Level::kBranch ? Material::plain().branch_quantities()
                                                           : Material::plain().question_quantities();
    const auto own = std::count_if(quantities.begin(), quantities.end(),
                                   [&](const Quantity& q) { return q.value == name(o.name); });
    EXPECT_EQ(own, o.drawn.at_all ? 1 : 0) << o.name;
    EXPECT_EQ(o.drawn.low < o.drawn.high, o.drawn.at_all) << o.name;
  }
}

// Episodes ask for these by the bits of Program::watched, which has none for values of other sorts.
TEST(Observed, OnlyNumbersOfTheBranchChangeByReveals) {
  for (const Observed& o : observed_values()) {
    const bool has_bit = o.type.kind == Kind::kNumber && o.type.level == Level::kBranch;
    const bool listed = has_bit && (slots::kByReveals >> o.slot & 1) != 0;
    EXPECT_EQ(o.varies == Varies::kByReveals, listed) << o.name;
  }
}

// Whether what pruning leaves alone stays known to the compiler rests on this column.
TEST(Observed, PruningChangesWhoIsActiveOrPruned) {
  for (const Observed& o : observed_values()) {
    const bool changes = o.observable == Observable::kActive || o.observable == Observable::kPruned;
    EXPECT_EQ(o.varies == Varies::kByAnyAction, changes) << o.name;
  }
}

}  // namespace
}  // namespace genome
