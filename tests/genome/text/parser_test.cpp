#include "genome/text/parser.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <string>
#include <string_view>
#include <vector>

#include "genome/program/compiler.hpp"
#include "genome/text/checker.hpp"
#include "genome/text/lexer.hpp"
#include "genome/text/printer.hpp"
#include "tests/support/varied.hpp"

namespace genome {
namespace {

constexpr std::string_view kPlain = R"(controller mine
rounds 40

schedule
  width rises round(4 + 60 * beta)

memory
  ema = 0

branch
  strikes = 0

start
  open width

round
  let leader = top(finished)
  ema = mix(ema, confidence(finished), 0.5)
  strikes = strikes + 1 for answer != leader when exists(leader)
  prune strikes > 3 first strikes keep 2
  advance active by 1 first depth
  stop when ema > 0.9

answer
  top(finished)
  top(not pruned)
)";

Controller read(std::string_view text) {
  Parsed parsed = parse(text);
  EXPECT_EQ(render_all(parsed.diagnostics, "text", text), "");
  return std::move(parsed.controller);
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

TEST(Lexer, ReadsTokensWithTheirPlaces) {
  const LexedLine line = lex_line("  open min(2,x_1) >= 0.5 # and the rest", 7);
  EXPECT_TRUE(line.problems.empty());
  std::vector<std::string> texts;
  for (const Token& token : line.tokens) texts.push_back(token.text);
  EXPECT_EQ(texts, (std::vector<std::string>{"open", "min", "(", "2", ",", "x_1", ")", ">=", "0.5"}));
  EXPECT_EQ(line.tokens[5].at.line, 7U);
  EXPECT_EQ(line.tokens[5].at.column, 14U);
  EXPECT_EQ(line.tokens[5].at.length, 3U);
  EXPECT_EQ(line.tokens[8].number, 0.5);
}

TEST(Parser, ReadsEverySection) {
  const Controller c = read(kPlain);
  EXPECT_EQ(c.name, "mine");
  EXPECT_EQ(c.rounds, 40);
  ASSERT_EQ(c.schedule.size(), 1U);
  EXPECT_EQ(c.schedule[0].direction, Direction::kRises);
  ASSERT_EQ(c.round.size(), 6U);
  EXPECT_EQ(c.round[2].verb, Verb::kAssign);
  EXPECT_EQ(print(c.round[2].set), "answer != leader");
  EXPECT_EQ(print(c.round[3].keep), "2");
  EXPECT_EQ(c.answer.size(), 2U);
  EXPECT_EQ(print(c), kPlain);
}

TEST(Parser, LayoutDoesNotMatter) {
  const std::string text(kPlain);
  const Controller plain = read(text);
  EXPECT_EQ(read(replaced(text, "\n", "\r\n")), plain);
  EXPECT_EQ(read(replaced(text, "  ", "\t")), plain);
  EXPECT_EQ(read(replaced(text, "  ", "")), plain);
  EXPECT_EQ(read(replaced(text, "\n", " \t # why\n")), plain);
  EXPECT_EQ(read(replaced(text, "\n", "\n\n# a line of its own\n   \n")), plain);
  EXPECT_EQ(read(replaced(text, " * ", "*")), plain);
  EXPECT_EQ(read(text.substr(0, text.size() - 1)), plain);
  EXPECT_EQ(read("\xEF\xBB\xBF" + text), plain);
  EXPECT_EQ(read("#\xE2\x88\x91 \x01 anything in a comment\n" + text), plain);
}

TEST(Parser, SectionsMayComeInAnyOrder) {
  const std::string_view usual =
      "controller c\n\nmemory\n  x = 0\n\nstart\n  open 3\n\nround\n  advance active by 1\n  x = x + 1\n"
      "  stop when x > 4\n\nanswer\n  top(not pruned)\n";
  const std::string_view turned =
      "controller c\nanswer\n  top(not pruned)\nround\n  advance active by 1\n  x = x + 1\n  stop when x > "
      "4\n"
      "memory\n  x = 0\nstart\n  open 3\n";
  const Parsed parsed = parse(turned);
  EXPECT_TRUE(parsed.diagnostics.empty());
  EXPECT_TRUE(checks(parsed.controller));
  EXPECT_EQ(print(parsed.controller), usual);
}

TEST(Parser, EqualityIgnoresPlaces) {
  EXPECT_EQ(read(kPlain), read(print(read(kPlain))));
  EXPECT_NE(read(kPlain), read(replaced(std::string(kPlain), "keep 2", "keep 3")));
  EXPECT_NE(read(kPlain), read(replaced(std::string(kPlain), " keep 2", "")));
}

// ---- whatever the bytes

// A text is never more than an error; and what checks compiles and is written the same again.
void judge(const std::string& text) {
  const CheckResult result = check_text(text);
  const std::string told = render_all(result.diagnostics, "text", text);
  for (const char c : told) RC_ASSERT(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
  RC_ASSERT(result.diagnostics.size() <= kLimits.diagnostics + 1);
  RC_ASSERT(result.controller.has_value() == !has_errors(result.diagnostics));
  if (!result.controller) return;
  compile(*result.controller);
  const std::string canonical = print(result.controller->tree());
  const Parsed again = parse(canonical);
  RC_ASSERT(again.diagnostics.empty());
  RC_ASSERT(again.controller == result.controller->tree());
  RC_ASSERT(print(again.controller) == canonical);
}

// Bytes that mean something to the lexer.
constexpr std::string_view kTelling = " \n\t()+-*/^<>=.,#_aAzZ019\r!\"%&\x80\xC3\xE2";

TEST(ParserFuzz, RandomBytes) {
  EXPECT_TRUE(rc::check([] {
    base::Rng rng = tests::any_stream();
    for (int i = 0; i < 20; ++i) {
      std::string text(base::uniform_index(rng, 400), ' ');
      for (char& c : text) c = static_cast<char>(base::uniform_int(rng, 0, 255));
      judge(text);
      for (char& c : text) c = kTelling[base::uniform_index(rng, kTelling.size())];
      judge("controller c\n" + text);
    }
  }));
}

std::vector<std::string> pieces_of(std::string_view text) {
  std::vector<std::string> pieces;
  std::uint32_t number = 0;
  while (!text.empty()) {
    const auto end = text.find('\n');
    for (const Token& token : lex_line(text.substr(0, end), ++number).tokens) pieces.push_back(token.text);
    pieces.emplace_back("\n");
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return pieces;
}

// Tokens dropped, doubled, swapped, or taken from elsewhere.
TEST(ParserFuzz, MangledControllers) {
  std::size_t good = 0;
  EXPECT_TRUE(rc::check([&] {
    base::Rng rng = tests::any_stream();
    for (int i = 0; i < 25; ++i) {
      std::vector<std::string> pieces =
          pieces_of(print(base::chance(rng, 0.5) ? tests::founder(rng) : tests::wild_controller(rng)));
      for (auto left = base::uniform_int(rng, 1, 4); left > 0 && pieces.size() > 2; --left) {
        const auto at = base::uniform_index(rng, pieces.size()),
                   other = base::uniform_index(rng, pieces.size());
        const auto place = pieces.begin() + static_cast<std::ptrdiff_t>(at);
        switch (base::uniform_index(rng, 4)) {
          case 0: pieces.erase(place); break;
          case 1: pieces.insert(place, std::string(pieces[at])); break;
          case 2: std::swap(pieces[at], pieces[other]); break;
          default: pieces[at] = pieces[other]; break;
        }
      }
      std::string text;
      for (const std::string& piece : pieces) text += piece + " ";
      judge(text);
      good += checks(parse(text).controller) ? 1 : 0;
    }
  }));
  EXPECT_GT(good, 50U);  // the mangling is not so wild that nothing gets through
}

TEST(ParserFuzz, WorstCasesAreBounded) {
  const std::string head = "controller c\nstart\n  open ";
  const std::string tail = "\nanswer\n  top(finished)\n";
  judge(head + std::string(30000, '(') + "3" + std::string(30000, ')') + tail);
  judge(head + std::string(60000, '-') + "3" + tail);
  judge(head + std::string(60000, 'x') + tail);
  judge(head + std::string(60000, '9') + tail);
  judge(head + std::string(60000, '\x01') + tail);
  judge(head + std::string(60000, '\n') + tail);
  judge(std::string(100000, 'x'));
  std::string many;
  for (int i = 0; i < 4000; ++i) many += "let a" + std::to_string(i) + "=1\n";
  judge("controller c\nround\n" + many + "answer\n none\n");
  many.clear();
  for (int i = 0; i < 4000; ++i) many += "a" + std::to_string(i) + " rises 1\n";
  judge("controller c\nschedule\n" + many + "answer\n none\n");
  many = "@ x ";
  for (int i = 0; i < 13; ++i) many += many;
  judge(head + many + tail);
  // lets of lets: written out, the last would have 2^60 nodes
  many = "let a0 = beta + beta\n";
  for (int i = 1; i < 60; ++i)
    many +=
        "let a" + std::to_string(i) + " = a" + std::to_string(i - 1) + " + a" + std::to_string(i - 1) + "\n";
  judge("controller c\nstart\n" + many + "open a59\nanswer\n none\n");
}

}  // namespace
}  // namespace genome
