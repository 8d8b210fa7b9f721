#include "genome/comparison/at_beta.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "genome/text/checker.hpp"
#include "genome/text/printer.hpp"
#include "tests/support/same_episodes.hpp"
#include "tests/support/varied.hpp"

namespace genome {
namespace {

TEST(Specialise, ActsTheSameAtItsBeta) {
  EXPECT_TRUE(rc::check([] {
    base::Rng rng = tests::any_stream();
    const Controller c = base::chance(rng, 0.5) ? tests::bred_controller(rng) : tests::wild_controller(rng);
    const double beta = static_cast<double>(base::uniform_int(rng, 0, 8)) / 8;
    const auto fixed = at_beta(c, beta);
    if (!fixed) return;  // an infinite number
    RC_ASSERT(fixed->schedule.empty());
    RC_ASSERT(checks(*fixed));
    tests::expect_same_episodes(c, *fixed, beta);
  }));
}

std::string key(const char* text, double beta) {
  return print(*at_beta(check_text(text).controller->tree(), beta));
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
