// What checkpoints keep of a charge, and of a choice for the limits of a service level.
#include <cmath>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "evo/base/error.hpp"
#include "evo/record/checkpoint.hpp"
#include "evo/record/checkpoint_file.hpp"
#include "tests/support/evolved.hpp"

namespace evo {
namespace {

// What is charged and chosen is kept; a state without either is written as it was before.
TEST(CheckpointChoice, TheSeventhVersionKeepsChargeAndChoice) {
  State state = evolved(2);
  const std::string before = save_checkpoint(state);
  EXPECT_LT(framed_version(before), 7U);
  state.charge = {.tokens = 0.7, .latency_tokens = 0.3};
  state.limited =
      LimitsChoice{state.best().id,
                   state.best().text,
                   state.best().controller,
                   {.beta = 0.5,
                    .figures = {.accuracy = 61.5, .tokens = 9000, .latency_tokens = 700, .latency_p95 = 900},
                    .excess = 0.25,
                    .orderings = 8,
                    .kept = 3},
                   17,
                   {state.best().id}};
  const std::string bytes = save_checkpoint(state);
  EXPECT_EQ(framed_version(bytes), 7U);
  const State again = load_checkpoint(bytes, text_in(state), "v7");
  EXPECT_EQ(again.charge, state.charge);
  ASSERT_TRUE(again.limited.has_value());
  EXPECT_EQ(again.limited->id, state.best().id);
  EXPECT_EQ(again.limited->text, state.best().text);
  EXPECT_EQ(again.limited->measured, 17);
  EXPECT_EQ(again.limited->looked_at, state.limited->looked_at);
  EXPECT_EQ(again.limited->result, state.limited->result);
  EXPECT_EQ(save_checkpoint(again), bytes);
  state.charge = {};
  state.limited.reset();
  EXPECT_EQ(save_checkpoint(state), before);
}

TEST(CheckpointChoice, AChoiceThatCanBeNoneIsRefused) {
  const State good = evolved(1);
  const auto refused = [&](const State& state) {
    EXPECT_THROW(load_checkpoint(save_checkpoint(state), text_in(good), "bad"), RunError);
  };
  State state = good;
  state.charge = {.tokens = -1, .latency_tokens = 3};
  refused(state);
  const Individual& best = good.best();
  const LimitsChoice choice{best.id, best.text, best.controller, {.beta = 0, .orderings = 2, .kept = 1}, 1};
  for (auto change : std::vector<void (*)(ServiceResult&)>{
           [](ServiceResult& r) { r.orderings = 0; }, [](ServiceResult& r) { r.kept = 3; },
           [](ServiceResult& r) { r.kept = -1; }, [](ServiceResult& r) { r.excess = std::nan(""); },
           [](ServiceResult& r) { r.figures.tokens = -1; }}) {
    state = good;
    state.limited = choice;
    change(state.limited->result);
    refused(state);
  }
  state = good;
  state.limited = choice;
  state.limited->measured = 0;
  refused(state);
}

}  // namespace
}  // namespace evo
