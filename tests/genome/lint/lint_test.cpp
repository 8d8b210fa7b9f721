#include "genome/lint/lint.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <set>
#include <string>
#include <vector>

#include "genome/lint/branch_bound.hpp"
#include "genome/text/known_controllers.hpp"
#include "genome/text/printer.hpp"
#include "tests/support/varied.hpp"

namespace genome {
namespace {

struct Sections {
  std::string schedule, start = "open 4", round = "advance active by 1", declared;
};

std::string text_of(const Sections& s) {
  const std::string schedule = s.schedule.empty() ? "" : "schedule\n" + s.schedule + "\n";
  return "controller mine\n" + schedule + s.declared + "start\n" + s.start + "\nround\n" + s.round +
         "\nanswer\ntop(finished)\n";
}

// The warnings of a text without errors as "code line:column", beside those of the checker.
std::vector<std::string> warnings_of(const Sections& sections) {
  const std::string text = text_of(sections);
  const CheckResult result = check_text(text);
  EXPECT_TRUE(result.controller) << render_all(result.diagnostics, "text", text);
  std::vector<std::string> all;
  if (!result.controller) return all;
  for (const Diagnostic& d : lint(*result.controller)) {
    EXPECT_EQ(d.severity, Severity::kWarning);
    EXPECT_FALSE(d.hint.empty()) << d.message;
    all.push_back(fmt::format("{} {}:{}", d.code, d.at.line, d.at.column));
  }
  return all;
}

using testing::ElementsAre;
using testing::StartsWith;
using Warnings = std::vector<std::string>;

TEST(Lint, SoundControllersHaveNoWarnings) {
  std::set<std::string> with_warnings;
  for (const KnownController& known : known_controllers()) {
    const CheckResult result = reviewed(known.text);
    ASSERT_TRUE(result.controller) << known.name;
    if (!result.diagnostics.empty()) with_warnings.emplace(known.name);
  }
  // It asks for 125 branches at beta = 1.
  EXPECT_EQ(with_warnings, (std::set<std::string>{"two_stage"}));
}

// ---- keys

TEST(Lint, WhoIsPrunedIsDecidedByAKeyThatVaries) {
  const auto pruning = [](const std::string& rest, const std::string& declared = "") {
    return warnings_of({.round = "advance active by streak\nprune active " + rest, .declared = declared});
  };
  EXPECT_EQ(pruning("keep 2"), Warnings{"order 6:1"});
  EXPECT_EQ(pruning("first 1 keep 2"), Warnings{"order 6:20"});
  for (const char* same :
       {"-1", "beta", "round", "opened", "count(finished)", "confidence(active)", "0 * depth",
        "depth - depth", "depth / depth", "if(depth > 3, 1, 1)", "max(depth, active)", "min(3, round)"})
    EXPECT_THAT(pruning(fmt::format("first {} keep 2", same)), ElementsAre(StartsWith("order 6:"))) << same;
  for (const char* varied : {"depth", "-streak", "1 / depth", "if(answer == top(active), 0, 1)",
                             "votes(answer, active)", "depth * round", "max(depth, round)"})
    EXPECT_EQ(pruning(fmt::format("first {} keep 2", varied)), Warnings{}) << varied;
  EXPECT_EQ(pruning("first mark keep 2", "branch\nmark = 0\n"), Warnings{"order 8:20"});
  EXPECT_EQ(warnings_of({.round = "mark = mark + 1 for active when round > 2\nlet key = 2 * mark\n"
                                  "advance active by 1\nprune active first key keep 2",
                         .declared = "branch\nmark = 0\n"}),
            Warnings{});
  EXPECT_EQ(warnings_of({.round = "let key = 2 * round\nadvance active by 1\nprune active first key keep 2"}),
            Warnings{"order 7:20"});
}

TEST(Lint, HintsNameKeysThatTellBranchesApart) {
  for (const char* rest : {"keep 2", "first 1 keep 2", "first depth keep 2"}) {
    const std::string text = text_of({.round = fmt::format("advance active by 1\nprune active {}", rest)});
    const CheckResult result = reviewed(text);
    ASSERT_EQ(result.diagnostics.size(), 1U) << rest;
    EXPECT_THAT(result.diagnostics[0].hint, testing::HasSubstr("-streak"));
    EXPECT_THAT(result.diagnostics[0].hint, testing::Not(testing::HasSubstr("depth")));
  }
}

TEST(Lint, AKeyThatDecidesNothingIsNamedElsewhereToo) {
  EXPECT_EQ(warnings_of({.round = "advance active by 1\nprune active first depth"}), Warnings{"order 6:20"});
  EXPECT_EQ(warnings_of({.round = "advance active by 1\nprune active and depth > 9"}), Warnings{});
  EXPECT_EQ(warnings_of({.round = "advance active by 1 first 3"}), Warnings{"order 5:27"});
  EXPECT_EQ(warnings_of({.round = "continue active by 1 first round\nprobe active"}), Warnings{"order 5:28"});
  EXPECT_EQ(warnings_of({.round = "advance active by 1 first streak"}), Warnings{});
}

// ---- counts

TEST(Lint, CountsOfNothingAreNamed) {
  for (const char* none :
       {"0", "-3", "0.5", "0 * opened", "-opened", "min(0, opened)", "if(any(active), 0, -1)"})
    EXPECT_THAT(warnings_of({.round = fmt::format("open {}\nadvance active by 1", none)}),
                ElementsAre(StartsWith("count 5:")))
        << none;
  EXPECT_EQ(warnings_of({.round = "read 0\nadvance active by 1"}), Warnings{"count 5:6"});
  EXPECT_EQ(warnings_of({.start = "open -1\nopen 3"}), Warnings{"count 3:6"});
  EXPECT_EQ(warnings_of({.round = "advance active by 0"}), Warnings{"count 5:19"});
  EXPECT_EQ(warnings_of({.round = "continue active by 1 - 2\nprobe active"}), Warnings{"count 5:22"});
  EXPECT_EQ(warnings_of({.round = "advance active by 1\nprune active keep 0"}), Warnings{"count 6:19"});
  for (const char* some : {"1 when opened < 9", "min(2, 8 - opened)", "if(any(active), 0, 1) * (6 - opened)"})
    EXPECT_EQ(warnings_of({.round = fmt::format("open {}\nadvance active by 1", some)}), Warnings{}) << some;
  EXPECT_EQ(warnings_of({.round = "advance active by if(depth > 3, 0, 1)"}), Warnings{});
}

TEST(Lint, CountsThatAreNoneAtSomeBetasSayWhere) {
  const Sections sections{.schedule = "n rises round(8*beta)", .start = "open n"};
  EXPECT_EQ(warnings_of(sections), Warnings{"count 5:6"});
  const std::string text = text_of(sections);
  const std::string shown = render_all(reviewed(text).diagnostics, "mine.ctl", text);
  EXPECT_NE(shown.find("mine.ctl:5:6: warning: the count of 'open' is 0 from beta = 0 to beta = 0.06"),
            std::string::npos)
      << shown;
}

TEST(Lint, CountsAreLookedAtWhereTheirGuardLetsThemBeUsed) {
  const std::string spare = "spare rises round(4*beta)\nwidth rises round(8 + 4*beta)";
  for (const char* line :
       {"prune active first -streak keep spare when spare >= 1",
        "open min(spare, width - opened) when spare > 0", "open spare when beta > 0.5 and opened < 20",
        "open spare when not (spare < 1) and opened < 20",
        "read spare when any(active) and 1 <= spare and opened < 20",
        "advance active by spare when spare > 0"})
    EXPECT_EQ(warnings_of({.schedule = spare, .round = fmt::format("advance active by width\n{}", line)}),
              Warnings{})
        << line;
  const auto shown = [&](const std::string& line) {
    const std::string text = text_of({.schedule = spare, .round = "advance active by width\n" + line});
    return render_all(reviewed(text).diagnostics, "mine.ctl", text);
  };
  using testing::HasSubstr;
  EXPECT_THAT(shown("open spare when spare < 1 and opened < 9"),
              HasSubstr("the count of 'open' is always 0"));
  EXPECT_THAT(shown("open spare when beta > 0.05 and opened < 9"),
              HasSubstr("is 0 from beta = 0.06 to beta = 0.12"));
  EXPECT_THAT(shown("open spare when any(active) and opened < 9"), HasSubstr("from beta = 0 to beta = 0.12"));
}

// ---- branches

double most(const Sections& sections, double beta = 1) {
  const CheckResult result = check_text(text_of(sections));
  EXPECT_TRUE(result.controller) << text_of(sections);
  if (!result.controller) return -1;
  return most_branches(result.controller->tree(), constant_names(result.controller->tree(), beta)).most;
}

TEST(Lint, BranchesThatCanBeAskedForAreCounted) {
  const std::string n = "n rises round(4 + 60*beta)";
  EXPECT_EQ(most({.start = "open 100"}), 100);
  EXPECT_EQ(most({.start = "open 40\nread 30"}), 70);
  EXPECT_EQ(most({.start = "open min(100, 64 - opened)"}), 64);
  EXPECT_EQ(most({.schedule = n, .round = "open min(3, n - opened)\nadvance active by 1"}), 64);
  EXPECT_EQ(most({.schedule = n, .round = "open max(0, (n - opened) / 2)\nadvance active by 1"}), 64);
  EXPECT_EQ(most({.schedule = n, .round = "let room = n - opened\nopen min(4, room)\nadvance active by 1"}),
            64);
  EXPECT_EQ(most({.round = "open if(opened < 30, 3, 0)\nadvance active by 1"}), 32);
  EXPECT_EQ(most({.schedule = n, .round = "read 1 when opened < n\nstop when opened >= n"}), 64);
  EXPECT_EQ(most({.round = "read 8 when not (opened > 30)"}), 38);
  EXPECT_EQ(most({.start = "read 1", .round = "read 1\nstop when count(finished) >= 20 or round > 99"}), 20);
  EXPECT_EQ(most({.round = "open 1 when round < 5\nadvance active by 1"}), 9);
  EXPECT_EQ(most({.round = "open 30 when round == 7\nadvance active by 1"}), 34);
  EXPECT_EQ(most({.round = "open 1\nadvance active by 1\nstop when round >= 9"}), 14);
  EXPECT_EQ(most({.round = "open 2\nadvance active by 1"}), 2004);
  EXPECT_EQ(most({.round = "open 0\nadvance active by 1"}), 4);
}

// What branches show may keep a statement from being done, or end the episode.
TEST(Lint, WhatIsNotForeseenCountsOnce) {
  EXPECT_EQ(most({.round = "open 2 when any(active) and opened + 2 <= 10\nadvance active by 1"}), 6);
  EXPECT_EQ(most({.round = "open 2\nadvance active by 1\nstop when not any(active)"}), 6);
  EXPECT_EQ(most({.start = "open 40", .round = "open 40 when not any(active)\nadvance active by 1"}), 80);
  EXPECT_EQ(most({.start = "open 40", .round = "open 40 - count(active)\nadvance active by 1"}), 40);
  EXPECT_EQ(most({.round = "open if(any(active), 0, 80)\nadvance active by 1"}), 80);
}

TEST(Lint, NoBranchesAreNamedThatNobodyKnowsOf) {
  const std::string width = "width rises round(4 + 7*beta)", go = "memory\ngo = false\nwaves = 0\n";
  for (const Sections& sections : std::vector<Sections>{
           {.start = "open width",
            .round = "stop when count(finished) >= 8\nopen width - count(active)\nadvance active by 1"},
           {.round = "open 1 when not any(active)\nstop when count(finished) >= 8\nadvance active by 1"},
           {.round = "open 1\nstop when count(finished) >= 8\nadvance active by 1"},
           {.round = "open 1 when count(finished) < 3 and not any(active)\nadvance active by width"},
           {.start = "read 1", .round = "read 3 when not any(active) and count(finished) < 6"},
           {.round = "open 1 when mod(round, 10) == 9 and round < 100\nadvance active by 1"},
           {.round = "let ninth = mod(round, 10) == 9\nopen 1 when ninth and round < 100\n"
                     "advance active by 1"},
           {.round = "go = not any(active) and waves < 2\nopen 4 when go\nwaves = waves + 1 when go\n"
                     "advance active by 1",
           .declared = go},
           {.round = "open 1 when count(active) + count(finished) + count(pruned) < 20\nadvance active by 1"},
           {.start = "open 40\nopen 40 when opened < 30"}}) {
    Sections scheduled = sections;
    if (text_of(sections).find("width") != std::string::npos) scheduled.schedule = width;
    EXPECT_EQ(warnings_of(scheduled), Warnings{}) << text_of(scheduled);
  }
}

TEST(Lint, MoreBranchesThanAnEpisodeOpensAreNamedWhereTheyAreAskedFor) {
  EXPECT_EQ(warnings_of({.start = "open 64"}), Warnings{});
  EXPECT_EQ(warnings_of({.start = "open 65"}), Warnings{"branches 3:6"});
  EXPECT_EQ(warnings_of({.start = "open 40\nopen 40"}), Warnings{"branches 3:6"});
  EXPECT_EQ(warnings_of({.start = "read 100"}), Warnings{"branches 3:6"});
  EXPECT_EQ(warnings_of({.round = "open 65 when not any(active)\nadvance active by 1"}),
            Warnings{"branches 5:6"});
  EXPECT_EQ(warnings_of({.round = "open 1 when mod(round, 10) == 9\nadvance active by 1"}),
            Warnings{"branches 5:6"});
  EXPECT_EQ(warnings_of({.round = "read 1\nadvance active by 1"}), Warnings{"branches 5:6"});
  EXPECT_EQ(warnings_of({.schedule = "n rises 2 + 98*beta", .start = "open 2\nopen n - opened"}),
            Warnings{"branches 6:8"});
}

// Lets of lets, each used twice, are 2^60 uses written out. None is opened, as 4 were.
TEST(Lint, TakesLittleTimeForLetsOfLets) {
  std::string round = "let a0 = opened\n";
  for (int i = 0; i < 60; ++i) round += fmt::format("let a{} = a{} + a{}\n", i + 1, i, i);
  EXPECT_EQ(warnings_of({.round = round + "open 10 - a60\nadvance active by 1"}), Warnings{});
}

// Whatever evolution writes, each warning has a place and is about a part that stands there.
TEST(Lint, JudgesWhateverEvolutionWrites) {
  EXPECT_TRUE(rc::check([] {
    Rng rng = tests::any_stream();
    const std::string text = print(tests::bred_controller(rng));
    const CheckResult result = reviewed(text);
    RC_ASSERT(result.controller.has_value());
    for (const Diagnostic& d : result.diagnostics)
      RC_ASSERT(d.at.line > 0 || d.code == "known-name" || d.code == "idle");
  }));
}

// ---- names, and what stays as it is

TEST(Lint, AKnownNameBelongsToTheKnownController) {
  const std::string text = "controller sc\nstart\n  read 4\nanswer\n  top(finished)\n";
  const CheckResult result = reviewed(text);
  ASSERT_EQ(result.diagnostics.size(), 1U);
  EXPECT_EQ(result.diagnostics[0].code, "known-name");
  EXPECT_NE(result.diagnostics[0].message.find("'sc'"), std::string::npos);
}

TEST(Lint, AReviewGivesTheControllerOfTheCheckAndAllItsWarnings) {
  const std::string text = text_of({.start = "let unused = 1\nopen 0\nopen 4 when 2 > 1"});
  const CheckResult checked = check_text(text), result = reviewed(text);
  ASSERT_TRUE(result.controller);
  EXPECT_EQ(*result.controller, *checked.controller);
  std::vector<std::string> codes;
  for (const Diagnostic& d : result.diagnostics) codes.push_back(d.code);
  EXPECT_EQ(codes, (std::vector<std::string>{"unused", "count", "constant-guard"}));
  EXPECT_EQ(std::ranges::count(checked.diagnostics, "count", &Diagnostic::code), 0);
}

}  // namespace
}  // namespace genome
