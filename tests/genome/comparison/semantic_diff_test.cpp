#include "genome/comparison/semantic_diff.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "genome/comparison/inline_change.hpp"
#include "genome/text/checker.hpp"
#include "genome/text/parser.hpp"
#include "genome/text/printer.hpp"
#include "genome/tree/sites.hpp"
#include "tests/support/varied.hpp"

namespace genome {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using tests::any_stream;
using tests::Rng;

Controller tree(std::string_view text) {
  const CheckResult result = check_text(text);
  EXPECT_TRUE(result.controller) << render_all(result.diagnostics, "test", text);
  return result.controller->tree();
}

// The one line of the section round in a controller with registers x, y and z.
Statement line(std::string_view text) {
  return tree("controller c\nmemory\n  x = 0\n  y = 0\n  z = 0\nround\n  " + std::string(text) +
              "\nanswer\n  top(finished)\n")
      .round.at(0);
}

std::string marked_lines(std::string_view from, std::string_view to) { return marked(line(from), line(to)); }

// ---- marks ----

TEST(MarkedChange, MarksTheChangedSubtree) {
  EXPECT_EQ(marked_lines("stop when x > 3", "stop when x > 4"), "stop when x > {3 → 4}");
  EXPECT_EQ(marked_lines("stop when max(x, y) > 3", "stop when max(x, z + 1) > 3"),
            "stop when max(x, {y → z + 1}) > 3");
  EXPECT_EQ(marked_lines("stop when x > 3", "stop when y < 4"), "stop when {x > 3 → y < 4}");
  EXPECT_EQ(marked_lines("open 1", "open 1"), "open 1");
}

TEST(MarkedChange, TermsOfAChainAreToldOneByOne) {
  EXPECT_EQ(marked_lines("stop when x > 1 and y > 2 and z > 3", "stop when x > 1 and z > 3"),
            "stop when x > 1 and {- y > 2} and z > 3");
  EXPECT_EQ(marked_lines("stop when x > 1", "stop when x > 1 and z > 3"), "stop when x > 1 and {+ z > 3}");
  EXPECT_EQ(marked_lines("stop when x > 1 and y > 2", "stop when z > 3 and x > 1 and y > 4"),
            "stop when {+ z > 3} and x > 1 and y > {2 → 4}");
  EXPECT_EQ(marked_lines("x = x + y", "x = x + y + z"), "x = x + y + {+ z}");
  // the other operation keeps its brackets
  EXPECT_EQ(marked_lines("stop when x > 1 and (y > 2 or z > 3)", "stop when x > 1 and (y > 2 or z > 4)"),
            "stop when x > 1 and (y > 2 or z > {3 → 4})");
}

TEST(MarkedChange, PartsComeAndGo) {
  EXPECT_EQ(marked_lines("prune active first depth", "prune active keep 2 when x > 1"),
            "prune active first {- depth} keep {+ 2} when {+ x > 1}");
}

TEST(Likeness, IsOneForEqualLinesAndNoneForOtherVerbs) {
  EXPECT_EQ(likeness(line("stop when x > 3"), line("stop when x > 3")), 1);
  EXPECT_EQ(likeness(line("stop"), line("stop")), 1);
  EXPECT_EQ(likeness(line("open 1"), line("read 1")), 0);
  EXPECT_EQ(likeness(line("x = 1"), line("y = 1")), 0);
  EXPECT_NEAR(likeness(line("stop when x > 3"), line("stop when x > 4")), 2 / 3.0, 1e-12);
}

// ---- the whole ----

constexpr std::string_view kText =
    "controller one\n"
    "schedule\n  width rises round(2 + 6 * beta)\n  level rises 0.5 + 0.4 * beta\n"
    "memory\n  ema = 0\n  same = 0\n"
    "branch\n  strikes = 0\n"
    "start\n  open width\n"
    "round\n"
    "  ema = mix(ema, confidence(finished), 0.5)\n"
    "  same = same + 1\n"
    "  strikes = strikes + 1 for active and answer != top(finished)\n"
    "  advance active by 1 first depth\n"
    "  prune active and strikes > 3 keep 2\n"
    "  stop when ema > level and same > 2\n"
    "  stop when not any(active)\n"
    "answer\n  top(finished)\n";

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  for (; at != std::string::npos; at = text.find(from, at + to.size())) text.replace(at, from.size(), to);
  return text;
}

