#include "replay/sources/synthetic.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <limits>
#include <rapidcheck/gtest.h>
#include <set>
#include <string>
#include <vector>

#include "replay/environment/info.hpp"
#include "replay/environment/input_error.hpp"
#include "replay/environment/reader.hpp"
#include "tests/support/uniform.hpp"

namespace replay {
namespace {

std::string failure(const std::string& text) {
  try {
    parse_synthetic(text);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(Synthetic, IsAFunctionOfItsSpecification) {
  const Environment first = make_synthetic({});
  const Environment again = make_synthetic({});
  EXPECT_EQ(first.questions, again.questions);
  EXPECT_EQ(first.digest, again.digest);
  EXPECT_EQ(first.name, "synthetic-1");
  EXPECT_EQ(first.source, "synthetic:seed=1");
  EXPECT_NE(make_synthetic({.seed = 2}).digest, first.digest);
  EXPECT_NE(make_synthetic({.err = 0.5}).digest, first.digest);
}

TEST(Synthetic, MoreBranchesLeaveTheFirstOnesAsTheyAre) {
  const Environment few = make_synthetic({.questions = 3, .branches = 2});
  const Environment many = make_synthetic({.questions = 3, .branches = 9});
  for (std::size_t q = 0; q < 3; ++q) {
    for (std::size_t b = 0; b < 2; ++b) {
      EXPECT_EQ(few.questions[q].branches[b], many.questions[q].branches[b]);
    }
  }
}

TEST(Synthetic, IsWrittenAndReadLikeARecording) {
  const Environment env = make_synthetic({.questions = 4, .branches = 16});
  const std::string json = to_json(env);
  const Environment read = parse_environment(json, env.name, env.source);
  EXPECT_EQ(read.questions, env.questions);
  EXPECT_EQ(read.digest, env.digest);
}

// The bounds are the range of the recordings of models from 0.6B to 8B, or a little narrower.
TEST(Synthetic, DefaultsLookLikeRecordings) {
  for (const std::uint64_t seed : {1U, 2U, 3U, 4U}) {
    const EnvironmentInfo info = describe(make_synthetic({.seed = seed}));
    const auto between = [](double value, double least, double most) {
      return value >= least && value <= most;
    };
    EXPECT_PRED3(between, info.right_percent, 42, 60);
    EXPECT_PRED3(between, info.ceiling_percent, 75, 93.4);
    EXPECT_PRED3(between, info.blank_probe_percent, 5, 17);
    EXPECT_PRED3(between, info.blank_end_percent, 0.3, 3.6);
    EXPECT_PRED3(between, info.right_lengths.mean, 8900, 12400);
    EXPECT_PRED3(between, info.wrong_lengths.mean, 16400, 28200);
    ASSERT_EQ(info.self_consistency.size(), 4U);
    const double gain = info.self_consistency[3].percent - info.self_consistency[0].percent;
    EXPECT_PRED3(between, gain, 4.8, 27);
  }
}

TEST(Synthetic, QuestionsAreEasyOrHopelessMoreOftenThanEven) {
  int extreme = 0;
  int middling = 0;
  for (const Question& question : make_synthetic({.questions = 300, .branches = 32}).questions) {
    const auto right = std::count_if(question.branches.begin(), question.branches.end(),
                                     [&](const Branch& b) { return b.final_answer == question.gold_id; });
    if (right <= 3 || right >= 29) ++extreme;
    if (right >= 12 && right <= 20) ++middling;
  }
  EXPECT_GT(extreme, 150);
  EXPECT_GT(middling, 15);
}

TEST(Synthetic, BranchesOfAQuestionDiffer) {
  for (const Question& question : make_synthetic({}).questions) {
    std::set<std::int64_t> lengths;
    for (const Branch& branch : question.branches) lengths.insert(branch.tokens);
    EXPECT_GT(lengths.size(), 60U);
  }
}

// Some wrong answer outnumbers the gold one although that occurs: there voting fails and a better
// choice among branches could win.
TEST(Synthetic, VotingFailsOnSomeSolvableQuestion) {
  const EnvironmentInfo info = describe(make_synthetic({}));
  EXPECT_LT(info.self_consistency.back().percent, info.ceiling_percent - 5);
}

TEST(Synthetic, KnobsDoWhatTheyAreNamedFor) {
  const SyntheticSpec base{.branches = 64};
  const auto described = [&](auto change) {
    SyntheticSpec spec = base;
    change(spec);
    return describe(make_synthetic(spec));
  };
  const EnvironmentInfo even = described([](SyntheticSpec&) {});
  EXPECT_LT(described([](SyntheticSpec& s) { s.difficulty = 2; }).right_percent, even.right_percent - 5);
  EXPECT_GT(described([](SyntheticSpec& s) { s.length = 20000; }).lengths.mean, even.lengths.mean + 2000);
  EXPECT_GT(described([](SyntheticSpec& s) { s.err = 0.4; }).blank_probe_percent,
            even.blank_probe_percent + 10);
  EXPECT_LT(described([](SyntheticSpec& s) { s.temptation = 1; }).self_consistency.back().percent,
            described([](SyntheticSpec& s) { s.temptation = 0; }).self_consistency.back().percent - 5);
}

TEST(Synthetic, TextNamesWhatDiffersFromTheDefaults) {
  EXPECT_EQ(parse_synthetic(""), SyntheticSpec{});
  EXPECT_EQ(parse_synthetic("branches=64,seed=18446744073709551615,difficulty=-1.5"),
            (SyntheticSpec{.seed = 18446744073709551615U, .branches = 64, .difficulty = -1.5}));
  EXPECT_EQ(to_text({.seed = 9, .branches = 64, .difficulty = -1.5}), "seed=9,branches=64,difficulty=-1.5");
  EXPECT_EQ(to_text({}), "seed=1");
}

TEST(Synthetic, RefusesBadText) {
  EXPECT_EQ(failure("colour=3"),
            "synthetic: there is no key \"colour\"; the keys are seed, questions, branches, interval, "
            "difficulty, spread, tempting, temptation, length, wrong_length, length_spread, max_tokens, "
            "settle_right, settle_wrong, stay, err, knows, options, signals, signal_separation");
  EXPECT_EQ(failure("questions"), "synthetic: questions needs a value, as in questions=1");
  EXPECT_EQ(failure("seed=1,seed=1"), "synthetic: seed is given twice");
  const std::string questions = "synthetic: questions must be a whole number from 1 to 100000, found ";
  EXPECT_EQ(failure("questions=0"), questions + "0");
  EXPECT_EQ(failure("questions=-1"), questions + "-1");
  EXPECT_EQ(failure("questions=1.5"), questions + "\"1.5\"");
  EXPECT_EQ(failure("questions="), questions + "\"\"");
  EXPECT_EQ(failure("questions=99999999999"), questions + "\"99999999999\"");
  EXPECT_EQ(failure("err=nan"), "synthetic: err must be a number from 0 to 1, found nan");
  EXPECT_EQ(failure("seed=-1"),
            "synthetic: seed must be a whole number from 0 to 18446744073709551615, found \"-1\"");
  EXPECT_NE(failure("seed=1,,err=0"), "");
  EXPECT_NE(failure("questions=100000,branches=100000"), "");
  EXPECT_NE(failure("interval=1,max_tokens=100000000"), "");
  EXPECT_THROW(make_synthetic({.questions = 0}), InputError);
  EXPECT_THROW(make_synthetic({.length = std::numeric_limits<double>::quiet_NaN()}), InputError);
}

RC_GTEST_PROP(Synthetic, AnyValidSpecificationGivesAValidEnvironment, (std::uint64_t seed)) {
  const auto percent = [] { return *tests::uniform(0, 101) / 100.0; };
  const SyntheticSpec spec{.seed = seed,
                           .questions = *tests::uniform(1, 4),
                           .branches = *tests::uniform(1, 9),
                           .interval = *tests::uniform(1, 2000),
                           .difficulty = *tests::uniform(-50, 51) * 1.0,
                           .spread = *tests::uniform(0, 51) * 1.0,
                           .tempting = *tests::uniform(1, 101),
                           .temptation = percent(),
                           .length = *tests::uniform(1, 100'000) * 1.0,
                           .length_spread = 3 * percent(),
                           .max_tokens = *tests::uniform(1, 3000),
                           .settle_right = 0.01 + 0.98 * percent(),
                           .stay = percent(),
                           .err = percent()};
  const Environment env = make_synthetic(spec);
  RC_ASSERT(parse_environment(to_json(env), "", "").questions == env.questions);
  RC_ASSERT(parse_synthetic(to_text(spec)) == spec);
}

}  // namespace
}  // namespace replay
