#include "replay/answers/extract.hpp"

#include <ctime>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "replay/answers/readings.hpp"
#include "replay/environment/input_error.hpp"
#include "tests/replay/answers/texts.hpp"

namespace replay {
namespace {

using testing::AllOf, testing::HasSubstr;

TEST(Extract, GivesTheAnswersOfTheTableOfCases) {
#define NORMAL(answer, form)
#define LETTER(answer, form)
#define APART(one, other)
#define EXTRACT(extractor, text, result) \
  EXPECT_EQ(parse_extractor(extractor).answer(text), result) << extractor << " of " << text;
#include "tests/replay/answers/cases.def"
#undef NORMAL
#undef LETTER
#undef APART
#undef EXTRACT
}

TEST(Extract, GivesTextAsItStandsBeforeItIsNormal) {
  EXPECT_EQ(parse_extractor("boxed").extract("\\boxed{ 026. }"), " 026. ");
  EXPECT_EQ(parse_extractor("number").extract("so 1,000!"), "1,000");
  EXPECT_EQ(parse_extractor("after:Answer:").extract("Answer: 026.\n"), "026.");
  EXPECT_EQ(parse_extractor("regex:b+").extract("abbc"), "bb");
  EXPECT_EQ(parse_extractor("boxed").extract("026"), std::nullopt);
}

// b is an option for the extractor of letters alone.
TEST(Extract, FoldsOptionsForTheTaskOfLettersAlone) {
  EXPECT_EQ(parse_extractor("letter").answer("b"), "B");
  EXPECT_EQ(parse_extractor("boxed").answer("\\boxed{b}"), "b");
  EXPECT_EQ(parse_extractor("after:Answer:").answer("Answer: (b)"), "(b)");
}

std::string refusal(std::string_view text) {
  try {
    parse_extractor(text);
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(Extract, RefusesWhatIsNoExtractor) {
  for (const char* text : {"", "boxd", "Boxed", "boxed ", "after", "regex", "number:5"})
    EXPECT_THAT(refusal(text),
                AllOf(HasSubstr(text), HasSubstr("boxed, number, letter, after:MARK or regex:")));
  EXPECT_THAT(refusal("after:"), AllOf(HasSubstr("\"after:\""), HasSubstr("after:Answer:")));
  EXPECT_THAT(refusal("regex:"), AllOf(HasSubstr("\"regex:\""), HasSubstr("regex:Answer:")));
  EXPECT_THAT(refusal("regex:a(b"), AllOf(HasSubstr("regex:a(b"), HasSubstr("RE2: missing )")));
  EXPECT_THAT(refusal("regex:(a)\\1"), HasSubstr("invalid escape sequence"));
  EXPECT_THAT(refusal("regex:\xff"), HasSubstr("invalid UTF-8"));
  EXPECT_THAT(refusal("regex:(((a{1000}){1000}){1000})"), HasSubstr("RE2"));
  EXPECT_THAT(refusal("\x1b[2J"), HasSubstr("\\x1b"));
}

RC_GTEST_PROP(Extract, AnyBytesGiveAnAnswerInNormalForm, ()) {
  static const Extractor extractors[] = {parse_extractor("boxed"),          parse_extractor("number"),
                                         parse_extractor("letter"),         parse_extractor("after:Answer:"),
                                         parse_extractor("regex:1(.*)|x+"), parse_extractor("regex:(?s).*")};
  const std::string text = *tests::any_text();
  for (const Extractor& extractor : extractors) {
    const std::string answer = extractor.answer(text);
    RC_ASSERT(!answer.empty());
    RC_ASSERT(normal_form(answer, extractor.task()) == answer);
  }
}

TEST(Extract, ABoxThatIsLeftOpenIsReadOn) {
  const auto rest = [](const std::string& begun, const std::string& said) -> std::optional<std::string> {
    const auto begin = open_box(begun);
    if (!begin) return "no open box";
    const std::string text = begun + said;
    const auto content = box_from(text, *begin);
    return content ? std::optional<std::string>(*content) : std::nullopt;
  };
  EXPECT_EQ(rest("\\boxed{1} \\[ \\boxed{", "4{2}} and \\boxed{3}"), "4{2}");
  EXPECT_EQ(rest("\\fbox {a", "b} c"), "ab");
  EXPECT_EQ(rest("{ \\boxed{\\boxed{", "1} 2} 3}"), "\\boxed{1} 2");
  EXPECT_EQ(rest("\\boxed{", "}"), "");
  EXPECT_EQ(rest("\\boxed{", "4\\} {2}"), std::nullopt);
  EXPECT_EQ(rest("\\boxed{1} {", "2}"), "no open box");
  EXPECT_EQ(rest("\\boxed", "{2}"), "no open box");
  EXPECT_EQ(box_from("{1}", 0), std::nullopt);
  EXPECT_EQ(box_from("{1}", 9), std::nullopt);
  EXPECT_EQ(box_from("{1}", 2), std::nullopt);
}

TEST(Extract, OfHostileTextsComesSoon) {
  const std::clock_t start = std::clock();  // of the processor, which others may use too
  for (const char* piece : {"\\boxed{", "\\boxed ", "{", "\\", "1,000,", "1", "1,", ".1", "-", "A ",
                            "answer ", "(A", "\\text{ ", "Answer:", "a", "\xff", "\n"}) {
    std::string text;
    while (text.size() < 65536) text += piece;
    for (const char* extractor : {"boxed", "number", "letter", "after:Answer:", "regex:(a+)+$",
                                  "regex:(a|a)*b", "regex:(.*)(.*)(.*)z"})
      EXPECT_FALSE(parse_extractor(extractor).answer(text).empty()) << extractor << " of " << piece;
  }
  EXPECT_LT(std::clock() - start, 60 * CLOCKS_PER_SEC);
}

}  // namespace
}  // namespace replay
