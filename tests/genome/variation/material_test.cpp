// What signals add to variation, and that nothing changes without them.
#include <algorithm>
#include <functional>
#include <gtest/gtest.h>
#include <set>

#include "genome/material/quantities.hpp"
#include "genome/text/printer.hpp"
#include "genome/tree/sites.hpp"
#include "tests/support/varied.hpp"

namespace genome {
namespace {

const std::vector<RecordedSignal> kSignals = {{"logprob", -1, 0}, {"score", 0, 9}};

TEST(Material, SignalsComeBehindTheRest) {
  const Material& plain = Material::plain();
  const Material material(kSignals);
  const auto begins_alike = [](const auto& all, const auto& first) {
    return all.size() > first.size() &&
           std::equal(first.begin(), first.end(), all.begin(), [](const auto& a, const auto& b) {
             if constexpr (requires { a.value; })
               return a.value == b.value && a.low == b.low && a.high == b.high;
             else
               return a == b;
           });
  };
  EXPECT_TRUE(begins_alike(material.question_quantities(), plain.question_quantities()));
  EXPECT_TRUE(begins_alike(material.branch_quantities(), plain.branch_quantities()));
  EXPECT_TRUE(begins_alike(material.sets(), plain.sets()));
  EXPECT_TRUE(begins_alike(material.branch_conditions(), plain.branch_conditions()));
  EXPECT_TRUE(begins_alike(material.leaders(), plain.leaders()));
  EXPECT_TRUE(begins_alike(material.weights(), plain.weights()));
}

// Runs of an earlier edition draw what they drew.
TEST(Material, AnEditionComesBehindThoseBeforeIt) {
  const Material first({}, kFirstEdition), latest({}, kLatestEdition);
  EXPECT_EQ(first.edition(), kFirstEdition);
  const auto begins_alike = [](const auto& all, const auto& some, auto part) {
    return all.size() > some.size() && std::ranges::equal(some, all.first(some.size()), {}, part, part);
  };
  const auto value = [](const Quantity& q) { return q.value; };
  EXPECT_TRUE(begins_alike(latest.question_quantities(), first.question_quantities(), value));
  EXPECT_TRUE(begins_alike(latest.branch_quantities(), first.branch_quantities(), value));
  EXPECT_TRUE(begins_alike(latest.sets(), first.sets(), std::identity()));
  EXPECT_TRUE(begins_alike(latest.branch_conditions(), first.branch_conditions(), std::identity()));
  EXPECT_TRUE(begins_alike(latest.leaders(), first.leaders(), std::identity()));
  EXPECT_TRUE(begins_alike(latest.weights(), first.weights(), std::identity()));
  const Material old(kSignals, kFirstEdition), now(kSignals, kLatestEdition);
  EXPECT_LT(old.weights().size(), now.weights().size());
  EXPECT_EQ(now.signals().size(), kSignals.size());
}

// A signal that is the same everywhere weighs nothing, and has no scale to weigh by.
TEST(Material, ASignalWithoutARangeHasNoWeightsOfItsOwnScale) {
  const std::vector<RecordedSignal> flat = {{"score", 1, 1}};
  const Material first(flat, kFirstEdition), latest(flat, kLatestEdition), none({}, kLatestEdition);
  EXPECT_EQ(latest.weights().size() - none.weights().size(),
            first.weights().size() - Material({}, kFirstEdition).weights().size());
}

// Everything that varies controllers draws the same as before where nothing is recorded.
TEST(Material, WithoutSignalsTheSameIsDrawn) {
  const Material none({});
  for (std::uint64_t i = 0; i < 200; ++i) {
    base::Rng a = base::keyed_stream(7, base::Purpose::kTest, i), b = a;
    const Controller bred = tests::bred_controller(a);
    EXPECT_EQ(bred, tests::bred_controller(b, none));
    EXPECT_EQ(base::uniform_real(a), base::uniform_real(b));
    EXPECT_TRUE(signals_of(bred).empty());
  }
}

TEST(Material, SignalsAreDrawnAndTheirControllersCheck) {
  const Material material(kSignals);
  std::set<std::string> seen;
  std::size_t with = 0;
  for (std::uint64_t i = 0; i < 300; ++i) {
    base::Rng rng = base::keyed_stream(8, base::Purpose::kTest, i);
    const Controller bred = tests::bred_controller(rng, material);
    ASSERT_TRUE(checks(bred)) << print(bred);
    const auto signals = signals_of(bred);
    with += signals.empty() ? 0 : 1;
    seen.insert(signals.begin(), signals.end());
  }
  EXPECT_EQ(seen, (std::set<std::string>{"logprob", "score"}));
  EXPECT_GT(with, 50U);
}

}  // namespace
}  // namespace genome
