#include "replay/sources/synthetic_signals.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <string>
#include <vector>

#include "replay/environment/info.hpp"
#include "replay/environment/input_error.hpp"
#include "replay/environment/reader.hpp"
#include "replay/sources/synthetic.hpp"

namespace replay {
namespace {

Environment made(const std::string& text) { return make_synthetic(parse_synthetic(text)); }

std::string failure(const std::string& text) {
  try {
    parse_synthetic(text);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(SyntheticSignals, LeaveAnswersAndLengthsAsTheyAre) {
  const Environment plain = made("seed=3,questions=4,branches=20");
  const Environment seen = made("seed=3,questions=4,branches=20,signals=logprob+entropy");
  EXPECT_EQ(seen.signals, (std::vector<std::string>{"entropy", "logprob"}));
  EXPECT_EQ(without_signals(seen).questions, plain.questions);
  EXPECT_EQ(without_signals(seen).digest, plain.digest);
  EXPECT_EQ(seen.source, "synthetic:seed=3,questions=4,branches=20,signals=logprob+entropy");
  const std::string json = to_json(seen);
  EXPECT_EQ(parse_environment(json, "", "").questions, seen.questions);
  EXPECT_EQ(to_json(parse_environment(json, "", "")), json);
}

TEST(SyntheticSignals, TellRightFromWrongAsWellAsTheKnobSays) {
  const auto auc = [](const std::string& text) {
    std::map<std::string, double> by_name;
    for (const SignalSummary& signal :
         describe(made("questions=60,signals=entropy+logprob+verifier" + text)).signals)
      by_name[signal.name] = signal.auc;
    return by_name;
  };
  const auto usual = auc("");
  EXPECT_NEAR(usual.at("logprob"), 0.92, 0.03);
  EXPECT_NEAR(usual.at("verifier"), 0.92, 0.03);
  EXPECT_NEAR(usual.at("entropy"), 0.08, 0.03);  // falls where the others rise
  for (const auto& [name, value] : auc(",signal_separation=0")) EXPECT_NEAR(value, 0.5, 0.05) << name;
  EXPECT_GT(auc(",signal_separation=4").at("logprob"), 0.98);
}

TEST(SyntheticSignals, HaveTheSignsOfRecordedOnes) {
  const Environment env = made("questions=5,signals=confidence+entropy+logprob,signal_separation=20");
  for (const Question& question : env.questions) {
    EXPECT_GE(*std::ranges::min_element(question.signals[0].latest), 0);
    EXPECT_GE(*std::ranges::min_element(question.signals[1].latest), 0);
    EXPECT_LE(*std::ranges::max_element(question.signals[2].latest), 0);
  }
}

TEST(SyntheticSignals, BadNamesAreRefused) {
  EXPECT_EQ(failure("signals=a+b_2+C"), "");
  EXPECT_EQ(failure("signals="), "");
  for (const char* bad :
       {"signals=+", "signals=a+", "signals=+a", "signals=a++b", "signals=a b", "signals=a-b"})
    EXPECT_TRUE(failure(bad).starts_with("synthetic: signals must be names of "))
        << bad << ": " << failure(bad);
  EXPECT_EQ(failure("signals=a+b+a"), "synthetic: the signal a is named twice");
  std::string many = "signals=s";
  for (int i = 0; i < 16; ++i) many += "+s" + std::to_string(i);
  EXPECT_EQ(failure(many), "synthetic: there can be at most 16 signals, found 17");
  EXPECT_EQ(failure("options=1"), "synthetic: options must be 0, or at least 2");
  EXPECT_NE(failure("knows=2"), "");
  EXPECT_NE(failure("options=27"), "");
}

// Nothing tells a right branch from a wrong one, and each letter is as likely as any other.
TEST(Synthetic, WithoutKnowledgeAllIsChance) {
  const Environment env = made("knows=0,options=4,questions=100,signals=logprob");
  const EnvironmentInfo info = describe(env);
  EXPECT_NEAR(info.right_percent, 25, 2);
  EXPECT_NEAR(info.self_consistency.back().percent, 25, 10);
  EXPECT_NEAR(info.right_lengths.mean / info.wrong_lengths.mean, 1, 0.03);
  EXPECT_NEAR(info.signals.at(0).auc, 0.5, 0.03);
  std::map<std::string, int> finals;
  for (const Question& question : env.questions) {
    for (const Branch& branch : question.branches)
      ++finals[question.answers[static_cast<std::size_t>(branch.final_answer)]];
  }
  ASSERT_EQ(finals.size(), 4U);
  for (const auto& [letter, count] : finals) EXPECT_NEAR(count, 3200, 200) << letter;
}

TEST(Synthetic, OptionsAreTheOnlyAnswers) {
  for (const char* text :
       {"options=2", "options=5,tempting=100", "options=26,tempting=1", "options=3,knows=0"}) {
    const SyntheticSpec spec = parse_synthetic(text);
    for (const Question& question : make_synthetic(spec).questions) {
      for (const std::string& answer : question.answers) {
        const bool letter = answer.size() == 1 && answer[0] >= 'A' && answer[0] < 'A' + spec.options;
        EXPECT_TRUE(letter || answer == "ERR") << text << ": " << answer;
      }
    }
  }
  const EnvironmentInfo knowing = describe(made("options=4,seed=2"));
  EXPECT_GT(knowing.right_percent, 35);
  EXPECT_GT(knowing.wrong_lengths.mean, knowing.right_lengths.mean);
}

TEST(Synthetic, KeysAtTheirDefaultsAreNotWritten) {
  EXPECT_EQ(to_text(parse_synthetic("knows=1,options=0,signals=,signal_separation=2,err=0.08")), "seed=1");
  EXPECT_EQ(to_text(parse_synthetic("signals=b+a,options=4,knows=0")),
            "seed=1,knows=0,options=4,signals=b+a");
}

}  // namespace
}  // namespace replay
