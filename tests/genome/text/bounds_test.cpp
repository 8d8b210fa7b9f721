// Texts that somebody made to be slow or loud: what is judged of them is bounded.
#include <gtest/gtest.h>
#include <string>
#include <string_view>

#include "genome/text/checker.hpp"
#include "genome/text/parser.hpp"
#include "genome/text/printer.hpp"
#include "genome/tree/diagnostic.hpp"

namespace genome {
namespace {

std::string times(std::string_view unit, std::size_t count) {
  std::string all;
  for (; count > 0; --count) all += unit;
  return all;
}

std::string let(const std::string& value) {
  return "controller x\nstart\n  let x = " + value + "\nanswer\n  top(finished)\n";
}

Diagnostic only(const CheckResult& result) {
  EXPECT_EQ(result.diagnostics.size(), 1U);
  return result.diagnostics.empty() ? Diagnostic{} : result.diagnostics.front();
}

TEST(Bounds, AChainStaysInTheOrderOfItsText) {
  const Parsed parsed = parse(let("1 - a * 2 ^ -b + min(c, not d) / 4 < 5 and e or f"));
  EXPECT_FALSE(has_errors(parsed.diagnostics));
  const Expr& e = parsed.controller.start.at(0).value;
  const Expr left = apply(
      Op::kSubtract,
      {number(1),
       apply(Op::kMultiply, {name("a"), apply(Op::kPower, {number(2), apply(Op::kNegate, {name("b")})})})});
  const Expr quotient =
      apply(Op::kDivide, {apply(Op::kMin, {name("c"), apply(Op::kNot, {name("d")})}), number(4)});
  const Expr less = apply(Op::kLess, {apply(Op::kAdd, {left, quotient}), number(5)});
  EXPECT_EQ(e, apply(Op::kOr, {apply(Op::kAnd, {less, name("e")}), name("f")}));
}

TEST(Bounds, AnExpressionBeyondTheLimitIsReadNoFurther) {
  for (const char* const chain : {" + 1", " and true", " * n"}) {
    const Diagnostic told = only(check_text(let("1" + times(chain, 7000))));
    EXPECT_EQ(told.code, "limit");
    EXPECT_EQ(told.at.line, 3U);
    EXPECT_LT(told.at.column, 12 + times(chain, 4000).size()) << chain;  // where it was given up
  }
  const Diagnostic deep =
      only(check_text(let(times("min(1, ", 30) + "1" + times(" + 1", 7000) + times(")", 30))));
  EXPECT_EQ(deep.code, "limit");
}

TEST(Bounds, ALongChainWithinTheLimitIsToldAsTooDeepOnce) {
  EXPECT_EQ(only(check_text(let("1" + times(" + 1", 1500)))).code, "limit");
}

TEST(Bounds, ATextWithTooManyProblemsIsReadNoFurther) {
  const CheckResult result = check_text("controller x\nround\n" + times("  frob\n", 5000));
  ASSERT_EQ(result.diagnostics.size(), kLimits.diagnostics + 1);
  EXPECT_FALSE(result.controller);
  EXPECT_EQ(result.diagnostics.back().message,
            "300 more problems are not told; after line 402 nothing was read");
}

TEST(Bounds, ALineWithTooManyProblemsIsReadNoFurther) {
  EXPECT_EQ(parse(let(times("! ", 30000))).diagnostics.size(), kLimits.problems);
}

TEST(Bounds, WhatIsShownOfManyProblemsOfALongLineIsBounded) {
  const std::string text = let(times("$ ", 30000));
  const CheckResult result = check_text(text);
  EXPECT_EQ(result.diagnostics.size(), kLimits.diagnostics + 1);
  EXPECT_LT(render_all(result.diagnostics, "x.ctl", text).size(), 600 * kLimits.diagnostics);
}

TEST(Bounds, ManyUnknownNamesAreToldAndTheFirstWithAHint) {
  std::string sum = "0";
  for (int i = 0; i < 40; ++i) sum += " + finishd";
  const CheckResult result = check_text(let("count(finishd)" + sum.substr(1)));
  ASSERT_FALSE(result.diagnostics.empty());
  EXPECT_EQ(result.diagnostics.front().hint, "did you mean 'finished'?");
}

TEST(Bounds, TheScheduleHoldsFewFunctionsThatTakeLong) {
  const auto with = [](std::size_t uses) {
    return check_text("controller x\nschedule\n  s rises 0" + times(" + beta_confidence(2, 1)", uses) +
                      "\nround\n  open s\nanswer\n  top(finished)\n");
  };
  EXPECT_TRUE(with(16).controller);
  EXPECT_EQ(only(with(17)).code, "limit");
}

}  // namespace
}  // namespace genome
