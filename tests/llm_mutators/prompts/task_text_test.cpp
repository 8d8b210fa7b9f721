#include "llm_mutators/prompts/task_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace llm_mutators {
namespace {

using testing::HasSubstr;
using testing::Not;

// In the words that runs of the first programs keep.
std::string first(Task task) {
  task.prompt_version = 1;
  return task_text(task);
}

TEST(TaskText, SaysWhatTheScoreIs) {
  const std::string text =
      task_text({.betas = {0, 0.25, 1}, .budget_low = 70e3, .budget_high = 1.2e6, .knob_penalty = 1.5});
  EXPECT_THAT(text, HasSubstr("(0, 0.25, 1)"));
  EXPECT_THAT(text, HasSubstr("every budget from 70000 to 1200000 tokens"));
  EXPECT_THAT(text, HasSubstr("drops by 1.5."));
}

TEST(TaskText, SaysNothingOfWhatIsNotInForce) {
  const std::string text = task_text({.parsimony = 0});
  for (const char* word : {"subtracted from the score", "range of budgets", "sc (", "standard errors",
                           "operand", "variants", "At most", "reveals costs", "a table with", "0 points"})
    EXPECT_THAT(text, Not(HasSubstr(word)));
}

TEST(TaskText, SaysEachChargeThatIsMade) {
  const auto says = [](const Task& task, const std::string& words) {
    EXPECT_THAT(task_text(task), HasSubstr("The following is subtracted from the score:\n\n- " + words));
    EXPECT_THAT(task_text({.parsimony = 0}), Not(HasSubstr(words)));
  };
  says({.parsimony = 0.005}, "0.005 points for each operation and operand");
  says({.budget_high = 400e3, .parsimony = 0, .coverage_penalty = 3},
       "3 points times the share of the range");
  EXPECT_THAT(task_text({.budget_high = 400e3, .coverage_penalty = 3}),
              HasSubstr("let beta = 1 spend about 400000 tokens"));
  says({.parsimony = 0, .baseline_regret = 0.5},
       "0.5 times the number of points by which the controller is behind the better of two");
  EXPECT_THAT(task_text({.baseline_regret = 0.5}),
              HasSubstr("Being ahead elsewhere does not make up for it"));
  says({.parsimony = 0, .lower_bound_errors = 0.75}, "0.75 standard errors of its gain over asc");
}

TEST(TaskText, SaysWhatElseIsSo) {
  EXPECT_THAT(task_text({.reweightings = {0.25, 4}}), HasSubstr("branch are multiplied by 0.25 or by 4."));
  EXPECT_THAT(task_text({.episode_budget = 90000}),
              HasSubstr("At most 90000 tokens may be spent on a single question."));
  EXPECT_THAT(task_text({.probe_cost = 12}), HasSubstr("reveals costs 12 tokens in addition"));
  EXPECT_THAT(task_text({.beta_tables = true}), HasSubstr("a value of its own at every beta"));
  EXPECT_THAT(task_text({.world = "| a |\x1b\n"}), HasSubstr("over the environments.\n\n| a |?\n\n## Score"));
  EXPECT_THAT(task_text({.tuned = true}), HasSubstr("numbers of your controller are tuned a little"));
  EXPECT_THAT(task_text({.tuned = false}), HasSubstr("judged with exactly the numbers you write"));
}

TEST(TaskText, OfTheFirstVersionStaysAsItWas) {
  EXPECT_THAT(
      first({.budget_low = 70e3, .budget_high = 1.2e6, .knob_penalty = 1.5}),
      HasSubstr("over budgets from 70000 to 1200000 tokens (uniform in the logarithm), of\nthe accuracy"));
  EXPECT_THAT(
      first({.parsimony = 0.005}),
      HasSubstr("From the score is taken:\n\n- 0.005 points for each operation and operand of its text"));
  EXPECT_THAT(first({.baseline_regret = 0.5}), HasSubstr("no environment may pay\n  for another"));
  EXPECT_THAT(first({.lower_bound_errors = 0.75}),
              HasSubstr("0.75 standard errors, over the distinct questions, of its gain over asc"));
  EXPECT_THAT(first({.reweightings = {0.25, 4}}), HasSubstr("branches are multiplied by 0.25 or by 4; all"));
  EXPECT_THAT(first({.episode_budget = 90000}), HasSubstr("may spend at most 90000 tokens; what would"));
  EXPECT_THAT(first({.probe_cost = 12}), HasSubstr("reveals costs 12 tokens more: reveal"));
  EXPECT_THAT(first({.tuned = true}), HasSubstr("the numbers of what you write are tuned"));
}

TEST(TaskText, SaysWhatIsChargedAndLimitedWhereItIs) {
  const std::string text =
      task_text({.charge = {.tokens = 0, .latency_tokens = 1}, .limits = "tokens at most 9000"});
  EXPECT_THAT(text, HasSubstr("tokens stand for this sum: latency_tokens."));
  EXPECT_THAT(text, HasSubstr("should keep all of these limits: tokens at most 9000."));
  EXPECT_THAT(task_text({}), Not(HasSubstr("this sum")));
  EXPECT_THAT(task_text({}), Not(HasSubstr("these limits")));
}

}  // namespace
}  // namespace llm_mutators
