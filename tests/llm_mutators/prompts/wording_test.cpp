#include "llm_mutators/prompts/wording.hpp"

#include <gtest/gtest.h>
#include <string>

#include "genome/base/digest.hpp"
#include "llm_mutators/prompts/language_card.hpp"
#include "llm_mutators/prompts/prompt.hpp"

namespace llm_mutators {
namespace {

// All that may be in force.
Task all_of_it(int version) {
  return {.betas = {0, 1},
          .coverage_penalty = 2,
          .baseline_regret = 0.5,
          .lower_bound_errors = 0.75,
          .reweightings = {0.25, 4},
          .episode_budget = 90'000,
          .probe_cost = 12,
          .signals = {"entropy"},
          .world = "| a |\n",
          .beta_tables = true,
          .advice = "Be bold.",
          .prompt_version = version};
}

TEST(Wording, EveryNameInASentenceIsFilledIn) {
  for (const int version : {1, 2}) {
    Task task = all_of_it(version);
    for (task.tuned = true;; task.tuned = false) {
      std::string prompt = Prompter(task, {}).constant();
      const std::string formula = "I_{1/2}";
      prompt.erase(prompt.find(formula), formula.size());
      EXPECT_EQ(prompt.find_first_of("{}"), std::string::npos) << prompt;
      if (!task.tuned) break;
    }
  }
}

// Of what runs are looked up by.
TEST(Wording, TheFirstVersionNeverChanges) {
  const std::string prompt = Prompter(all_of_it(1), {}).constant();
  EXPECT_EQ(genome::base::sha1_hex(prompt), "1b2e3d5d9b960088ee6390217cfbde87b6caeaf3") << prompt;
}

TEST(Wording, VersionsDifferAndBothHaveTheWholeLanguage) {
  EXPECT_NE(language_card(1), language_card(2));
  for (const int version : {1, 2}) {
    for (const char* part : {"controller NAME", "schedule", "memory", "branch", "start", "round", "answer",
                             "- open N:", "- confidence: ", "- streak (", "controller cmc"})
      EXPECT_NE(language_card(version).find(part), std::string::npos) << part;
  }
}

}  // namespace
}  // namespace llm_mutators
