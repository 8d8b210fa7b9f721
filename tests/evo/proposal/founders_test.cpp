#include "evo/proposal/founders.hpp"

#include <gtest/gtest.h>
#include <set>
#include <string>
#include <vector>

#include "evo/base/error.hpp"
#include "genome/text/printer.hpp"
#include "genome/variation/mutation.hpp"
#include "tests/support/small_world.hpp"

namespace evo {
namespace {

TEST(Founders, FillThePopulationWithDifferentControllers) {
  for (const Founders kind : {Founders::kLibrary, Founders::kRandom, Founders::kBoth}) {
    Experiment e = small_experiment();
    e.founders = kind;
    e.population = 30;
    const auto first = founders(e);
    ASSERT_EQ(first.size(), 30U);
    std::set<std::string> different;
    for (const Proposal& p : first) different.insert(genome::identity(p.child.tree()));
    EXPECT_EQ(different.size(), 30U);
    const bool library = first.front().operation.starts_with("library:");
    EXPECT_EQ(library, kind != Founders::kRandom);
  }
}

TEST(Founders, FoundersAreMadeWithoutWhatIsOff) {
  Experiment e = small_experiment();
  e.founders = Founders::kLibrary;
  e.population = 60;
  e.without = {"constants", "habit"};
  for (const Proposal& founder : founders(e)) {
    EXPECT_NE(founder.operation, "constants");
    EXPECT_NE(founder.operation, "habit");
  }
  for (const genome::Mutation each : genome::all_mutations()) e.without.emplace_back(genome::name_of(each));
  EXPECT_THROW(founders(e), RunError);  // more than the library has
  e.founders = Founders::kBoth;
  EXPECT_EQ(founders(e).size(), 60U);
}

// What is not recorded everywhere is looked at by nobody.
TEST(Founders, LookAtSignalsThatAreRecordedAlone) {
  Experiment e = small_experiment();
  e.founders = Founders::kRandom;
  e.population = 60;
  const std::vector<genome::RecordedSignal> signals = {{"logprob", -1, 0}};
  std::size_t with = 0;
  for (const Proposal& founder : founders(e, signals)) {
    EXPECT_TRUE(needs_only(founder.child.tree(), signals));
    with += needs_only(founder.child.tree(), {}) ? 0 : 1;
  }
  EXPECT_GT(with, 0U);
  for (const Proposal& founder : founders(e)) EXPECT_TRUE(needs_only(founder.child.tree(), {}));
  const auto checked =
      genome::check_text("controller c\nstart\n  read 1\nanswer\n  top(finished, signal(x))\n");
  EXPECT_FALSE(needs_only(checked.controller->tree(), signals));
}

TEST(Founders, FoundersThatDoNotFitTheExperimentAreAnError) {
  Experiment e = small_experiment();
  e.beta_tables = true;  // each schedule a table of as many entries
  e.betas.clear();
  for (int i = 0; i <= 100; ++i) e.betas.push_back(i / 100.0);
  for (const Founders kind : {Founders::kBoth, Founders::kLibrary, Founders::kRandom}) {
    e.founders = kind;
    EXPECT_THROW(founders(e), RunError);
  }
}

}  // namespace
}  // namespace evo
