#include "genome/text/printer.hpp"

#include <bit>
#include <cmath>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <string>
#include <string_view>

#include "genome/base/digest.hpp"
#include "genome/text/lexer.hpp"
#include "genome/text/line_parser.hpp"
#include "tests/support/golden.hpp"
#include "tests/support/varied.hpp"

namespace genome {
namespace {

Expr parsed(std::string_view text) {
  const LexedLine line = lex_line(text, 1);
  EXPECT_TRUE(line.problems.empty()) << text;
  LineParser parser(line.tokens, {});
  Expr e = parser.expression();
  EXPECT_TRUE(parser.at_end()) << text;
  return e;
}

struct Row {
  std::string_view text, canonical;
};

TEST(Printer, WritesExpressionsWithTheFewestParentheses) {
  constexpr Row kRows[] = {
      {"a+b*c", "a + b * c"},
      {"(a+b)*c", "(a + b) * c"},
      {"a-(b-c)", "a - (b - c)"},
      {"(a-b)-c", "a - b - c"},
      {"a-(b+c)", "a - (b + c)"},
      {"a/(b*c)", "a / (b * c)"},
      {"(a/b)*c", "a / b * c"},
      {"((a))", "a"},
      {"a^b^c", "a^b^c"},
      {"(a^b)^c", "(a^b)^c"},
      {"a*b^c", "a * b^c"},
      {"(a*b)^c", "(a * b)^c"},
      {"-a^b", "-a^b"},
      {"(-a)^b", "(-a)^b"},
      {"a^-b", "a^-b"},
      {"a^(-b)^c", "a^(-b)^c"},
      {"a^-b^c", "a^-b^c"},
      {"-a*b", "-a * b"},
      {"-(a*b)", "-(a * b)"},
      {"a- -b", "a - -b"},
      {"a or b and c", "a or b and c"},
      {"(a or b) and c", "(a or b) and c"},
      {"a or (b or c)", "a or (b or c)"},
      {"not a and b", "not a and b"},
      {"not (a and b)", "not (a and b)"},
      {"not a<b", "not a < b"},
      {"(not a) == b", "(not a) == b"},
      {"a == (b == c)", "a == (b == c)"},
      {"(a < b) == c", "(a < b) == c"},
      {"not not a", "not not a"},
      {"a and not b", "a and not b"},
      {"a+b<c*d and e", "a + b < c * d and e"},
      {"min( a ,b )", "min(a, b)"},
      {"if(a<b,c,(d))", "if(a < b, c, d)"},
      {"true", "true"},
      {"none", "none"},
  };
  for (const Row& row : kRows) {
    EXPECT_EQ(print(parsed(row.text)), row.canonical);
    EXPECT_EQ(parsed(row.canonical), parsed(row.text)) << row.text;
  }
}

TEST(Printer, WritesNumbersShortly) {
  constexpr Row kRows[] = {
      {"0.70", "0.7"},
      {"007", "7"},
      {"1.", "1"},
      {".5", "0.5"},
      {"1e6", "1000000"},
      {"1E6", "1000000"},
      {"1e14", "100000000000000"},
      {"1e15", "1e15"},
      {"1.5e+20", "1.5e20"},
      {"1e100", "1e100"},
      {"1e-6", "0.000001"},
      {"1e-7", "1e-7"},
      {"1e-9", "1e-9"},
      {"2.5e-10", "2.5e-10"},
      {"1e-0", "1"},
      {"5e-324", "5e-324"},
      {"1.7976931348623157e308", "1.7976931348623157e308"},
      {"0.1", "0.1"},
      {"0.30000000000000004", "0.30000000000000004"},
      {"-2", "-2"},
      {"-0", "0"},
      {"- 2", "-2"},
      {"-2^2", "-2^2"},
      {"(-2)^2", "(-2)^2"},
      {"2^-1", "2^-1"},
      {"2^(-1)", "2^-1"},
      {"-(2)", "-(2)"},
      {"-(-2)", "-(-2)"},
      {"--2", "-(-2)"},
      {"-(-x)", "-(-x)"},
      {"--x", "-(-x)"},
      {"3-2", "3 - 2"},
      {"3--2", "3 - -2"},
      {"-2*x", "-2 * x"},
  };
  for (const Row& row : kRows) {
    EXPECT_EQ(print(parsed(row.text)), row.canonical) << row.text;
    EXPECT_EQ(parsed(row.canonical), parsed(row.text)) << row.text;
  }
  EXPECT_EQ(parsed("-2^2").root().op, Op::kNegate);
  EXPECT_EQ(parsed("(-2)^2").root().op, Op::kPower);
  EXPECT_EQ(parsed("-2").root().op, Op::kNumber);
  EXPECT_EQ(parsed("-(2)").root().op, Op::kNegate);
}

TEST(Printer, EveryFiniteNumberReadsBack) {
  EXPECT_TRUE(rc::check([] {
    base::Rng rng = tests::any_stream();
    for (int i = 0; i < 200; ++i) {
      const double value = std::bit_cast<double>(rng());
      if (!std::isfinite(value)) continue;
      const Expr e = number(value);
      RC_ASSERT(parsed(print(e)) == e);
    }
  }));
}

TEST(Printer, LibraryTextsAreGolden) {
  for (const KnownController& known : known_controllers()) {
    tests::expect_golden("library/" + std::string(known.name) + ".ctl", print(parse(known.text).controller));
  }
}

void expect_round_trip(const Controller& c) {
  const std::string text = print(c);
  const Parsed again = parse(text);
  if (!again.diagnostics.empty() || again.controller != c || print(again.controller) != text) {
    RC_FAIL(text + render_all(again.diagnostics, "again", text));
  }
  RC_ASSERT(identity(c) == base::git_blob_id(text));
}

TEST(Printer, ParseGivesTheTreeBack) {
  EXPECT_TRUE(rc::check([] {
    base::Rng rng = tests::any_stream();
    for (int i = 0; i < 10; ++i) expect_round_trip(tests::bred_controller(rng));
    for (int i = 0; i < 20; ++i) expect_round_trip(tests::wild_controller(rng));
  }));
}

// As deep as the checker lets a tree be, leaning either way, through every form.
TEST(Printer, TheDeepestTreesReadBack) {
  for (const Op op : {Op::kSubtract, Op::kPower, Op::kNegate, Op::kAbs, Op::kMax, Op::kAnd, Op::kNot,
                      Op::kEqual, Op::kLess}) {
    for (const bool left : {true, false}) {
      const bool truths = op == Op::kAnd || op == Op::kNot || op == Op::kEqual;
      const Expr tip = truths ? name("warm") : name("x");
      Expr e = tip;
      while (e.depth() < kLimits.depth) {
        const bool one = info(op).most == 1;
        e = one ? apply(op, {e}) : left ? apply(op, {e, tip}) : apply(op, {tip, e});
        if (op == Op::kAnd && e.depth() < kLimits.depth) e = apply(Op::kNot, {e});
        if (op == Op::kSubtract && e.depth() < kLimits.depth) e = apply(Op::kNegate, {e});
      }
      EXPECT_EQ(parsed(print(e)), e) << print(e);
    }
  }
}

TEST(Printer, LeavesOutWhatIsNotThere) {
  Controller c{.name = "least"};
  c.answer.push_back(none());
  EXPECT_EQ(print(c), "controller least\n\nanswer\n  none\n");
  c.rounds = 7;
  c.start.push_back({.verb = Verb::kPrune,
                     .set = name("active"),
                     .order = name("depth"),
                     .keep = number(2),
                     .guard = truth(true)});
  c.start.push_back({.verb = Verb::kAssign,
                     .target = "strikes",
                     .value = number(0),
                     .set = name("active"),
                     .guard = truth(false)});
  c.start.push_back(
      {.verb = Verb::kContinue, .value = number(2), .set = name("active"), .order = name("depth")});
  EXPECT_EQ(print(c),
            "controller least\nrounds 7\n\nstart\n  prune active first depth keep 2 when true\n"
            "  strikes = 0 for active when false\n  continue active by 2 first depth\n\nanswer\n  none\n");
}

}  // namespace
}  // namespace genome
