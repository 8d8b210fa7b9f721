#include "evo/proposal/founders.hpp"

#include <gtest/gtest.h>
#include <set>
#include <string>
#include <vector>

#include "evo/base/error.hpp"
#include "genome/text/printer.hpp"
#include "genome/tree/looks.hpp"
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

// A population too small for the library has a part of it, and the next goes on from there.
TEST(Founders, KnownControllersGoOnWhereThoseBeforeEnded) {
  Experiment e = small_experiment();
  e.population = 30;
  std::vector<std::string> known;
  for (const Proposal& p : founders(e)) {
    if (p.operation.starts_with("library:")) known.push_back(p.operation);
  }
  ASSERT_GT(known.size(), 5U);
  EXPECT_EQ(founders(e, {}, 3).front().operation, known.front()) << "all have a place";
  e.population = 4;
  std::set<std::string> seen;
  for (std::size_t from = 0; from < known.size(); from += 4) {
    const auto first = founders(e, {}, from);
    ASSERT_EQ(first.size(), 4U);
    for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(first[i].operation, known[(from + i) % known.size()]);
    for (const Proposal& p : first) seen.insert(p.operation);
  }
  EXPECT_EQ(seen.size(), known.size());
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

// Nor into branches, where the experiment has whole samples.
TEST(Founders, OfWholeSamplesReadWholeBranches) {
  Experiment e = small_experiment();
  e.population = 60;
  e.whole_samples = true;
  std::set<std::string> known;
  for (const Founders kind : {Founders::kBoth, Founders::kLibrary, Founders::kRandom}) {
    e.founders = kind;
    for (const Proposal& founder : founders(e)) {
      EXPECT_FALSE(genome::looks_into_branches(founder.child.tree())) << founder.operation;
      if (founder.operation.starts_with("library:")) known.insert(founder.operation);
    }
  }
  EXPECT_EQ(known,
            (std::set<std::string>{"library:asc", "library:esc", "library:length_vote", "library:sc"}));
  // Left open, as in an experiment of an earlier program, it is as where it is off.
  e.founders = Founders::kBoth;
  e.whole_samples = false;
  const auto off = founders(e);
  e.whole_samples.reset();
  const auto open = founders(e);
  ASSERT_EQ(open.size(), off.size());
  for (std::size_t i = 0; i < open.size(); ++i)
    EXPECT_EQ(genome::identity(open[i].child.tree()), genome::identity(off[i].child.tree()));
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
