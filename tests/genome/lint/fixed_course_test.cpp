#include "genome/lint/fixed_course.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <optional>
#include <string>

#include "genome/text/checker.hpp"

namespace genome {
namespace {

using testing::Eq;
using testing::Optional;

struct Course {
  std::string round, start = "  open 4\n", rest;
};

FixedCourse course_of(const Course& course, double beta = 1) {
  const std::string text =
      "controller c\nrounds 60\nschedule\n  n rises round(4 + 60*beta)\nmemory\n  still = 3\n" + course.rest +
      "start\n" + course.start + "round\n" + course.round + "answer\n  top(finished)\n";
  const CheckResult checked = check_text(text);
  EXPECT_TRUE(checked.controller) << render_all(checked.diagnostics, "text", text);
  const Controller tree = checked.controller ? checked.controller->tree() : Controller{};
  return FixedCourse(tree, constant_names(tree, beta));
}

TEST(FixedCourse, OpensWhatTheRoundAndTheCountDecide) {
  EXPECT_THAT(course_of({.round = "  open 1\n"}).opened(), Optional(Eq(64)));
  EXPECT_THAT(course_of({.round = "  open 1 when mod(round, 10) == 9\n"}).opened(), Optional(Eq(10)));
  EXPECT_THAT(course_of({.round = "  open 40 when opened < 30\n"}).opened(), Optional(Eq(44)));
  EXPECT_THAT(course_of({.round = "  open 40 when opened < 3\n"}).opened(), Optional(Eq(4)));
  EXPECT_THAT(course_of({.round = "  let room = n - opened\n  open min(still, room)\n"}).opened(),
              Optional(Eq(64)));
  EXPECT_THAT(course_of({.round = "  open 1.9\n  stop when opened >= 9 or round > 50\n"}).opened(),
              Optional(Eq(9)));
  EXPECT_THAT(course_of({.round = "  open 3\n  stop\n"}).opened(), Optional(Eq(7)));
  EXPECT_THAT(course_of({.round = "  open 3\n  advance active by depth\n  open n - opened\n"}, 0).opened(),
              Optional(Eq(4 + 3 * 60)));
}

TEST(FixedCourse, WhereAllIsReadTheFinishedAreTheOpened) {
  const std::string reads = "  read 1 when count(finished) < 20\n";
  EXPECT_THAT(course_of({.round = reads, .start = "  read 4\n"}).opened(), Optional(Eq(20)));
  EXPECT_EQ(course_of({.round = reads}).opened(), std::nullopt);
}

TEST(FixedCourse, LeavesOpenWhatBranchesDecide) {
  for (const char* line : {"open 1 when not any(active)", "open n - count(active)", "open min(n, opened > 0)",
                           "open moved", "stop when count(finished) > 3", "open ago(moved, 1)",
                           "open 1 when spent > 3", "stop when exists(top(active))"})
    EXPECT_EQ(course_of({.round = "  moved = moved + 1\n  " + std::string(line) + "\n  advance active by 1\n",
                         .rest = "  moved = 0\n"})
                  .opened(),
              std::nullopt)
        << line;
}

TEST(FixedCourse, CountsTheRoundsOfAGuard) {
  const FixedCourse course = course_of({.round = "  let tenth = mod(round, 10) == 9\n  open 1 when tenth\n"
                                                 "  open 1 when tenth and opened < 9\n  open 1\n"
                                                 "  open 1 when any(active)\n"});
  EXPECT_THAT(course.times(1, 60), Optional(Eq(6)));
  EXPECT_THAT(course.times(1, 15), Optional(Eq(1)));
  EXPECT_EQ(course.times(2, 60), std::nullopt);
  EXPECT_THAT(course.times(3, 60), Optional(Eq(60)));
  EXPECT_TRUE(course.foresees(2));
  EXPECT_FALSE(course.foresees(4));
  EXPECT_TRUE(course.foresees_count(Section::kRound, 4));
  EXPECT_TRUE(course.foresees_stops());
}

}  // namespace
}  // namespace genome
