#include "genome/simplification/simplify.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <set>

#include "genome/text/checker.hpp"
#include "genome/text/printer.hpp"
#include "genome/tree/sites.hpp"
#include "tests/support/varied.hpp"

namespace genome {
namespace {

TEST(Simplify, ResultsCheckAreSmallerAndDifferent) {
  EXPECT_TRUE(rc::check([] {
    base::Rng rng = tests::any_stream();
    const Controller c = tests::bred_controller(rng);
    std::set<std::string> texts;
    for (const Controller& shorter : simplifications(c)) {
      RC_ASSERT(checks(shorter));
      RC_ASSERT(size_of(shorter) < size_of(c));
      RC_ASSERT(texts.insert(print(shorter)).second);
      Controller tidy = shorter;
      drop_unused(tidy);
      RC_ASSERT(tidy == shorter);
    }
  }));
}

bool offers(const char* text, const char* wanted) {
  const Controller c = check_text(text).controller->tree();
  const Controller shorter = check_text(wanted).controller->tree();
  for (const Controller& each : simplifications(c)) {
    if (each == shorter) return true;
  }
  return false;
}

TEST(Simplify, LeavesOutEachPart) {
  const char* whole =
      "controller a\nschedule\n  n rises 3 + 0.1 * beta\nstart\n  open n\nround\n"
      "  advance active by 1 first depth when round > 2\n  stop when not any(active) or round > 9\n"
      "answer\n  top(finished)\n  top(active)\n";
  const auto with = [](std::string schedule, std::string open, std::string advance, std::string stop,
                       std::string answer) {
    return "controller a\n" + schedule + "start\n  open " + open + "\nround\n  advance active by 1" +
           advance + "\n" + stop + "answer\n" + answer;
  };
  const std::string knob = "schedule\n  n rises 3 + 0.1 * beta\n", order = " first depth",
                    when = " when round > 2", stop = "  stop when not any(active) or round > 9\n",
                    answers = "  top(finished)\n  top(active)\n";
  EXPECT_TRUE(offers(whole, with(knob, "n", order + when, "", answers).c_str()));
  EXPECT_TRUE(offers(whole, with(knob, "n", order, stop, answers).c_str()));
  EXPECT_TRUE(offers(whole, with(knob, "n", when, stop, answers).c_str()));
  EXPECT_TRUE(offers(whole, with(knob, "n", order + when, stop, "  top(finished)\n").c_str()));
  EXPECT_TRUE(offers(whole, with(knob, "n", order + when, "  stop when not any(active)\n", answers).c_str()));
  EXPECT_TRUE(offers(whole, with("", "3", order + when, stop, answers).c_str()));
}

}  // namespace
}  // namespace genome
