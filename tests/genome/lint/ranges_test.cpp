#include "genome/lint/ranges.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <string>

#include "genome/text/checker.hpp"
#include "replay/machine/lanes.hpp"
#include "tests/support/varied.hpp"

namespace genome {
namespace {

static_assert(kMostBranches == replay::kMaxOpened);

// Of the value of the last let of the section round, at beta 0.5.
Range range_of(const std::string& expression) {
  const std::string text =
      "controller c\nrounds 20\nschedule\n  n rises 2 + 4*beta\nmemory\n  still = 3\n  moved = 0\nbranch\n"
      "  mark = 7\nstart\n  open 2\nround\n  moved = moved + 1\n  let small = min(opened, 5)\n  let x = " +
      expression + "\n  stop when x > 0 or any(mark > 0) or small > still\nanswer\n  top(finished)\n";
  const CheckResult checked = check_text(text);
  EXPECT_TRUE(checked.controller) << render_all(checked.diagnostics, "text", text);
  if (!checked.controller) return {};
  const Controller& c = checked.controller->tree();
  return Ranges(c, Section::kRound, constant_names(c, 0.5)).of(c.round[2].value);
}

TEST(Ranges, OfWhatEpisodesShow) {
  EXPECT_EQ(range_of("n"), (Range{4, 4}));
  EXPECT_EQ(range_of("round"), (Range{0, 19}));
  EXPECT_EQ(range_of("opened"), (Range{0, 64}));
  EXPECT_EQ(range_of("count(finished)"), (Range{0, 64}));
  EXPECT_EQ(range_of("confidence(finished)"), (Range{0, 1}));
  EXPECT_EQ(range_of("still"), (Range{3, 3}));
  EXPECT_EQ(range_of("moved"), Range{});
  EXPECT_EQ(range_of("small"), (Range{0, 5}));
}

TEST(Ranges, OfOperations) {
  EXPECT_EQ(range_of("n - opened"), (Range{-60, 4}));
  EXPECT_EQ(range_of("min(n, opened - 2)"), (Range{-2, 4}));
  EXPECT_EQ(range_of("min(depth, active)").low, 0);
  EXPECT_EQ(range_of("0 * moved"), (Range{0, 0}));
  EXPECT_EQ(range_of("if(round > 30, 5, -1)"), (Range{-1, -1}));
  EXPECT_EQ(range_of("if(any(active), 2, n)"), (Range{2, 4}));
  EXPECT_EQ(range_of("abs(2 - opened)"), (Range{0, 62}));
  EXPECT_EQ(range_of("floor(opened / 2)"), (Range{0, 32}));
  EXPECT_EQ(range_of("mod(round, 4)"), (Range{0, 4}));
  EXPECT_EQ(range_of("mix(2, n, confidence(finished))"), (Range{2, 4}));
  EXPECT_EQ(range_of("1 / opened"), Range{});
  EXPECT_EQ(range_of("2 ^ n"), (Range{16, 16}));
}

// Whatever evolution writes.
TEST(Ranges, HoldTheValuesOfTheSchedule) {
  EXPECT_TRUE(rc::check([] {
    Rng rng = tests::any_stream();
    const Controller c = tests::bred_controller(rng);
    for (const double beta : {0.0, 0.3, 1.0}) {
      const ConstantNames names = constant_names(c, beta);
      const Ranges ranges(c, Section::kRound, names);
      for (const ScheduleEntry& entry : c.schedule) {
        const double value = names.at(entry.name);
        const Range range = ranges.of(name(entry.name));
        RC_ASSERT(range.low <= value && value <= range.high);
        const Range whole = ranges.of(entry.value);
        RC_ASSERT(whole.low <= value && value <= whole.high);
      }
    }
  }));
}

}  // namespace
}  // namespace genome