SemanticDiff with(std::string_view from, std::string_view to) {
  return semantic_diff(tree(kText), tree(replaced(std::string(kText), from, to)));
}

// "+ line", "- line" and "~ marked line" of what changed.
std::vector<std::string> told(const std::vector<LineChange>& changes) {
  std::vector<std::string> lines;
  for (const LineChange& c : changes) {
    if (c.change == Change::kAdded) lines.push_back("+ " + c.to);
    if (c.change == Change::kDropped) lines.push_back("- " + c.from);
    if (c.change == Change::kChanged) lines.push_back("~ " + c.marked);
  }
  return lines;
}

bool all_same(const SemanticDiff& d) {
  const auto schedule = std::all_of(d.schedule.begin(), d.schedule.end(),
                                    [](const ScheduleChange& c) { return c.change == Change::kSame; });
  return schedule && d.rounds_from == d.rounds_to && told(d.memory).empty() && told(d.branch).empty() &&
         told(d.start).empty() && told(d.round).empty() && told(d.answer).empty();
}

TEST(SemanticDiff, OfAControllerWithItselfIsNothing) {
  EXPECT_TRUE(rc::check([] {
    Rng rng = any_stream();
    const Controller c = base::chance(rng, 0.5) ? tests::bred_controller(rng) : tests::wild_controller(rng);
    const SemanticDiff diff = semantic_diff(c, c);
    RC_ASSERT(diff.same_text);
    RC_ASSERT(diff.equivalent);
    RC_ASSERT(diff.renamed.empty());
    RC_ASSERT(all_same(diff));
  }));
}

TEST(SemanticDiff, ScheduleEntriesTellHowTheirValueMoves) {
  const SemanticDiff moved = with("0.5 + 0.4 * beta", "0.6 + 0.2 * beta");
  EXPECT_FALSE(moved.equivalent);
  ASSERT_EQ(moved.schedule.size(), 2U);
  EXPECT_EQ(moved.schedule[0].change, Change::kSame);
  const ScheduleChange& level = moved.schedule[1];
  EXPECT_EQ(level.name, "level");
  EXPECT_EQ(level.change, Change::kChanged);
  EXPECT_DOUBLE_EQ(level.from->at_zero, 0.5);
  EXPECT_DOUBLE_EQ(level.from->at_one, 0.9);
  EXPECT_DOUBLE_EQ(level.to->at_zero, 0.6);
  EXPECT_DOUBLE_EQ(level.to->at_one, 0.8);
  EXPECT_EQ(level.marked, "{0.5 → 0.6} + {0.4 → 0.2} * beta");
  EXPECT_FALSE(level.same_values);

  const SemanticDiff words = with("round(2 + 6 * beta)", "round(6 * beta + 2)");
  EXPECT_EQ(words.schedule[0].change, Change::kChanged);
  EXPECT_TRUE(words.schedule[0].same_values);

  // what an entry mentions may move it
  const SemanticDiff through =
      semantic_diff(tree(replaced(std::string(kText), "0.5 + 0.4 * beta", "0.5 + 0.01 * width")),
                    tree(replaced(replaced(std::string(kText), "0.5 + 0.4 * beta", "0.5 + 0.01 * width"),
                                  "2 + 6 *", "2 + 8 *")));
  EXPECT_EQ(through.schedule[1].change, Change::kChanged);
  EXPECT_EQ(through.schedule[1].marked, "");
  EXPECT_FALSE(through.schedule[1].same_values);
}

TEST(SemanticDiff, RegistersAddedDroppedAndChanged) {
  std::string text = replaced(std::string(kText), "  same = 0\n", "  calm = true\n");
  text = replaced(text, "  same = same + 1\n", "  calm = calm and round < 9\n");
  text = replaced(text, "same > 2", "calm");
  text = replaced(text, "strikes = 0", "strikes = 1");
  const SemanticDiff diff = semantic_diff(tree(kText), tree(text));
  EXPECT_THAT(diff.renamed, IsEmpty());  // a number is no truth
  EXPECT_THAT(told(diff.memory), ElementsAre("- same = 0", "+ calm = true"));
  EXPECT_THAT(told(diff.branch), ElementsAre("~ strikes = {0 → 1}"));
  EXPECT_THAT(told(diff.round), ElementsAre("- same = same + 1", "+ calm = calm and round < 9",
                                            "~ stop when ema > level and {same > 2 → calm}"));
}

