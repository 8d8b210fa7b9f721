// Signals in texts: how they are read, printed and refused, and that their names are nobody else's.
#include <algorithm>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "genome/comparison/equivalence.hpp"
#include "genome/lint/lint.hpp"
#include "genome/program/compiler.hpp"
#include "genome/text/checker.hpp"
#include "genome/text/parser.hpp"
#include "genome/text/printer.hpp"

namespace genome {
namespace {

std::string text_with(std::string_view expression) {
  return "controller c\n\nstart\n  read 8\n\nround\n  let x = " + std::string(expression) +
         "\n  prune x > 1\n  stop\n\nanswer\n  top(finished)\n";
}

std::string told(std::string_view expression) {
  const std::string text = text_with(expression);
  const CheckResult result = check_text(text);
  return render_all(result.diagnostics, "c", text);
}

TEST(Signals, AreReadAndPrinted) {
  const std::vector<std::string> names = {
      "logprob", "top", "true", "let", "signal", "x", "_", "5", "2nd", std::string(64, 'z'), "A_1"};
  for (const std::string& name : names) {
    for (const std::string word : {"signal", "signal_mean", "signal_min"}) {
      const std::string text = text_with(word + "(" + name + ") + 1");
      const CheckResult result = check_text(text);
      ASSERT_TRUE(result.controller.has_value()) << text << render_all(result.diagnostics, "c", text);
      EXPECT_EQ(print(result.controller->tree()), text);
      EXPECT_EQ(compile(*result.controller).signals, std::vector<std::string>{name});
    }
  }
  EXPECT_NE(print(parse(text_with("-signal(a)^2")).controller).find("-signal(a)^2"), std::string::npos);
}

TEST(Signals, WhatIsNoNameIsTold) {
  EXPECT_NE(told("signal()").find("expected the name of a signal, found ')'"), std::string::npos);
  EXPECT_NE(told("signal(1 + 2)").find("expected ')' after the name of a signal, found '+'"),
            std::string::npos);
  EXPECT_NE(told("signal(a, b)").find("expected ')' after the name of a signal, found ','"),
            std::string::npos);
  EXPECT_NE(told("signal(-a)").find("expected the name of a signal, found '-'"), std::string::npos);
  EXPECT_NE(told("signal + 1").find("signal(NAME)"), std::string::npos);
  EXPECT_NE(told("signal_max(a)").find("expected a known function"), std::string::npos);
  EXPECT_NE(told("signal(" + std::string(65, 'z') + ")").find("at most 64 characters"), std::string::npos);
}

TEST(Signals, AreNumbersOfTheBranch) {
  EXPECT_NE(told("top(signal(a))").find("top() expects"), std::string::npos);
  const std::string early = "controller c\nschedule\n  w rises signal(a)\nanswer\n  none\n";
  const std::string stop = "controller c\nround\n  stop when signal(a) > 1\nanswer\n  none\n";
  EXPECT_NE(render_all(check_text(early).diagnostics, "c", early).find("depends on beta alone"),
            std::string::npos);
  EXPECT_NE(render_all(check_text(stop).diagnostics, "c", stop).find("expects one value"), std::string::npos);
}

// Texts of earlier programs may have used the words, and names of signals are no names of the controller.
TEST(Signals, TakeNoNameAway) {
  const std::string text =
      "controller c\n\nmemory\n  signal = 0\n  signal_mean = 1\n\nstart\n  read 8\n\nround\n  signal = "
      "signal + signal_mean + max(signal(signal), finished)\n  stop when signal > 3\n\nanswer\n  "
      "top(finished)\n";
  const CheckResult result = check_text(text);
  ASSERT_TRUE(result.controller.has_value()) << render_all(result.diagnostics, "c", text);
  EXPECT_EQ(print(result.controller->tree()), text);
  const std::string unused =
      "controller c\nmemory\n  a = 0\nstart\n  read 8\nanswer\n  top(finished, signal(a))\n";
  EXPECT_NE(render_all(check_text(unused).diagnostics, "c", unused).find("'a' is never used"),
            std::string::npos);
}

TEST(Signals, OfAnotherNameAreOfAnotherController) {
  const auto tree = [](std::string_view expression) { return parse(text_with(expression)).controller; };
  EXPECT_TRUE(equivalent(tree("signal(a)"), tree("signal(a)")));
  EXPECT_FALSE(equivalent(tree("signal(a)"), tree("signal(b)")));
  EXPECT_FALSE(equivalent(tree("signal(a)"), tree("signal_mean(a)")));
}

// A signal is computed once for as long as no step is taken; pruning takes none.
TEST(Signals, AreGatheredOnceALook) {
  const auto gathers = [](std::string_view round) {
    const std::string text =
        "controller c\nstart\n  open 8\nround\n" + std::string(round) + "answer\n  top(finished)\n";
    const Program program = compile(*check_text(text).controller);
    return std::ranges::count(program.code, Code::kGather, &Instruction::code);
  };
  EXPECT_EQ(gathers("  prune signal(a) > 1\n  prune signal(a) > 2\n  stop\n"), 1);
  EXPECT_EQ(gathers("  prune signal(a) > 1\n  advance active by 1\n  prune signal(a) > 2\n"), 2);
  EXPECT_EQ(gathers("  prune signal(a) > 1\n  prune signal(b) > signal_min(a)\n  stop\n"), 3);
}

TEST(Signals, TellBranchesApart) {
  const auto warnings = [](std::string_view key) {
    const std::string text =
        "controller c\nstart\n  open 8\nround\n  advance active by 1\n  prune active first " +
        std::string(key) + " keep 2 when round > 3\nanswer\n  top(finished)\n";
    const CheckResult result = reviewed(text);
    return render_all(result.diagnostics, "c", text);
  };
  EXPECT_EQ(warnings("signal_mean(entropy)"), "");
  EXPECT_NE(warnings("0 * signal_mean(entropy)"), "");
}

}  // namespace
}  // namespace genome
