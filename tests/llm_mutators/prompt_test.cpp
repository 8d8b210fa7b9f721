#include "llm_mutators/prompt.hpp"

#include "llm_mutators/language_card.hpp"
#include "tests/llm_mutators/scripted_models.hpp"

namespace llm_mutators {
namespace {

class PromptTest : public ScriptedModels {};

std::size_t common_prefix(const std::string& a, const std::string& b) {
  return static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
}

TEST_F(PromptTest, HoldsCardTaskParentAndCurve) {
  const evo::Individual cmc = known("cmc");
  const std::string prompt =
      mutation_prompt({.budget_low = 30e3, .budget_high = 700e3, .advice = "Keep\x1b it short."}, cmc);
  EXPECT_TRUE(prompt.starts_with(language_card()));
  EXPECT_NE(prompt.find("\n30000 to 700000 tokens"), std::string::npos);
  EXPECT_NE(prompt.find("\nKeep? it short.\n"), std::string::npos);
  EXPECT_NE(prompt.find("```\n" + cmc.text + "```\n\nIts score is 64.125"), std::string::npos);
  EXPECT_NE(prompt.find("| 0.5 | 66.25 | 180000 |\n| 1 | 70.00 | 412346 |\n"), std::string::npos);
  EXPECT_NE(prompt.find("HYPOTHESIS: "), std::string::npos);
}

TEST_F(PromptTest, GoesFromConstantToChanging) {
  const evo::Individual cmc = known("cmc"), esc = known("esc");
  const std::size_t constant = mutation_prompt({}, cmc).find("# The controller to improve");
  ASSERT_NE(constant, std::string::npos);
  EXPECT_GE(common_prefix(mutation_prompt({}, cmc), mutation_prompt({}, esc)), constant);
  EXPECT_GE(common_prefix(mutation_prompt({}, cmc), crossover_prompt({}, cmc, esc)), constant);
}

TEST_F(PromptTest, CrossoverHoldsBothParents) {
  const std::string prompt = crossover_prompt({}, known("esc"), known("cmc"));
  EXPECT_LT(prompt.find("controller esc"), prompt.rfind("controller cmc"));
}

TEST_F(PromptTest, RepairBeginsWithThePromptAndIsBounded) {
  const std::string prompt = mutation_prompt({}, known("esc"));
  const std::string repair = repair_prompt(prompt, "controller x\n  \x1b\xFF```", "controller:1:1: error\n");
  EXPECT_TRUE(repair.starts_with(prompt));
  EXPECT_NE(repair.find("<reply>\ncontroller x\n  ?\xEF\xBF\xBD```\n</reply>"), std::string::npos);
  EXPECT_NE(repair.find("controller:1:1: error\n"), std::string::npos);
  EXPECT_LT(repair_prompt(prompt, std::string(1'000'000, 'x'), std::string(1'000'000, 'y')).size(),
            prompt.size() + 33'000);
}

}  // namespace
}  // namespace llm_mutators
