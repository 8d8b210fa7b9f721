#include "genome/specialise.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "genome/checker.hpp"
#include "genome/compiler.hpp"
#include "genome/printer.hpp"
#include "replay/machine.hpp"
#include "replay/ordering.hpp"
#include "replay/synthetic.hpp"
#include "tests/genome/varied.hpp"

namespace genome {
namespace {

const replay::Environment& world() {
  static const auto made = replay::make_synthetic({.seed = 4, .questions = 3, .branches = 24});
  return made;
}

void expect_same_episodes(const Controller& a, const Controller& b, double beta) {
  const Program p = compile(*check(a).controller), q = compile(*check(b).controller);
  const BoundProgram at_beta = bind(p, beta), fixed = bind(q, beta);
  replay::Machine machine;
  for (std::uint64_t s = 0; s < 3; ++s) {
    const auto order = replay::ordering(s, 24);
    for (const replay::Question& question : world().questions) {
      const auto x = machine.run(at_beta, question, order), y = machine.run(fixed, question, order);
      RC_ASSERT(x.answer == y.answer);
      RC_ASSERT(x.tokens == y.tokens);
      RC_ASSERT(x.latency_tokens == y.latency_tokens);
      RC_ASSERT(x.rounds == y.rounds);
    }
  }
}

TEST(Specialise, ActsTheSameAtItsBeta) {
  EXPECT_TRUE(rc::check([] {
    base::Rng rng = tests::any_stream();
    const Controller c = base::chance(rng, 0.5) ? tests::bred_controller(rng) : tests::wild_controller(rng);
    const double beta = static_cast<double>(base::uniform_int(rng, 0, 8)) / 8;
    const auto fixed = specialise(c, beta);
    if (!fixed) return;  // an infinite number
    RC_ASSERT(fixed->schedule.empty());
    RC_ASSERT(checks(*fixed));
    expect_same_episodes(c, *fixed, beta);
  }));
}

std::string key(const char* text, double beta) {
  return print(*specialise(check_text(text).controller->tree(), beta));
}

TEST(Specialise, SchedulesThatAgreeAtABetaGiveTheSameTextThere) {
  const char* slow =
      "controller a\nschedule\n  n rises round(2 + 4 * beta)\nstart\n  read n\nanswer\n  top(finished)\n";
  const char* fast =
      "controller a\nschedule\n  n rises round(2 + 9 * beta)\nstart\n  read n\nanswer\n  top(finished)\n";
  EXPECT_EQ(key(slow, 0), key(fast, 0));
  EXPECT_NE(key(slow, 1), key(fast, 1));
}

}  // namespace
}  // namespace genome
