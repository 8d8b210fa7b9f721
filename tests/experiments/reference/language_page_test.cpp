// `evotts language`: the whole reference, one word of it, and words that there are not.
#include "experiments/reference/language_page.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

#include "genome/text/checker.hpp"
#include "tests/support/command_line.hpp"

namespace {

using testing::Contains;
using testing::HasSubstr;
using tests::Ran;

class Language : public tests::CommandLine {};

TEST_F(Language, AWordShowsItsEntriesWithTypesAndExample) {
  const Ran ran = evotts({"language", "confidence"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("confidence (function)\n  written  confidence(set[, weight])\n"));
  EXPECT_THAT(ran.out, HasSubstr("(set, number of the branch) gives number"));
  EXPECT_THAT(ran.out, HasSubstr("  example  confidence(finished) > 0.9\n"));
  const Ran several = evotts({"language", "Round"});
  for (const char* one : {"round (section)", "round (observed value)", "round (function)"})
    EXPECT_THAT(several.out, HasSubstr(one));
  EXPECT_THAT(evotts({"language", "vote", "order"}).out, HasSubstr("in opening order"));
}

TEST_F(Language, WithoutAWordEverythingIsListed) {
  const Ran ran = evotts({"language"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  for (const genome::TopicInfo& topic : genome::all_topics())
    EXPECT_THAT(ran.out, HasSubstr(std::string(topic.title) + "\n"));
  for (const genome::LanguageEntry& e : genome::language_entries())
    EXPECT_THAT(ran.out,
                HasSubstr(e.topic == genome::Topic::kStatement && e.form.size() <= 20 ? e.form : e.word));
  for (const char* line :
       {"\n  memory ", "\n  branch ", "\n  start ", "\n  round ", "\n  answer  ", "\n  number ", "\n  truth ",
        "\n  set ", "\n  controller NAME ", "\n  a + b ", "\n  -a ", "\n  comments "})
    EXPECT_THAT(ran.out, HasSubstr(line));
  const Ran csv = evotts({"language", "--format", "csv"});
  EXPECT_TRUE(csv.out.starts_with("word,topic,written,type,meaning,example,value\n"));
  EXPECT_THAT(csv.out, HasSubstr("\n+,operator,a + b,"));
}

TEST_F(Language, AnUnknownWordIsAnsweredWithWhatThereIs) {
  rejects({"language", "confidense"}, {"the language has no \"confidense\"; see confidence"});
  rejects({"language", "average"}, {"see mean"});       // by meaning
  rejects({"language", "tie"}, {"top", "vote order"});  // it is in their description
  rejects({"language", "else"}, {"see if"});
  for (const std::string word : {"zebra", "latency", "T", "foo", "abc"})
    rejects({"language", word},
            {fmt::format("the language has no \"{}\"; evotts language lists all\n", word)});
  rejects({"language", "top", "--format", "markdown"}, {"whole page"});
  rejects({"language", "--format", "xml"}, {"--format must be table, csv, json or markdown"});
}

TEST(LanguagePage, HasEveryEntryAndAControllerThatChecks) {
  const std::string page = experiments::language_page();
  for (const genome::LanguageEntry& e : genome::language_entries()) {
    EXPECT_THAT(page, HasSubstr(e.word)) << e.word;
    std::string example = e.example;
    for (std::size_t at = 0; (at = example.find('|', at)) != std::string::npos; at += 2)
      example.insert(at, "\\");
    EXPECT_THAT(page, HasSubstr(example));
  }
  const std::size_t begin = page.find("```\n") + 4;
  const std::string text = page.substr(begin, page.find("```", begin) - begin);
  const genome::CheckResult result = genome::check_text(text);
  EXPECT_TRUE(result.controller.has_value()) << genome::render_all(result.diagnostics, "page", text);
}

TEST(NearWords, AreSpeltAlikeOrMeanTheSame) {
  EXPECT_THAT(experiments::near_words("finshed"), Contains("finished"));
  EXPECT_THAT(experiments::near_words("LEN"), Contains("count"));
  EXPECT_TRUE(experiments::near_words("zebra").empty());
  EXPECT_TRUE(experiments::near_words("").empty());
  for (const char* word : {"ternary", "?", "else", "Then"})
    EXPECT_THAT(experiments::near_words(word), Contains("if")) << word;
}

TEST(NearWords, AreNotDrawnFromPartsOfWords) {
  EXPECT_THAT(experiments::near_words("ranch"), testing::ElementsAre("branch"));
  EXPECT_TRUE(experiments::near_words("foo").empty());
  EXPECT_TRUE(experiments::near_words("abc").empty()) << "abs has too few letters to be taken for it";
  EXPECT_THAT(experiments::near_words("tie"), Contains("top"));
  EXPECT_THAT(experiments::near_words("order"), Contains("vote order"));
}

}  // namespace
