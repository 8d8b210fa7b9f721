// What is listed where a text has names that nobody knows.
#include "genome/text/known_names.hpp"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

#include "genome/text/checker.hpp"
#include "genome/text/synonyms.hpp"
#include "genome/tree/vocabulary.hpp"

namespace genome {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string listed(const std::string& text) { return known_names(check_text(text).diagnostics, text); }

const std::string kHead =
    "controller mine\nschedule\n  width rises 2 + 6*beta\nmemory\n  ema = 0\nbranch\n  strikes = 0\nstart\n"
    "  open width\nround\n  let leader = top(finished)\n";
const std::string kAnswer = "answer\n  top(finished)\n";

TEST(KnownNames, NothingIsListedWhereEveryNameIsKnown) {
  EXPECT_EQ(listed(kHead + "  stop when ema > 3 and strikes > 3\n" + kAnswer), "");  // another mistake
  EXPECT_EQ(listed(kHead + "  advance active by 1\n" + kAnswer), "");
}

TEST(KnownNames, AnUnknownNameListsWhatIsObservedDeclaredAndCalled) {
  const std::string told = listed(kHead + "  stop when zebra > 3\n" + kAnswer);
  EXPECT_THAT(told, HasSubstr("\n  observed      beta, round, opened,"));
  EXPECT_THAT(told, HasSubstr("\n  schedule      width\n"));
  EXPECT_THAT(told, HasSubstr("\n  memory        ema\n"));
  EXPECT_THAT(told, HasSubstr("\n  branch        strikes\n"));
  EXPECT_THAT(told, HasSubstr("\n  let in round  leader\n"));
  EXPECT_THAT(told, HasSubstr("\n  functions     min, max,"));
  EXPECT_THAT(told, Not(HasSubstr("let in start")));
}

TEST(KnownNames, AnUnknownFunctionListsFunctionsAlone) {
  const std::string told = listed(kHead + "  stop when zebra(finished) > 3\n" + kAnswer);
  EXPECT_THAT(told, HasSubstr("\n  functions     min, max,"));
  EXPECT_THAT(told, HasSubstr("confidence"));
  EXPECT_THAT(told, Not(HasSubstr("observed")));
}

// The hint of the parser is the language models', too; people get the list at the end.
TEST(KnownNames, FunctionsAreListedOnceBehindTheDiagnostics) {
  const std::string text =
      kHead + "  stop when zebra(finished) > 3\n  open gnu(2)\n  open conut(finished)\n" + kAnswer;
  const CheckResult checked = check_text(text);
  EXPECT_THAT(render_all(checked.diagnostics, "mine.ctl", text),
              HasSubstr("hint: the functions are min, max"));
  const std::string told = render_with_names(checked.diagnostics, "mine.ctl", text);
  EXPECT_EQ(told.find("min, max,"), told.rfind("min, max,")) << told;
  EXPECT_THAT(told, HasSubstr("\n  functions     min, max,"));
  EXPECT_THAT(told, HasSubstr("hint: did you mean 'count'?"));
  EXPECT_THAT(told, HasSubstr("found 'gnu'"));
}

TEST(KnownNames, AnUnknownRegisterIsAnUnknownName) {
  EXPECT_THAT(listed(kHead + "  zebra = 3\n" + kAnswer), HasSubstr("\n  memory        ema\n"));
}

TEST(KnownNames, LinesAreNeverLong) {
  std::string text = "controller mine\nschedule\n";
  for (int i = 0; i < 60; ++i) text += "  entry_of_the_schedule_" + std::to_string(i) + " rises 1\n";
  const std::string told = listed(text + "start\n  open zebra\n" + kAnswer);
  std::size_t longest = 0;
  for (std::size_t at = 0, end = 0; at < told.size(); at = end + 1) {
    end = told.find('\n', at);
    longest = std::max(longest, end - at);
  }
  EXPECT_LE(longest, 100U);
  EXPECT_THAT(told, HasSubstr(", entry_of_the_schedule_59\n  functions")) << "the end of the list";
}

TEST(KnownNames, WordsOfOtherLanguagesAreTranslated) {
  const std::string told =
      listed(kHead + "  stop when len(finished) > 3 or Average(depth, active) > 3\n  open alive\n" + kAnswer);
  EXPECT_THAT(told, HasSubstr("'len' may be what is called 'count' here\n"));
  EXPECT_THAT(told, HasSubstr("'alive' may be what is called 'active' here\n"));
}

TEST(Synonyms, EachIsNoWordOfTheLanguageAndNamesOne) {
  for (const Synonym& each : all_synonyms()) {
    EXPECT_FALSE(is_reserved(each.foreign)) << each.foreign;
    EXPECT_TRUE(is_reserved(each.word) || function_named(each.word)) << each.word;
    EXPECT_EQ(word_for(each.foreign), each.word) << each.foreign << " has two rows";
  }
  EXPECT_EQ(word_for("AVG"), "mean");
  EXPECT_EQ(word_for("zebra"), "");
}

}  // namespace
}  // namespace genome
