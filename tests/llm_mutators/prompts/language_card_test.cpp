#include "llm_mutators/prompts/language_card.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "genome/text/checker.hpp"
#include "genome/tree/vocabulary.hpp"

namespace llm_mutators {
namespace {

bool tells_of(std::string_view text) { return language_card().find(text) != std::string::npos; }

TEST(LanguageCard, TellsOfEveryWordOfTheLanguage) {
  for (const genome::OpInfo& op : genome::all_ops()) {
    if (op.op == genome::Op::kError || op.op == genome::Op::kNumber || op.op == genome::Op::kName) continue;
    if (genome::is_signal(op.op)) continue;  // where there are some
    EXPECT_TRUE(tells_of("\n- " + std::string(op.spelling) + ": " + std::string(op.meaning))) << op.spelling;
  }
  for (const genome::Observed& o : genome::observed_values())
    EXPECT_TRUE(tells_of("\n- " + std::string(o.name) + " (")) << o.name;
  for (const auto verb :
       {genome::Verb::kLet, genome::Verb::kOpen, genome::Verb::kRead, genome::Verb::kAdvance,
        genome::Verb::kContinue, genome::Verb::kProbe, genome::Verb::kPrune}) {
    EXPECT_TRUE(tells_of("\n- " + std::string(genome::keyword_of(verb)) + " "));
  }
  EXPECT_TRUE(tells_of("\n- stop:"));
  EXPECT_TRUE(tells_of("\n- REGISTER = X [for SET]:"));
  for (const std::string word :
       {"controller", "rounds", "rises", "falls", "when", "for", "by", "first", "keep"}) {
    ASSERT_TRUE(genome::is_reserved(word)) << word;
    EXPECT_TRUE(tells_of(word)) << word;
  }
}

TEST(LanguageCard, SignalsAreToldWhereThereAreSome) {
  EXPECT_EQ(signals_card({}), "");
  EXPECT_EQ(language_card().find("signal"), std::string::npos);
  const std::vector<std::string> signals = {"entropy", "logprob"};
  const std::string card = signals_card(signals);
  for (const genome::OpInfo& op : genome::all_ops()) {
    if (genome::is_signal(op.op)) {
      EXPECT_NE(card.find("\n- " + std::string(op.meaning)), std::string::npos) << card;
    }
  }
  EXPECT_TRUE(card.ends_with("\nNAME is one of: entropy, logprob.\n")) << card;
}

TEST(LanguageCard, ExampleChecks) {
  const std::string& card = language_card();
  const std::size_t end = card.rfind("```"), start = card.rfind("```\n", end - 1) + 4;
  const auto result = genome::check_text(card.substr(start, end - start));
  EXPECT_TRUE(result.controller.has_value());
  EXPECT_TRUE(result.diagnostics.empty());
}

TEST(LanguageCard, ShapesOfStatementsAreAsTheParserReadsThem) {
  const std::string text =
      "controller all\nrounds 9\nschedule\n  few rises 1 + 3*beta\nmemory\n  seen = 0\nbranch\n  odd = "
      "false\nstart\n  open few\nround\n"
      "  let lead = top(finished)\n  seen = seen + 1\n  odd = answer != lead for active and depth > 3 when "
      "exists(lead)\n  read 1 when seen > 5\n"
      "  advance active by if(odd, 1, 2) first depth\n  continue active by 1\n  probe active\n  prune odd "
      "first depth keep 2 when round > 1\n"
      "  stop when not any(active)\nanswer\n  top(not pruned)\n";
  const auto result = genome::check_text(text);
  EXPECT_TRUE(result.diagnostics.empty()) << genome::render_all(result.diagnostics, "all", text);
}

}  // namespace
}  // namespace llm_mutators
