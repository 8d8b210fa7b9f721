#include "replay/evaluation/common_signals.hpp"

#include <gtest/gtest.h>
#include <vector>

#include "tests/support/signals.hpp"
#include "tests/support/small_questions.hpp"

namespace replay {
namespace {

// So many branches of one step, whose numbers are first, first + 1, ...
Environment recording(std::vector<std::string> signals, std::size_t branches, double first) {
  const std::vector<tests::SmallBranch> all(branches, {"", "A"});
  const Question question = tests::small_question("A", all);
  const std::size_t count = signals.size();
  double next = first - 1;
  return {"e", "", "", std::move(signals), {tests::with_signals(question, count, [&] { return ++next; })}};
}

TEST(CommonSignals, AreThoseOfEveryEnvironment) {
  const std::vector<Environment> some = {recording({"a", "b", "d"}, 3, 0), recording({"b", "c", "d"}, 3, 0)};
  EXPECT_EQ(names_of(common_signals(some)), (std::vector<std::string>{"b", "d"}));
  EXPECT_EQ(names_of(common_signals(std::span(some).first(1))), some[0].signals);
  const std::vector<Environment> apart = {some[0], recording({}, 3, 0)};
  EXPECT_TRUE(common_signals(apart).empty());
  EXPECT_TRUE(common_signals({}).empty());
}

TEST(CommonSignals, RangesLeaveTheEndsOut) {
  const std::vector<Environment> two = {recording({"s"}, 60, 1), recording({"s"}, 40, 61)};  // 1 to 100
  EXPECT_EQ(common_signals(two), (std::vector<genome::RecordedSignal>{{"s", 6, 95}}));
  const std::vector<Environment> few = {recording({"s"}, 3, -1)};
  EXPECT_EQ(common_signals(few), (std::vector<genome::RecordedSignal>{{"s", -1, 1}}));
}

}  // namespace
}  // namespace replay
