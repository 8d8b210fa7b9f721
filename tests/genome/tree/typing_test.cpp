#include "genome/tree/typing.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <vector>

#include "genome/text/lexer.hpp"
#include "genome/text/line_parser.hpp"
#include "genome/text/parser.hpp"
#include "genome/tree/scopes.hpp"
#include "genome/tree/vocabulary.hpp"

namespace genome {
namespace {

Expr parsed(std::string_view text) {
  const LexedLine line = lex_line(text, 1);
  return LineParser(line.tokens, {}).expression();
}

Scope scope() {
  Scope s = Scope::episode();
  s.declare("width", {Origin::kSchedule, {Kind::kNumber, Level::kConstant}, 0});
  s.declare("ema", {Origin::kMemory, {Kind::kNumber, Level::kQuestion}, 0});
  s.declare("leader", {Origin::kMemory, {Kind::kAnswer, Level::kQuestion}, 1});
  s.declare("strikes", {Origin::kBranchRegister, {Kind::kNumber, Level::kBranch}, 0});
  return s;
}

struct Row {
  std::string_view text;
  Kind kind;
  Level level;
};

TEST(Typing, KindsAndLevels) {
  constexpr Kind N = Kind::kNumber, T = Kind::kTruth, A = Kind::kAnswer;
  constexpr Level C = Level::kConstant, Q = Level::kQuestion, B = Level::kBranch;
  constexpr Row kRows[] = {
      {"1", N, C},
      {"none", A, C},
      {"true", T, C},
      {"beta * width", N, C},
      {"round + width", N, Q},
      {"depth + 1", N, B},
      {"answer == leader", T, B},
      {"leader == none", T, Q},
      {"leader != leader", T, Q},
      {"active and depth > ema", T, B},
      {"count(active)", N, Q},
      {"count(true)", N, Q},
      {"any(depth > 3) and ema > 1", T, Q},
      {"all(streak > 1, active)", T, Q},
      {"sum(depth, active)", N, Q},
      {"min(depth, active)", N, Q},
      {"min(depth, width)", N, B},
      {"min(1, 2)", N, C},
      {"max(1, true)", N, Q},
      {"top(finished)", A, Q},
      {"top(finished, streak)", A, Q},
      {"votes(answer, finished)", N, B},
      {"votes(leader, finished)", N, Q},
      {"votes(none, finished)", N, Q},
      {"if(active, 1, 2)", N, B},
      {"if(beta > 1, leader, answer)", A, B},
      {"ago(ema, 2)", N, Q},
      {"ago(leader, depth)", A, B},
      {"exists(leader)", T, Q},
      {"blank(answer)", T, B},
      {"not (true == false)", T, C},
      {"round(depth)", N, B},
      {"beta_confidence(1, count(active))", N, Q},
  };
  const Scope s = scope();
  for (const Row& row : kRows) {
    const Typing typing = infer(parsed(row.text), s);
    EXPECT_TRUE(typing.problems.empty()) << row.text;
    EXPECT_EQ(typing.types[0], (Type{row.kind, row.level})) << row.text << ": " << describe(typing.types[0]);
  }
}

// One mistake is one problem: what rests on it is not reported again.
TEST(Typing, ReportsEveryMistakeOnce) {
  const auto problems = [](std::string_view text) { return infer(parsed(text), scope()).problems.size(); };
  EXPECT_EQ(problems("1 + true"), 1U);
  EXPECT_EQ(problems("not (1 + true)"), 1U);
  EXPECT_EQ(problems("not zebra"), 1U);
  EXPECT_EQ(problems("zebra + quagga < 3"), 2U);
  EXPECT_EQ(problems("if(zebra, 1, 2) + 3 > 2"), 1U);
  EXPECT_EQ(problems("top(zebra) == none"), 1U);
  EXPECT_EQ(problems("(leader == 3) and (1 == true)"), 2U);
  EXPECT_EQ(problems("count(3) + sum(active, active)"), 2U);
}

TEST(Typing, TellsTheTwoKindsOfMinApart) {
  constexpr Type n{Kind::kNumber, Level::kBranch}, t{Kind::kTruth, Level::kBranch};
  EXPECT_EQ(matching_signature(Op::kMin, std::vector<Type>{n, n})->operands, "NN");
  EXPECT_EQ(matching_signature(Op::kMin, std::vector<Type>{n, t})->operands, "nt");
  EXPECT_EQ(matching_signature(Op::kMin, std::vector<Type>{t, n}), nullptr);
  EXPECT_FALSE(result_type(Op::kAdd, std::vector<Type>{n, t}).has_value());
}

TEST(Typing, EveryOperationHasASignatureOfItsArity) {
  for (const OpInfo& op : all_ops()) {
    if (op.op == Op::kError || op.op == Op::kName || is_signal(op.op)) continue;
    std::size_t fewest = 99, most = 0;
    for (const Signature& s : signatures()) {
      if (s.op != op.op) continue;
      fewest = std::min(fewest, s.operands.size());
      most = std::max(most, s.operands.size());
    }
    EXPECT_EQ(fewest, op.fewest) << op.identifier;
    EXPECT_EQ(most, op.most) << op.identifier;
  }
}

TEST(Scopes, NamesAreVisibleFromTheLineAfterTheirs) {
  const Controller c = parse(R"(controller c
schedule
  a rises 1
  b rises a
memory
  m = none
branch
  d = true
start
  let s = a
  open s
round
  let x = top(finished)
  let y = answer == x
  stop
answer
  m
)")
                           .controller;
  const Scopes scopes(c);
  EXPECT_EQ(scopes.for_schedule(0).find("a"), nullptr);
  EXPECT_NE(scopes.for_schedule(1).find("a"), nullptr);
  EXPECT_EQ(scopes.for_schedule(0).find("round"), nullptr);
  EXPECT_NE(scopes.for_registers().find("b"), nullptr);
  EXPECT_EQ(scopes.for_registers().find("opened"), nullptr);
  EXPECT_EQ(scopes.in_start(0).find("s"), nullptr);
  EXPECT_EQ(scopes.in_start(1).find("s")->type, (Type{Kind::kNumber, Level::kQuestion}));
  EXPECT_EQ(scopes.in_round(0).find("s"), nullptr);
  EXPECT_EQ(scopes.in_round(1).find("y"), nullptr);
  EXPECT_EQ(scopes.in_round(3).find("x")->type, (Type{Kind::kAnswer, Level::kQuestion}));
  EXPECT_EQ(scopes.in_round(3).find("y")->type, (Type{Kind::kTruth, Level::kBranch}));
  EXPECT_EQ(scopes.for_answer().find("x"), nullptr);
  EXPECT_EQ(scopes.for_answer().find("m")->type, (Type{Kind::kAnswer, Level::kQuestion}));
  EXPECT_EQ(scopes.for_answer().find("d")->type, (Type{Kind::kTruth, Level::kBranch}));
}

TEST(Vocabulary, ReservedWordsAreTheWordsOfTheLanguage) {
  for (const std::string_view word :
       {"round", "when", "top", "beta", "and", "true", "controller", "open", "depth", "keep"})
    EXPECT_TRUE(is_reserved(word)) << word;
  for (const std::string_view word : {"", "width", "Top", "opens", "+"})
    EXPECT_EQ(is_reserved(word), word == "+") << word;
  EXPECT_TRUE(is_identifier("a_1"));
  EXPECT_TRUE(is_identifier("_"));
  for (const std::string_view word : {"", "1a", "a-b", "a b", "\xC3\xA9"})
    EXPECT_FALSE(is_identifier(word)) << word;
  EXPECT_TRUE(is_identifier(std::string(kLimits.name_length, 'a')));
  EXPECT_FALSE(is_identifier(std::string(kLimits.name_length + 1, 'a')));
}

}  // namespace
}  // namespace genome
