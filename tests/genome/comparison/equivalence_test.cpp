#include "genome/comparison/equivalence.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "genome/comparison/dependence.hpp"
#include "genome/program/compiler.hpp"
#include "genome/text/printer.hpp"
#include "genome/tree/sites.hpp"
#include "replay/environment/ordering.hpp"
#include "replay/machine/machine.hpp"
#include "replay/sources/synthetic.hpp"
#include "tests/support/varied.hpp"

namespace genome {
namespace {

using tests::any_stream;
using tests::one_of;

Controller tree(std::string_view text) {
  const CheckResult result = check_text(text);
  EXPECT_TRUE(result.controller) << render_all(result.diagnostics, "test", text);
  return result.controller->tree();
}

constexpr std::string_view kText =
    "controller one\n"
    "schedule\n  width rises round(2 + 6 * beta)\n  level rises 0.5 + 0.4 * beta\n"
    "memory\n  ema = 0\n  same = 0\n"
    "branch\n  strikes = 0\n"
    "start\n  let half = width / 2\n  open half\n"
    "round\n"
    "  let leader = top(finished)\n"
    "  let warm = round > 3\n"
    "  ema = mix(ema, confidence(finished), 0.5)\n"
    "  same = same + 1\n"
    "  strikes = strikes + 1 for active and answer != leader\n"
    "  advance active by 1 first depth\n"
    "  prune active and strikes > 3 keep 2 when warm\n"
    "  stop when ema > level and same > 2\n"
    "  stop when not any(active)\n"
    "answer\n  top(finished)\n";

// The same with every name another, and independent lines in another order.
constexpr std::string_view kOther =
    "controller two\n"
    "schedule\n  q rises 0.5 + 0.4 * beta\n  n rises round(2 + 6 * beta)\n"
    "memory\n  count_ = 0\n  smooth = 0\n  idle = 7\n"
    "branch\n  bad = 0\n"
    "start\n  let x = n / 2\n  open x\n"
    "round\n"
    "  let x = round > 3\n"
    "  count_ = count_ + 1\n"
    "  let first_ = top(finished)\n"
    "  bad = bad + 1 for active and answer != first_\n"
    "  smooth = mix(smooth, confidence(finished), 0.5)\n"
    "  advance active by 1 first depth\n"
    "  prune active and bad > 3 keep 2 when x\n"
    "  stop when not any(active)\n"
    "  stop when smooth > q and count_ > 2\n"
    "answer\n  top(finished)\n";

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(Equivalence, NamesAndIndependentOrderMakeNoDifference) {
  EXPECT_TRUE(equivalent(tree(kText), tree(kOther)))
      << print(normal_form(tree(kText))) << print(normal_form(tree(kOther)));
}

TEST(Equivalence, WhatMattersIsADifference) {
  const Controller one = tree(kText);
  const auto differs = [&](std::string_view from, std::string_view to) {
    return !equivalent(one, tree(replaced(std::string(kText), from, to)));
  };
  EXPECT_TRUE(differs("strikes > 3", "strikes > 4"));
  EXPECT_TRUE(differs("ema > level and same > 2", "same > level and ema > 2"));  // roles swapped
  EXPECT_TRUE(differs("  same = 0\n", "  same = 1\n"));
  EXPECT_TRUE(differs("level rises", "level falls 1 - beta\n  unused rises"));
  EXPECT_TRUE(differs("controller one\n", "controller one\nrounds 7\n"));
  EXPECT_TRUE(differs("answer\n  top(finished)", "answer\n  top(active)\n  top(finished)"));
  // pruning first is another program
  EXPECT_TRUE(
      differs("  advance active by 1 first depth\n  prune active and strikes > 3 keep 2 when warm\n",
              "  prune active and strikes > 3 keep 2 when warm\n  advance active by 1 first depth\n"));
  // so is smoothing after the branches have moved
  EXPECT_TRUE(differs("  ema = mix(ema, confidence(finished), 0.5)\n", ""));
}

TEST(Dependence, KnowsWhatMayChangePlaces) {
  const Controller c = tree(
      "controller c\nmemory\n  m = 0\n  k = 0\nbranch\n  b = 0\n"
      "round\n"
      "  let x = round + m\n"            // 0
      "  m = m + 1\n"                    // 1 after 0, which reads m
      "  k = k + 1\n"                    // 2
      "  b = 1\n"                        // 3 which branches there are matters
      "  open 1\n"                       // 4 after 3
      "  let y = opened\n"               // 5 after 4
      "  stop when x > 3\n"              // 6 after 0, 1, 2, 3 and 4
      "  stop when y > 3\n"              // 7 not after 6
      "  let z = count(not finished)\n"  // 8 after 4, not after the stops
      "  k = z\n"                        // 9
      "answer\n  top(finished)\n");
  const Dependence d(c, Section::kRound);
  ASSERT_EQ(d.lines(), 10U);
  const auto after = [&](std::size_t later) {
    std::vector<std::size_t> all;
    for (std::size_t i = 0; i < later; ++i) {
      if (d.on(later, i)) all.push_back(i);
    }
    return all;
  };
  using Lines = std::vector<std::size_t>;
  EXPECT_EQ(after(1), (Lines{0}));
  EXPECT_EQ(after(2), (Lines{}));
  EXPECT_EQ(after(3), (Lines{}));
  EXPECT_EQ(after(4), (Lines{3}));
  EXPECT_EQ(after(5), (Lines{4}));
  EXPECT_EQ(after(6), (Lines{0, 1, 2, 3, 4}));
  EXPECT_EQ(after(7), (Lines{1, 2, 3, 4, 5}));
  EXPECT_EQ(after(8), (Lines{4}));
  EXPECT_EQ(after(9), (Lines{2, 6, 7, 8}));
}

// ---- properties ----

// Shuffles lines as far as their dependence allows, and gives every name a new one.
Controller disguised(base::Rng& rng, Controller c) {
  for (const Section section : {Section::kStart, Section::kRound}) {
    std::vector<Statement>& lines = section == Section::kStart ? c.start : c.round;
    std::vector<std::uint64_t> keys;
    for (std::size_t i = 0; i < lines.size(); ++i) keys.push_back(rng());
    const auto order =
        Dependence(c, section).order([&](std::size_t a, std::size_t b) { return keys[a] < keys[b]; });
    std::vector<Statement> shuffled;
    for (const std::size_t i : order) shuffled.push_back(lines[i]);
    lines = shuffled;
  }
  const auto shuffle = [&](auto& list) {
    for (std::size_t i = list.size(); i > 1; --i) std::swap(list[i - 1], list[base::uniform_index(rng, i)]);
  };
  shuffle(c.memory);
  shuffle(c.branch);
  std::vector<std::string> names;
  for (const auto& entry : c.schedule) names.push_back(entry.name);
  for (const auto* list : {&c.memory, &c.branch}) {
    for (const auto& slot : *list) names.push_back(slot.name);
  }
  shuffle(names);
  for (const std::string& name : names) rename(c, name, fresh_name(c, "name"));
  return c;
}

struct Deed {
  replay::ActionLog log;
  replay::EpisodeResult result;
  bool operator==(const Deed&) const = default;
};

Deed deed(const Controller& c, const replay::Question& question, double beta,
          const std::vector<std::uint32_t>& dealt, const replay::EpisodeOptions& options) {
  const CheckResult result = check(c);
  if (!result.controller) RC_FAIL(render_all(result.diagnostics, "found", "") + print(c));
  const Program program = compile(*result.controller);
  replay::Machine machine;
  Deed all;
  all.result = machine.run(bind(program, beta), question, dealt, {.episode = options, .log = &all.log});
  return all;
}

void expect_alike(base::Rng& rng, const Controller& a, const Controller& b) {
  const replay::Environment environment = replay::make_synthetic(
      {.seed = rng(), .questions = 3, .branches = 12, .length = 4000, .max_tokens = 6000});
  for (const replay::Question& question : environment.questions) {
    const double beta = base::uniform_real(rng);
    const auto dealt = replay::ordering(base::uniform_index(rng, 100), question.branches.size());
    replay::EpisodeOptions options{.probe_cost = one_of<std::int64_t>(rng, {0, 9})};
    if (base::chance(rng, 0.3)) options.budget = base::uniform_int(rng, 500, 30000);
    if (deed(a, question, beta, dealt, options) != deed(b, question, beta, dealt, options))
      RC_FAIL(print(a) + "\nacts differently from\n" + print(b));
  }
}

Controller any_controller(base::Rng& rng) {
  return base::chance(rng, 0.5) ? tests::bred_controller(rng) : tests::wild_controller(rng);
}

TEST(Equivalence, TheNormalFormActsAlike) {
  EXPECT_TRUE(rc::check([] {
    base::Rng rng = any_stream();
    const Controller c = any_controller(rng);
    const Controller normal = normal_form(c);
    expect_alike(rng, c, normal);
    if (normal_form(normal) != normal) RC_FAIL(print(normal) + "\nbecomes\n" + print(normal_form(normal)));
  }));
}

TEST(Equivalence, DisguisesActAlikeAndAreSeenThrough) {
  EXPECT_TRUE(rc::check([] {
    base::Rng rng = any_stream();
    const Controller c = tests::bred_controller(rng);
    const Controller other = disguised(rng, c);
    expect_alike(rng, c, other);
    if (!equivalent(c, other)) {
      RC_FAIL(print(c) + "\nis not\n" + print(other) + "\nnormal forms\n" + print(normal_form(c)) + "\n" +
              print(normal_form(other)));
    }
  }));
}

// Controllers that do different things are never taken for one: what differs in any episode differs.
TEST(Equivalence, ParentsAndChildrenAreToldApart) {
  int different = 0;
  EXPECT_TRUE(rc::check([&] {
    base::Rng rng = any_stream();
    const Controller parent = tests::bred_controller(rng, Material::plain(), 3);
    const auto mutations = all_mutations();
    const auto child = mutate(rng, parent, mutations[base::uniform_index(rng, mutations.size())]);
    if (!child) return;
    if (equivalent(parent, *child))
      expect_alike(rng, parent, *child);
    else
      ++different;
  }));
  EXPECT_GT(different, 50);
}

}  // namespace
}  // namespace genome
