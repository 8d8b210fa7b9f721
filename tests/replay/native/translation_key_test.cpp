// Programs with the same key have the same native code.
#include "replay/native/translation_key.hpp"

#include <gtest/gtest.h>
#include <string>

#include "genome/program/compiler.hpp"
#include "genome/variation/tunables.hpp"
#include "replay/environment/ordering.hpp"
#include "replay/machine/machine.hpp"
#include "replay/native/program.hpp"
#include "replay/sources/synthetic.hpp"
#include "tests/support/varied.hpp"

namespace replay {
namespace {

genome::Program compiled(const std::string& text) {
  const auto checked = genome::check_text(text);
  EXPECT_TRUE(checked.controller.has_value()) << text;
  return genome::compile(*checked.controller);
}

std::string program_of(const std::string& level, const std::string& statement) {
  return "controller c\nschedule\n  level rises " + level + "\nstart\n  open 8\nround\n  " + statement +
         "\n  advance active by 1\nanswer\n  top(finished)\n";
}

TEST(TranslationKey, NumbersAndNamesDoNotCount) {
  const auto key = [](const std::string& level, const std::string& statement) {
    return translation_key(compiled(program_of(level, statement)));
  };
  const TranslationKey one = key("0.5 + 0.2 * beta", "stop when confidence(finished) > level - 0.03");
  EXPECT_EQ(one, key("0.7 + 0.1 * beta", "stop when confidence(finished) > level - 0.04"));
  EXPECT_NE(one, key("0.5 + 0.2 * beta", "stop when confidence(finished) >= level - 0.03"));
  EXPECT_NE(one, key("0.5 + 0.2 * beta", "stop when confidence(pruned) > level - 0.03"));
}

TEST(TranslationKey, HasWhatTheTranslatorReadsAndNothingElse) {
  const genome::Program program = compiled(program_of("0.5 + 0.2 * beta", "read 1 when not any(active)"));
  const TranslationKey key = translation_key(program);
  const auto changed = [&](auto change) {
    genome::Program other = program;
    change(other);
    return translation_key(other) != key;
  };
  using P = genome::Program;
  using R = genome::RegisterSlot;
  for (std::size_t P::*section : {&P::start, &P::round, &P::answer})
    EXPECT_TRUE(changed([&](P& p) { ++(p.*section); }));
  for (genome::Slot P::*count :
       {&P::numbers, &P::truths, &P::answers, &P::branch_numbers, &P::branch_truths, &P::branch_answers})
    EXPECT_TRUE(changed([&](P& p) { ++(p.*count); }));
  EXPECT_TRUE(changed([](P& p) { ++p.rounds; }));
  EXPECT_TRUE(changed([](P& p) { p.code.pop_back(); }));
  EXPECT_TRUE(changed([](P& p) { ++p.code.front().a; }));
  EXPECT_TRUE(changed([](P& p) { p.constants.push_back({genome::Kind::kNumber, 0, {}}); }));
  for (std::vector<R> P::*registers : {&P::memory, &P::branch}) {
    EXPECT_TRUE(changed([&](P& p) { (p.*registers).push_back({genome::Kind::kNumber, 0, {}, false}); }));
    genome::Program one = program, other = program;
    (one.*registers).push_back({genome::Kind::kNumber, 0, {}, false});
    (other.*registers).push_back({genome::Kind::kNumber, 0, {}, true});
    EXPECT_NE(translation_key(one), translation_key(other)) << "whether it is remembered";
  }
  EXPECT_FALSE(changed([](P& p) { p.name = "another"; }));
  EXPECT_FALSE(changed([](P& p) { p.schedule.clear(); }));
  EXPECT_FALSE(changed([](P& p) { p.signals.push_back("entropy"); }));
}

// How far a register's past goes back is an address in the code.
TEST(TranslationKey, RoundsCountWhereThePastIsLookedAt) {
  const auto key = [](const std::string& rounds, const std::string& level) {
    return translation_key(compiled("controller c\nrounds " + rounds +
                                    "\nmemory\n  ema = 0\nround\n  advance active by 1\n  ema = ema + 1\n"
                                    "  stop when " +
                                    level + " > 3\nanswer\n  top(finished)\n"));
  };
  EXPECT_EQ(key("10", "ema - ago(ema, 5)"), key("10", "ema - ago(ema, 6)"));
  EXPECT_NE(key("10", "ema - ago(ema, 5)"), key("11", "ema - ago(ema, 5)"));
}

// Sections of one run the other, and come to what the interpreter comes to.
TEST(TranslationKey, SectionsServeEveryProgramOfTheKey) {
  if (!native_target()) GTEST_SKIP() << "no native code here";
  const Environment environment = make_synthetic({.seed = 4, .questions = 3, .branches = 70});
  const auto order = ordering(1, environment.questions.front().branches.size());
  std::size_t compared = 0;
  for (std::uint64_t i = 0; i < 200; ++i) {
    auto rng = genome::base::keyed_stream(7, genome::base::Purpose::kTest, i);
    const auto controller = i % 2 == 0 ? tests::wild_controller(rng) : tests::bred_controller(rng);
    const auto numbers = genome::tunables(controller, 20);
    const auto moved = genome::with_moves(controller, numbers, std::vector<double>(numbers.size(), 0.3));
    if (!moved) continue;
    const genome::Program one = genome::compile(*genome::check(controller).controller);
    const genome::Program other = genome::compile(*genome::check(*moved).controller);
    if (numbers.empty() || translation_key(one) != translation_key(other)) continue;
    ++compared;
    const NativeProgram native(one);
    Machine machine;
    for (const Question& question : environment.questions) {
      const auto bound = genome::bind(other, 0.5);
      EXPECT_EQ(machine.run(bound, question, order, {.native = native.sections()}),
                machine.run(bound, question, order, {}))
          << i;
    }
  }
  EXPECT_GT(compared, 50U);
}

}  // namespace
}  // namespace replay
