#include "genome/tree/sites.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <string>
#include <string_view>

#include "genome/text/checker.hpp"
#include "genome/text/parser.hpp"
#include "genome/text/printer.hpp"
#include "genome/tree/typing.hpp"
#include "tests/support/varied.hpp"

namespace genome {
namespace {

constexpr std::string_view kText = R"(controller c

schedule
  width rises 3
  spare rises width

memory
  ema = 0
  a = 0
  b = 0
  lonely = 0

branch
  strikes = 0
  idle = true

start
  open width

round
  let unread = opened
  ema = mix(ema, opened, 0.5)
  a = b
  b = a
  lonely = lonely + 1
  idle = false for active
  strikes = strikes + 1 for active when ema > 3
  prune strikes > 3 first strikes keep 2
  advance active by 1

answer
  top(finished)
)";

TEST(Sites, AreListedInTheOrderOfTheText) {
  const Controller c = parse(kText).controller;
  std::string listed;
  for (const Site& site : sites_of(c))
    listed += std::string(name_of(site.section)) + " " + print(expr_at(c, site)) + ": " +
              describe(site.wanted) + "\n";
  EXPECT_EQ(listed,
            "schedule 3: number of the question\n"
            "schedule width: number of the question\n"
            "memory 0: number of the question\n"
            "memory 0: number of the question\n"
            "memory 0: number of the question\n"
            "memory 0: number of the question\n"
            "branch 0: number of the question\n"
            "branch true: truth of the question\n"
            "start width: number of the question\n"
            "round opened: number of the question\n"
            "round mix(ema, opened, 0.5): number of the question\n"
            "round b: number of the question\n"
            "round a: number of the question\n"
            "round lonely + 1: number of the question\n"
            "round false: truth of the branch\n"
            "round active: truth of the branch\n"
            "round strikes + 1: number of the branch\n"
            "round active: truth of the branch\n"
            "round ema > 3: truth of the question\n"
            "round strikes > 3: truth of the branch\n"
            "round strikes: number of the branch\n"
            "round 2: number of the question\n"
            "round 1: number of the branch\n"
            "round active: truth of the branch\n"
            "answer top(finished): answer of the question\n");
}

// What a site wants, the expression there is; and the scope there knows every name in it.
TEST(Sites, WantWhatStandsThere) {
  EXPECT_TRUE(rc::check([] {
    base::Rng rng = tests::any_stream();
    for (int i = 0; i < 10; ++i) {
      const Controller c = base::chance(rng, 0.5) ? tests::wild_controller(rng) : tests::bred_controller(rng);
      const Scopes scopes(c);
      for (const Site& site : sites_of(c)) {
        const Typing typing = infer(expr_at(c, site), scope_at(scopes, site));
        RC_ASSERT(typing.problems.empty());
        RC_ASSERT(typing.types[0].kind == site.wanted.kind);
        RC_ASSERT(typing.types[0].level <= site.wanted.level);
      }
    }
  }));
}

TEST(DropUnused, TakesAwayWhatNothingReads) {
  Controller c = parse(kText).controller;
  drop_unused(c);
  const std::string text = print(c);
  for (const std::string_view gone : {"spare", "lonely", "idle", "unread"})
    EXPECT_EQ(text.find(gone), std::string::npos) << text;
  for (const std::string_view kept : {"width", "ema", "strikes", "  a = b", "  b = a"})
    EXPECT_NE(text.find(kept), std::string::npos) << text;
  Controller again = c;
  drop_unused(again);
  EXPECT_EQ(again, c);
  EXPECT_TRUE(checks(c));
}

TEST(Rename, ChangesEveryUseAndNothingElse) {
  Controller c = parse(kText).controller;
  rename(c, "strikes", "faults");
  EXPECT_EQ(print(c).find("strikes"), std::string::npos);
  EXPECT_TRUE(checks(c));
  rename(c, "faults", "strikes");
  EXPECT_EQ(c, parse(kText).controller);
}

TEST(FreshName, IsNeitherTakenNorReserved) {
  const Controller c = parse(kText).controller;
  EXPECT_EQ(fresh_name(c, "knob"), "knob");
  EXPECT_EQ(fresh_name(c, "width"), "width2");
  EXPECT_EQ(fresh_name(c, "unread"), "unread2");
  EXPECT_EQ(fresh_name(c, "round"), "round2");
}

TEST(IsRead, LooksEverywhereButAtItsOwnAssignment) {
  const Controller c = parse(kText).controller;
  for (const char* read : {"width", "ema", "strikes", "a", "b"}) EXPECT_TRUE(is_read(c, read)) << read;
  for (const char* unread : {"spare", "lonely", "idle", "unread"}) EXPECT_FALSE(is_read(c, unread)) << unread;
}

}  // namespace
}  // namespace genome
