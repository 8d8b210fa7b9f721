#include "replay/answers/normal_form.hpp"

#include <ctime>
#include <filesystem>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "genome/base/text.hpp"
#include "replay/environment/reader.hpp"
#include "tests/replay/answers/texts.hpp"
#include "tests/support/shared_data.hpp"

namespace replay {
namespace {

std::string any_form(std::string_view answer) { return normal_form(answer, AnswerTask::kAny); }
std::string letter_form(std::string_view answer) { return normal_form(answer, AnswerTask::kLetter); }

TEST(NormalForm, IsWhatTheTableOfCasesSays) {
#define NORMAL(answer, form) EXPECT_EQ(any_form(answer), form) << answer;
#define LETTER(answer, form) EXPECT_EQ(letter_form(answer), form) << answer;
#define APART(one, other) EXPECT_NE(any_form(one), any_form(other)) << one << " and " << other;
#define EXTRACT(extractor, text, answer)
#include "tests/replay/answers/cases.def"
#undef NORMAL
#undef LETTER
#undef APART
#undef EXTRACT
}

RC_GTEST_PROP(NormalForm, IsIdempotentAndShowable, ()) {
  const std::string text = *tests::any_text();
  const std::string form = any_form(text), letter = letter_form(text);
  RC_ASSERT(any_form(form) == form);
  RC_ASSERT(letter_form(letter) == letter);
  RC_ASSERT(genome::base::one_line(form) == form);
}

RC_GTEST_PROP(NormalForm, OfWholeNumbersIsTheNumber, (std::int64_t number)) {
  const std::string digits = std::to_string(number);
  const std::string sign = number < 0 ? "-" : *rc::gen::element<std::string>("", "+");
  const auto separator = *rc::gen::element<std::string>("", ",", "{,}", "\\,", "\\!,", " ", "\u202f", "'");
  std::string grouped = digits.substr(number < 0 ? 1 : 0);
  RC_ASSERT(any_form("\\boxed{" + sign + "00" + grouped + "}") == digits);
  for (std::size_t at = grouped.size(); at > 3; at -= 3) grouped.insert(at - 3, separator);
  RC_ASSERT(any_form("$" + sign + grouped + ".00$") == digits);
}

// What does not settle in a few rounds keeps its notation, and its second form is its first.
TEST(NormalForm, OfHostileNestingComesSoonAndStays) {
  const std::clock_t start = std::clock();  // of the processor, which others may use too
  constexpr std::size_t kBytes = 65536;
  for (const char* piece :
       {"{",   "}",         "\\boxed{", "\\text{",  "\\frac", "\\frac{", "\\sqrt",
        "^",   "^{",        "_",        "\\left",   "(",      "\"",      "**",
        "' ",  "\\text{ }", "\\,",      " \\! ",    "1,",     "1,000",   " 000",
        "1 ",  "0",         "-",        "+-",       ".",      "x",       "\\text{a}/",
        "{,}", "%",         "^\\circ",  "minutes ", "\xff",   "\u2212",  "\\text{\\frac12"}) {
    std::string open, closed;
    while (open.size() + closed.size() < kBytes) {
      open += piece;
      if (std::string_view(piece).contains('{') && piece[0] != '{') closed += "}";
    }
    for (const std::string& text : {open, open + "5" + closed, "1" + open + "5"}) {
      const std::string form = any_form(text);
      EXPECT_TRUE(any_form(form) == form) << piece;
    }
  }
  EXPECT_LT(std::clock() - start, 60 * CLOCKS_PER_SEC);
}

TEST(NormalForm, SettlesAtAnyDepthOfWrapping) {
  std::string text = "5";
  for (int i = 0; i < 1000; ++i) text = "\\boxed{**\\text{" + text + "}**}";
  EXPECT_EQ(any_form(text), "5");
}

TEST(NormalForm, IsIdempotentOnRecordedAnswers) {
  std::size_t answers = 0, changed = 0;
  const auto path = tests::shared_data("replay");
  if (!path) GTEST_SKIP() << tests::kNoSharedData;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(*path)) {
    if (entry.path().extension() != ".json") continue;
    for (const Question& question : read_environment(entry.path()).questions) {
      for (const std::string& answer : question.answers) {
        const std::string form = any_form(answer);
        ASSERT_EQ(any_form(form), form) << answer;
        ++answers;
        changed += form != answer;
      }
    }
  }
  EXPECT_GT(answers, 10'000U);
  EXPECT_GT(changed, 1'000U);
}

}  // namespace
}  // namespace replay
