#include "live/session/growing_question.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "replay/environment/limits.hpp"
#include "replay/environment/question_builder.hpp"
#include "tests/support/varied.hpp"

namespace live {
namespace {

using tests::Rng;
using tests::uniform_index;

// What a branch shows at each step of a table.
std::vector<double> shown(const replay::Question& question, const replay::Branch& branch) {
  std::vector<double> all;
  for (const replay::SignalTable& table : question.signals) {
    for (std::size_t d = 0; d <= branch.probes + 1; ++d) {
      all.push_back(table.latest[branch.first_signal + d]);
      if (d == 0) continue;  // nothing to have a mean of
      all.push_back(table.mean[branch.first_signal + d]);
      all.push_back(table.least(branch.first_signal, d));
    }
  }
  return all;
}

TEST(GrowingQuestion, HoldsWhatARecordingOfTheSameBranchesDoes) {
  EXPECT_TRUE(rc::check([] {
    Rng rng = tests::any_stream();
    const std::size_t branches = uniform_index(rng, 5) + 1, signals = uniform_index(rng, 3);
    GrowingQuestion table(50, branches, signals);
    std::vector<std::vector<std::string>> answers(branches);
    std::vector<std::vector<std::vector<double>>> numbers(branches);
    const auto draw = [&](std::size_t branch) -> std::vector<double>& {
      std::vector<double>& drawn = numbers[branch].emplace_back();
      for (std::size_t i = 0; i < signals; ++i) drawn.push_back(genome::base::uniform_real(rng));
      return drawn;
    };
    for (std::size_t i = 0; i < branches; ++i) table.begin(i);
    for (std::size_t i = uniform_index(rng, 60); i > 0; --i) {  // in any order
      const std::size_t branch = uniform_index(rng, branches);
      answers[branch].push_back(tests::one_of<std::string>(rng, {"1", "2", "ERR"}));
      table.add_step(branch, table.intern(answers[branch].back()), draw(branch));
    }
    replay::QuestionBuilder builder("", "", 50, signals);
    for (std::size_t branch = 0; branch < branches; ++branch) {
      const std::int64_t tokens =
          table.steps(branch) * 50 + static_cast<std::int64_t>(uniform_index(rng, 99));
      table.finish(branch, tokens, table.intern("3"), draw(branch));
      for (const std::string& answer : answers[branch]) builder.add_probe(answer);
      for (std::size_t i = 0; i < signals; ++i) {
        std::vector<double> column;
        for (const std::vector<double>& step : numbers[branch]) column.push_back(step[i]);
        builder.add_signal(i, column);
      }
      builder.end_branch(tokens, "3");
    }
    const replay::Question recorded = std::move(builder).finish();
    for (std::size_t i = 0; i < branches; ++i) {
      const replay::Branch& grown = table.question().branches[i];
      RC_ASSERT(shown(table.question(), grown) == shown(recorded, recorded.branches[i]));
      RC_ASSERT(table.tokens(i) == recorded.branches[i].tokens);
      for (std::size_t d = 0; d < answers[i].size(); ++d)
        RC_ASSERT(table.text_of(table.answer_at(i, static_cast<std::int64_t>(d) + 1)) == answers[i][d]);
    }
  }));
}

TEST(GrowingQuestion, ABranchIsLostWhereItCanHoldNoMore) {
  GrowingQuestion table(1, 1, 1);
  table.begin(0);
  for (std::size_t i = 0; i < replay::kMaxProbesWithSignals; ++i)
    table.add_step(0, GrowingQuestion::kUnknown, std::vector{0.5});
  EXPECT_EQ(table.end(0), GrowingQuestion::End::kLost);
  EXPECT_EQ(table.tokens(0), static_cast<std::int64_t>(replay::kMaxProbesWithSignals));
}

TEST(GrowingQuestion, TheUnknownAnswerIsNoText) {
  GrowingQuestion table(1, 1, 0);
  EXPECT_NE(table.intern(""), GrowingQuestion::kUnknown);
  EXPECT_EQ(table.intern(""), table.intern(""));
}

}  // namespace
}  // namespace live
