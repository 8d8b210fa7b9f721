#include <fmt/format.h>
#include <gtest/gtest.h>
#include <map>
#include <rapidcheck.h>
#include <string>
#include <vector>

#include "genome/material/quantities.hpp"
#include "genome/program/compiler.hpp"
#include "genome/text/checker.hpp"
#include "genome/text/printer.hpp"
#include "genome/tree/sites.hpp"
#include "genome/variation/crossover.hpp"
#include "genome/variation/mutation.hpp"
#include "genome/variation/sampler.hpp"
#include "replay/environment/ordering.hpp"
#include "replay/machine/machine.hpp"
#include "replay/sources/synthetic.hpp"
#include "tests/support/varied.hpp"

namespace genome {
namespace {

using base::keyed_stream;
using base::Purpose;

TEST(Quantities, TypeInAnEpisode) {
  const std::vector<RecordedSignal> signals = {{"logprob", -1, 0}, {"1st_score", 0, 9}};
  const Material material(signals);
  const Scope scope = Scope::episode();
  const auto expect = [&](const Expr& e, Kind kind, Level most) {
    const Typing typing = infer(e, scope);
    EXPECT_TRUE(typing.problems.empty()) << print(e);
    EXPECT_EQ(typing.types[0].kind, kind) << print(e);
    EXPECT_LE(typing.types[0].level, most) << print(e);
  };
  for (const Quantity& q : material.question_quantities()) expect(q.value, Kind::kNumber, Level::kQuestion);
  for (const Quantity& q : material.branch_quantities()) expect(q.value, Kind::kNumber, Level::kBranch);
  for (const Expr& e : material.sets()) expect(e, Kind::kTruth, Level::kBranch);
  for (const Expr& e : material.branch_conditions()) expect(e, Kind::kTruth, Level::kBranch);
  for (const Expr& e : material.leaders()) expect(e, Kind::kAnswer, Level::kQuestion);
}

TEST(Sampler, ExpressionsHaveTheWantedType) {
  EXPECT_TRUE(rc::check([] {
    base::Rng rng = tests::any_stream();
    const Controller c = tests::founder(rng);
    const Scopes scopes(c);
    for (const Level level : {Level::kConstant, Level::kQuestion, Level::kBranch}) {
      const Scope& scope =
          level == Level::kConstant ? scopes.for_registers() : scopes.in_round(c.round.size());
      for (const Kind kind : {Kind::kNumber, Kind::kTruth, Kind::kAnswer}) {
        const Typing typing = infer(sample(rng, scope, {kind, level}, 3), scope);
        RC_ASSERT(typing.problems.empty());
        RC_ASSERT(typing.types[0].kind == kind);
        RC_ASSERT(typing.types[0].level <= level);
      }
    }
  }));
}

// What sampled controllers do on a synthetic environment: nearly all open branches, most answer, and most
// end by a decision of their own.
TEST(Sampler, ControllersCheckAndAct) {
  const replay::Environment environment = replay::make_synthetic({.seed = 3, .questions = 4, .branches = 64});
  const std::vector<std::uint32_t> order = replay::ordering(0, 64);
  replay::Machine machine;
  int episodes = 0, opened = 0, answered = 0, limited = 0, with_warnings = 0;
  std::map<std::string, int> ids;
  for (std::uint64_t i = 0; i < 300; ++i) {
    base::Rng rng = keyed_stream(5, Purpose::kTest, i);
    const Controller c = sample_controller(rng);
    const CheckResult result = check(c);
    ASSERT_TRUE(result.controller.has_value());
    with_warnings += result.diagnostics.empty() ? 0 : 1;
    ++ids[identity(c)];
    const Program program = compile(*result.controller);
    const BoundProgram bound = bind(program, 0.5);
    for (const replay::Question& question : environment.questions) {
      const replay::EpisodeResult r = machine.run(bound, question, order);
      ++episodes;
      opened += r.tokens > 0 ? 1 : 0;
      answered += r.answer != replay::kNoAnswer ? 1 : 0;
      limited += r.rounds >= program.rounds ? 1 : 0;
    }
  }
  EXPECT_GT(opened, episodes * 98 / 100);
  EXPECT_GT(answered, episodes * 90 / 100);
  EXPECT_LT(limited, episodes * 10 / 100);
  EXPECT_EQ(with_warnings, 0);
  EXPECT_GT(ids.size(), 295U);
}

TEST(Sampler, SameStreamSameController) {
  for (std::uint64_t i = 0; i < 20; ++i) {
    base::Rng a = keyed_stream(5, Purpose::kTest, i), b = keyed_stream(5, Purpose::kTest, i);
    EXPECT_EQ(sample_controller(a), sample_controller(b));
    EXPECT_EQ(a(), b());
  }
}

std::vector<Controller> parents() {
  std::vector<Controller> all = tests::library();
  for (std::uint64_t i = 0; i < 25; ++i) {
    base::Rng rng = keyed_stream(9, Purpose::kTest, i);
    all.push_back(tests::bred_controller(rng, Material::plain(), 4));
  }
  return all;
}

void expect_good_child(const Controller& parent, const Controller& child, const std::string& how) {
  const CheckResult result = check(child);
  EXPECT_TRUE(result.controller.has_value()) << how << "\n"
                                             << render_all(result.diagnostics, how, print(child));
  EXPECT_EQ(child.name, "evolved");
  Controller renamed = child;
  renamed.name = parent.name;
  EXPECT_NE(print(renamed), print(parent)) << how;
  Controller tidy = child;
  drop_unused(tidy);
  EXPECT_EQ(tidy, child) << how;
}

// The share of tries in which an operator gives a child.
constexpr double kEnough = 0.75;

TEST(Mutation, EveryOperatorGivesGoodChildren) {
  const std::vector<Controller> all = parents();
  for (const Mutation mutation : all_mutations()) {
    int children = 0, tries = 0;
    for (std::size_t p = 0; p < all.size(); ++p) {
      for (std::uint64_t i = 0; i < 6; ++i, ++tries) {
        base::Rng rng = keyed_stream(i, Purpose::kTest, p);
        base::Rng same = rng;
        const auto child = mutate(rng, all[p], mutation);
        EXPECT_EQ(child, mutate(same, all[p], mutation));
        if (!child) continue;
        ++children;
        expect_good_child(all[p], *child, std::string(name_of(mutation)));
      }
    }
    EXPECT_GT(children, kEnough * tries) << name_of(mutation) << ": " << children << " of " << tries;
  }
}

TEST(Crossover, EveryOperatorGivesGoodChildren) {
  const std::vector<Controller> all = parents();
  for (const Crossover crossover : all_crossovers()) {
    int children = 0, tries = 0;
    for (std::size_t p = 0; p < all.size(); ++p) {
      for (std::size_t i = 1; i < 7; ++i) {
        const Controller& father = all[(p * 5 + i * 3) % all.size()];
        if (father == all[p]) continue;
        base::Rng rng = keyed_stream(i, Purpose::kTest, p);
        base::Rng same = rng;
        const auto child = cross(rng, all[p], father, crossover);
        EXPECT_EQ(child, cross(same, all[p], father, crossover));
        ++tries;
        if (!child) continue;
        ++children;
        expect_good_child(all[p], *child, std::string(name_of(crossover)));
      }
    }
    // Parents often have no schedule entry in common.
    const double enough = crossover == Crossover::kSchedule ? 0.3 : kEnough;
    EXPECT_GT(children, enough * tries) << name_of(crossover) << ": " << children << " of " << tries;
  }
}

TEST(Variation, NamesAndNumbersAreDistinct) {
  std::map<std::string, int> names;
  for (const Mutation m : all_mutations()) ++names[std::string(name_of(m))];
  for (const Crossover x : all_crossovers()) ++names[std::string(name_of(x))];
  EXPECT_EQ(names.size(), all_mutations().size() + all_crossovers().size());
  EXPECT_FALSE(names.contains("unknown"));
  // written into lineages
  EXPECT_EQ(static_cast<int>(Mutation::kAnswer), 10);
  EXPECT_EQ(static_cast<int>(Crossover::kSubtree), 4);
}

// A long line of descent neither swells beyond the limits nor dies out.
TEST(Variation, DescentGoesOn) {
  base::Rng rng = keyed_stream(1, Purpose::kTest);
  Controller c = tests::library()[2];
  int steps = 0;
  for (int i = 0; i < 400; ++i) {
    const auto child = mutate(rng, c, all_mutations()[base::uniform_index(rng, all_mutations().size())]);
    if (!child) continue;
    c = *child;
    ++steps;
  }
  EXPECT_GT(steps, 300);
  EXPECT_TRUE(checks(c));
}

}  // namespace
}  // namespace genome
