// What is told of a collection: its progress, its costs, and what is wrong with it.
#include "experiments/commands/live/collect_report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace experiments {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(CollectReport, ProgressTellsRateTokensMoneyAndTimeLeft) {
  const live::CollectProgress at{.branches = 1200,
                                 .wanted = 7680,
                                 .cut = 12,
                                 .failed = 3,
                                 .at_work = 60,
                                 .limit = 64,
                                 .seconds = 100,
                                 .tokens_per_second = 3456.7,
                                 .seconds_left = 8000,
                                 .spent = {.prompt_tokens = 1000, .branch_tokens = 2'000'000, .money = 1.5}};
  EXPECT_EQ(progress_text(at),
            "1,200/7,680 branches, 3457 tokens/s, 2,001,000 tokens, 1.50 money, 60 of 64 requests, 1.0% cut, "
            "3 failed, 2 h 13 min left");
  EXPECT_EQ(progress_text(at, 60), "1,200/7,680 branches, 1.50 money, 3 failed, 2 h 13 min left");
  EXPECT_THAT(progress_text({.wanted = 5}), Not(HasSubstr("left")));
}

TEST(CollectReport, CutBranchesAreLoudAboveAHundredth) {
  EXPECT_EQ(cut_warning(1, 100, 500, std::nullopt), "");
  EXPECT_THAT(cut_warning(2, 100, 500, std::nullopt), HasSubstr("--max-tokens"));
  EXPECT_THAT(cut_warning(2, 100, 500, 400), HasSubstr("the server's context of 400 tokens"));
  EXPECT_EQ(cut_warning(0, 0, 500, 400), "");
}

// A branch of 1,200 tokens by pieces of 500, looked at behind 500 and 1,000 of them.
TEST(CollectReport, CostsAreOfWhatIsSent) {
  const live::Recipe recipe{.interval = 500, .segment_tokens = 500, .look_tokens = 10};
  const Estimate estimate{.branches = 3, .tokens = 1200, .prompt_tokens = 100, .suffix_tokens = 7};
  const live::Spent by_ids = cost_of(estimate, recipe, {.input = 2, .output = 10});
  EXPECT_EQ(by_ids.requests, 3 * (3 + 2));
  const std::int64_t segments = 100 + (100 + 500) + (100 + 1000), looks = (100 + 500 + 7) + (100 + 1000 + 7);
  EXPECT_EQ(by_ids.prompt_tokens, 3 * (segments + looks));
  EXPECT_EQ(by_ids.branch_tokens, 3 * 1200);
  EXPECT_EQ(by_ids.look_tokens, 3 * 2 * 10);
  EXPECT_DOUBLE_EQ(by_ids.money, (3 * (segments + looks) * 2.0 + 3 * (1200 + 20) * 10.0) / 1e6);
  live::Recipe whole = recipe;
  whole.grade = live::Grade::kWholeSamples;
  const live::Spent samples = cost_of(estimate, whole, {});
  EXPECT_EQ(samples.requests, 3);
  EXPECT_EQ(samples.prompt_tokens, 300);
  EXPECT_EQ(samples.look_tokens, 0);
}

TEST(CollectReport, WhatWasInVainIsTold) {
  EXPECT_THAT(spent_text({.requests = 1}), Not(HasSubstr("in vain")));
  EXPECT_THAT(spent_text({.requests = 2, .lost_requests = 1, .lost_tokens = 5, .unseen_tokens = 1234}),
              HasSubstr("5 in vain, and up to 1,234 that did not come (1 requests failed)"));
}

}  // namespace
}  // namespace experiments
