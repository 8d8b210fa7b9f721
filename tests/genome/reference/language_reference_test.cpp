// The reference of the language misses nothing, and its examples are true.
#include "genome/reference/language_reference.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <string>

#include "genome/text/checker.hpp"
#include "genome/tree/constants.hpp"
#include "genome/tree/observed.hpp"
#include "genome/tree/typing.hpp"
#include "genome/tree/vocabulary.hpp"

namespace genome {
namespace {

bool has(std::string_view word, Topic topic) {
  return std::ranges::any_of(entries_of(word), [&](const LanguageEntry* e) { return e->topic == topic; });
}

TEST(LanguageReference, HasEveryWordOfTheLanguage) {
  for (const Observed& o : observed_values()) EXPECT_TRUE(has(o.name, Topic::kObservation)) << o.name;
  for (const VerbInfo& verb : all_verbs()) {
    const std::string_view word = verb.keyword.empty() ? "assignment" : verb.keyword;
    EXPECT_TRUE(has(word, Topic::kStatement)) << word;
  }
  for (const OpInfo& op : all_ops()) {
    if (op.form == Form::kCall) {
      EXPECT_TRUE(has(op.spelling, Topic::kFunction)) << op.spelling;
    } else if (op.form == Form::kNamed) {
      EXPECT_TRUE(has(op.spelling, Topic::kObservation)) << op.spelling;
    } else if (op.form != Form::kLeaf) {
      EXPECT_TRUE(has(op.spelling, Topic::kOperator)) << op.spelling;
    } else if (!op.spelling.empty()) {
      EXPECT_TRUE(has(op.spelling, Topic::kLiteral)) << op.spelling;
    }
  }
  for (const Section each : {Section::kSchedule, Section::kMemory, Section::kBranch, Section::kStart,
                             Section::kRound, Section::kAnswer})
    EXPECT_TRUE(has(name_of(each), Topic::kSection)) << name_of(each);
  for (const std::string_view clause : {"rises", "falls", "when", "for", "by", "first", "keep"}) {
    EXPECT_TRUE(is_reserved(clause));
    EXPECT_TRUE(has(clause, Topic::kClause)) << clause;
  }
}

TEST(LanguageReference, EveryEntryIsWhole) {
  for (const LanguageEntry& e : language_entries()) {
    EXPECT_FALSE(e.word.empty());
    EXPECT_FALSE(e.meaning.empty()) << e.word;
    const bool written = e.topic == Topic::kStatement || e.topic == Topic::kObservation ||
                         e.topic == Topic::kFunction || e.topic == Topic::kOperator ||
                         e.topic == Topic::kLiteral;
    EXPECT_TRUE(!written || !e.example.empty()) << e.word << " has no example";
    EXPECT_TRUE(!written || !e.form.empty()) << e.word;
  }
}

TEST(LanguageReference, TopicsAreListedInTheirOrder) {
  for (const TopicInfo& topic : all_topics()) {
    EXPECT_EQ(&about(topic.topic), &topic);
    EXPECT_TRUE(std::ranges::any_of(language_entries(), [&](const LanguageEntry& e) {
      return e.topic == topic.topic;
    })) << topic.title;
  }
  EXPECT_TRUE(std::ranges::is_sorted(language_entries(), {}, &LanguageEntry::topic));
}

bool is_statement(const LanguageEntry& e) {
  return e.topic != Topic::kObservation && e.topic != Topic::kFunction && e.topic != Topic::kOperator &&
         e.topic != Topic::kLiteral;
}

TEST(LanguageReference, ExamplesCheckAndComeToWhatTheySay) {
  int valued = 0;
  for (const LanguageEntry& e : language_entries()) {
    if (e.example.empty()) continue;
    const std::string text = example_frame(is_statement(e) ? e.example : "let shown = " + e.example);
    const CheckResult result = check_text(text);
    ASSERT_TRUE(result.controller.has_value()) << e.word << "\n"
                                               << render_all(result.diagnostics, "example", text);
    if (is_statement(e)) continue;
    const Expr& shown = result.controller->tree().round.back().value;
    const bool closed = std::ranges::none_of(shown.nodes, [](const Node& n) { return n.op == Op::kName; });
    const bool number = infer(shown, Scope::episode()).types[0] == Type{Kind::kNumber, Level::kConstant};
    EXPECT_EQ(!e.value.empty(), closed && number) << e.example;
    if (e.value.empty()) continue;
    EXPECT_EQ(fmt::format("{}", evaluate_constant(shown, {})), e.value) << e.example;
    ++valued;
  }
  EXPECT_GT(valued, 10);
}

TEST(LanguageReference, WordsAreFoundInEitherCase) {
  const auto topics = [](std::string_view word) {
    std::vector<Topic> found;
    for (const LanguageEntry* e : entries_of(word)) found.push_back(e->topic);
    return found;
  };
  EXPECT_EQ(topics("round"), (std::vector<Topic>{Topic::kSection, Topic::kObservation, Topic::kFunction}));
  EXPECT_EQ(topics("ROUND"), topics("round"));
  EXPECT_EQ(topics("-").size(), 2U);
  EXPECT_EQ(topics("vote order"), std::vector<Topic>{Topic::kRule});
  EXPECT_TRUE(topics("zebra").empty());
  EXPECT_TRUE(topics("").empty());
}

TEST(LanguageReference, LimitsAreThoseOfTheChecker) {
  const auto most = [](std::string_view word) {
    const auto found = entries_of(word);
    return found.empty() ? "" : found.back()->form;
  };
  EXPECT_EQ(most("registers"), fmt::format("{}", kLimits.registers));
  EXPECT_EQ(most("nodes"), fmt::format("{}", kLimits.nodes));
  EXPECT_EQ(most("rounds"), fmt::format("{}", kLimits.rounds));
}

}  // namespace
}  // namespace genome
