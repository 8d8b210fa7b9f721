// Value numbers: equal subtrees and only those share one.
#include "genome/program/value_numbers.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <rapidcheck/gtest.h>
#include <string>

#include "genome/text/printer.hpp"
#include "genome/tree/sites.hpp"
#include "tests/support/varied.hpp"

namespace genome {
namespace {

using tests::any_stream;

Expr both(Expr a, Expr b) { return apply(Op::kAnd, {std::move(a), std::move(b)}); }

RC_GTEST_PROP(ValueNumbers, AreEqualWhereTextsAre, ()) {
  Rng rng = any_stream();
  const Controller c = tests::wild_controller(rng);
  ValueNumbers numbers;
  std::map<std::string, ValueNumber> by_text;
  std::map<ValueNumber, std::string> by_number;
  for (const Site& site : sites_of(c)) {
    const Expr& e = expr_at(c, site);
    const std::vector<ValueNumber> of_nodes = numbers.of(e);
    RC_ASSERT(of_nodes.size() == e.size());
    for (std::size_t at = 0; at < e.size(); ++at) {
      const std::string text = print(e.extract(e.subtree(at)));
      RC_ASSERT(by_text.try_emplace(text, of_nodes[at]).first->second == of_nodes[at]);
      RC_ASSERT(by_number.try_emplace(of_nodes[at], text).first->second == text);
    }
  }
}

RC_GTEST_PROP(ValueNumbers, MentionTheNamesOfTheSubtree, ()) {
  Rng rng = any_stream();
  const Controller c = tests::wild_controller(rng);
  ValueNumbers numbers;
  for (const Site& site : sites_of(c)) {
    const Expr& e = expr_at(c, site);
    const std::vector<ValueNumber> of_nodes = numbers.of(e);
    for (const std::string word : {"depth", "up", "m0", "finished", "nobody"}) {
      const bool found = std::any_of(e.nodes.begin(), e.nodes.end(),
                                     [&](const Node& n) { return n.op == Op::kName && n.name == word; });
      RC_ASSERT(numbers.mentions(of_nodes.front(), word) == found);
    }
  }
}

TEST(ValueNumbers, OrderOfVotesGoesThroughAndAlone) {
  ValueNumbers numbers;
  const auto as_finished = [&](const Expr& set) {
    return numbers.votes_as_finished(numbers.of(set).front());
  };
  const Expr finished = name("finished"), active = name("active");
  EXPECT_TRUE(as_finished(finished));
  EXPECT_TRUE(as_finished(both(finished, active)));
  EXPECT_TRUE(as_finished(both(active, both(active, finished))));
  EXPECT_FALSE(as_finished(active));
  EXPECT_FALSE(as_finished(apply(Op::kOr, {finished, finished})));
  EXPECT_FALSE(as_finished(apply(Op::kNot, {apply(Op::kNot, {finished})})));
  EXPECT_FALSE(as_finished(both(active, apply(Op::kNot, {finished}))));
}

}  // namespace
}  // namespace genome
