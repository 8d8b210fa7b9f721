// Variation of controllers for data in which nothing is seen of a branch before its end.
#include <gtest/gtest.h>
#include <set>
#include <string>

#include "genome/material/material_tables.hpp"
#include "genome/material/quantities.hpp"
#include "genome/text/checker.hpp"
#include "genome/text/known_controllers.hpp"
#include "genome/text/printer.hpp"
#include "genome/tree/looks.hpp"
#include "genome/tree/sites.hpp"
#include "genome/variation/sampler.hpp"
#include "tests/support/varied.hpp"

namespace genome {
namespace {

const std::vector<RecordedSignal> kSignals = {{"logprob", -1, 0}};

Controller controller(const std::string& lines) {
  const auto checked = check_text("controller c\n" + lines).controller;
  EXPECT_TRUE(checked.has_value()) << lines;
  return checked->tree();
}

TEST(WholeSamples, ControllersThatLookIntoBranchesAreTold) {
  std::set<std::string_view> whole;
  for (const KnownController& known : known_controllers()) {
    if (!looks_into_branches(check_text(known.text).controller->tree())) whole.insert(known.name);
  }
  EXPECT_EQ(whole, (std::set<std::string_view>{"asc", "deepconf", "esc", "length_vote", "psc", "sc"}));
  EXPECT_FALSE(looks_into_branches(controller("start\n  open 3\nanswer\n  top(finished, tokens)\n")));
  for (const char* const lines :
       {"start\n  open 3\nround\n  advance opened > 0 by 1\nanswer\n  top(finished)\n",
        "start\n  open 3\nanswer\n  top(not pruned)\n",
        "start\n  read 3\nround\n  stop when not any(active)\nanswer\n  none\n",
        "start\n  read 3\nanswer\n  top(finished, 1 / depth)\n"})
    EXPECT_TRUE(looks_into_branches(controller(lines))) << lines;
}

// Every operator that draws something new is tried many times on what it made before.
TEST(WholeSamples, NothingThatIsDrawnLooksIntoBranches) {
  const Material material(kSignals, kLatestEdition, Material::Of::kWholeSamples);
  std::size_t readers = 0, deciding = 0, with_signal = 0;
  for (std::uint64_t i = 0; i < 400; ++i) {
    base::Rng rng = base::keyed_stream(9, base::Purpose::kTest, i);
    Controller made = sample_controller(rng, material);
    for (int step = 0; step < 8; ++step) {
      ASSERT_TRUE(checks(made)) << print(made);
      ASSERT_FALSE(looks_into_branches(made)) << print(made);
      const auto kind = all_mutations()[base::uniform_index(rng, all_mutations().size())];
      if (auto mutant = mutate(rng, made, kind, material)) made = std::move(*mutant);
    }
    const std::string text = print(made);
    readers += text.contains("read ") ? 1 : 0;
    deciding += text.contains("stop when ") || text.contains(" when ") ? 1 : 0;
    with_signal += signals_of(made).empty() ? 0 : 1;
    EXPECT_FALSE(text.contains("open ")) << text;
    EXPECT_FALSE(text.contains("signal_min(") || text.contains("signal(")) << text;
  }
  EXPECT_GT(readers, 380U);
  EXPECT_GT(deciding, 300U);
  EXPECT_GT(with_signal, 80U);
}

TEST(WholeSamples, WithoutThemMostThatIsDrawnLooksIntoBranches) {
  std::size_t looking = 0;
  for (std::uint64_t i = 0; i < 100; ++i) {
    base::Rng rng = base::keyed_stream(9, base::Purpose::kTest, i);
    looking += looks_into_branches(sample_controller(rng)) ? 1 : 0;
  }
  EXPECT_EQ(looking, 100U);
}

}  // namespace
}  // namespace genome