TEST(SemanticDiff, ChangedLinesAreAlignedAndMarked) {
  const SemanticDiff diff =
      with("prune active and strikes > 3 keep 2", "prune active and strikes > 5 keep 2 when round > 4");
  EXPECT_THAT(told(diff.round),
              ElementsAre("~ prune active and strikes > {3 → 5} keep 2 when {+ round > 4}"));
  EXPECT_THAT(told(diff.start), IsEmpty());
  EXPECT_THAT(told(with("  stop when not any(active)\n", "").round),
              ElementsAre("- stop when not any(active)"));
  EXPECT_THAT(told(with("  top(finished)\n", "  top(active)\n  top(finished)\n").answer),
              ElementsAre("+ top(active)"));
}

TEST(SemanticDiff, RenamedRegistersAreSpelledAsBefore) {
  std::string text = replaced(std::string(kText), "strikes", "bad");
  text = replaced(text, "ema", "smooth");
  text = replaced(text, "width", "n");
  const SemanticDiff same = semantic_diff(tree(kText), tree(text));
  EXPECT_TRUE(same.equivalent);
  EXPECT_FALSE(same.same_text);
  EXPECT_THAT(same.renamed, testing::UnorderedElementsAre(Renaming{"strikes", "bad"},
                                                          Renaming{"ema", "smooth"}, Renaming{"width", "n"}));
  EXPECT_TRUE(all_same(same));
  const SemanticDiff changed = semantic_diff(tree(kText), tree(replaced(text, "bad > 3", "bad > 4")));
  EXPECT_FALSE(changed.equivalent);
  EXPECT_THAT(told(changed.round), ElementsAre("~ prune active and strikes > {3 → 4} keep 2"));
}

TEST(SemanticDiff, LinesThatMayChangePlacesHaveNoPlace) {
  const std::string two = "  ema = mix(ema, confidence(finished), 0.5)\n  same = same + 1\n";
  const std::string other = "  same = same + 1\n  ema = mix(ema, confidence(finished), 0.5)\n";
  const SemanticDiff diff = with(two, other);
  EXPECT_TRUE(diff.equivalent);
  EXPECT_TRUE(all_same(diff));
  // but for those that may not
  const SemanticDiff moved =
      with("  advance active by 1 first depth\n  prune active and strikes > 3 keep 2\n",
           "  prune active and strikes > 3 keep 2\n  advance active by 1 first depth\n");
  EXPECT_FALSE(moved.equivalent);
  EXPECT_EQ(told(moved.round).size(), 2U);
}

// Nothing is lost: what the difference lists of A is A, and of B all of B.
TEST(SemanticDiff, ListsEveryLineOfBoth) {
  EXPECT_TRUE(rc::check([] {
    Rng rng = any_stream();
    const bool wild = base::chance(rng, 0.3);
    const auto any = [&] { return wild ? tests::wild_controller(rng) : tests::bred_controller(rng); };
    const Controller a = any(), b = any();
    const SemanticDiff diff = semantic_diff(a, b);
    Controller renamed = b;
    for (const Renaming& r : diff.renamed) rename(renamed, r.to, r.from);
    RC_ASSERT(checks(renamed));
    const auto compare = [](const std::vector<LineChange>& changes, const std::vector<Statement>& from,
                            const std::vector<Statement>& to) {
      std::vector<std::string> old_lines, listed_old, new_lines, listed_new;
      for (const Statement& s : from) old_lines.push_back(print(s));
      for (const Statement& s : to) new_lines.push_back(print(s));
      for (const LineChange& c : changes) {
        if (c.change != Change::kAdded) listed_old.push_back(c.from);
        if (c.change != Change::kDropped) listed_new.push_back(c.to);
        RC_ASSERT((c.change == Change::kSame) == (c.from == c.to));
      }
      RC_ASSERT(listed_old == old_lines);
      std::sort(new_lines.begin(), new_lines.end());
      std::sort(listed_new.begin(), listed_new.end());
      RC_ASSERT(listed_new == new_lines);
    };
    compare(diff.start, a.start, renamed.start);
    compare(diff.round, a.round, renamed.round);
    RC_ASSERT(!all_same(diff) || diff.equivalent);
  }));
}

}  // namespace
}  // namespace genome
