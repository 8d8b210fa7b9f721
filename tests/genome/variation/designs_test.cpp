// Random controllers that are whole designs.
#include "genome/variation/designs.hpp"

#include <cstdint>
#include <gtest/gtest.h>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "genome/text/checker.hpp"
#include "genome/text/printer.hpp"
#include "genome/tree/constants.hpp"
#include "genome/tree/sites.hpp"
#include "genome/variation/sampler.hpp"

namespace genome {
namespace {

const std::vector<RecordedSignal> kSignals = {{"logprob", -0.5, -0.125}};
constexpr int kDraws = 400;

Controller design(std::uint64_t i, const Material& material = Material::plain()) {
  base::Rng rng = base::keyed_stream(i, base::Purpose::kTest);
  return sample_design(rng, material);
}

int with(std::string_view part, const Material& material = Material::plain()) {
  int found = 0;
  for (std::uint64_t i = 0; i < kDraws; ++i) found += print(design(i, material)).contains(part) ? 1 : 0;
  return found;
}

TEST(Designs, CheckAndAnswerAndAreDrawnByTheStreamAlone) {
  std::set<std::string> texts;
  for (std::uint64_t i = 0; i < kDraws; ++i) {
    const Controller c = design(i);
    EXPECT_TRUE(checks(c));
    EXPECT_EQ(c, design(i));
    ASSERT_EQ(c.answer.size(), 2U);
    EXPECT_EQ(print(c.answer.back()), "top(not pruned)");
    texts.insert(print(c));
  }
  EXPECT_EQ(texts.size(), static_cast<std::size_t>(kDraws));
}

// Each question that a design answers has several answers, and none of them is rare.
TEST(Designs, HaveEveryAnswerToEveryQuestion) {
  for (const std::string_view part : {
           "  open width - opened when max(depth, active) >= reach or not any(active)",  // when to open
           "  open width when not any(active)",
           "  open min(places - count(active), width - opened) when count(active) < places",
           "confidence(finished) >= level",  // when a vote is enough
           "support(finished) >= needed",
           "support(finished, (tokens / mean(tokens, finished))^power) >= needed",
           "stop when same >= calm",
           "top(finished, 1 / depth)",  // what it weighs
           "top(finished, (tokens / mean(tokens, finished))^power)",
           "count(finished) >= share * opened",
           "min(depth, active) >= limit",  // when to give up
           "mean(depth, active) >= limit",
           "burst",  // who goes faster, and who is dropped
           "max(depth, not pruned) - depth",
           "dissent >= patience",
           "reach * mean(depth, finished)",
           "top(active)",
       })
    EXPECT_GE(with(part), kDraws / 50) << part;
}

// Only weights of about 1 are summed: sums of others would be compared with numbers of branches.
TEST(Designs, SumTheWeightsOfTheirAnswer) {
  int weighed = 0;
  for (std::uint64_t i = 0; i < kDraws; ++i) {
    const std::string text = print(design(i));
    if (!text.contains("support(finished, ")) continue;
    EXPECT_TRUE(text.contains("  top(finished, (tokens / mean(tokens, finished))^power)\n")) << text;
    EXPECT_FALSE(text.contains("support(finished, 1 / depth)")) << text;
    ++weighed;
  }
  EXPECT_GT(weighed, kDraws / 20);
}

// The parts of two_stage meet by themselves, which one for one they hardly do.
TEST(Designs, MeetAsTheLibraryHasThem) {
  const auto two_stages = [](const Controller& c) {
    const std::string text = print(c);
    return text.contains("max(depth, active) >= reach or not any(active)") &&
           text.contains("confidence(finished) >= level") &&
           (text.contains("min(depth, active) >= ") || text.contains("mean(depth, active) >= ")) &&
           text.contains("top(finished, 1 / depth)");
  };
  int designs = 0, habits = 0;
  const Material before({}, kWavesEdition);
  for (std::uint64_t i = 0; i < 1000; ++i) {
    base::Rng rng = base::keyed_stream(i, base::Purpose::kTest);
    designs += two_stages(design(i)) ? 1 : 0;
    habits += two_stages(sample_controller(rng, before)) ? 1 : 0;
  }
  EXPECT_GE(designs, 4);
  EXPECT_GE(designs, 4 * habits);
}

TEST(Designs, GiveUpMoreOftenThanInTheirFirstEdition) {
  const Material fourth({}, kDesignsEdition);
  const auto give_up = [](const Material& material) {
    return with("stop when any(active) and min(depth, active) >= ", material) +
           with("stop when any(active) and mean(depth, active) >= ", material);
  };
  EXPECT_NEAR(give_up(fourth), kDraws / 2, kDraws / 10);
  EXPECT_NEAR(give_up(Material::plain()), 7 * kDraws / 10, kDraws / 10);
}

TEST(Designs, ReadSignalsWhereTheyAreRecorded) {
  const Material signals(kSignals);
  EXPECT_EQ(with("logprob"), 0);
  EXPECT_GE(with("logprob", signals), kDraws / 5);
  EXPECT_GE(with("answer\n  top(finished, exp(", signals), kDraws / 20);
  const Material flat(std::vector<RecordedSignal>{{"logprob", 1, 1}});
  EXPECT_EQ(with("answer\n  top(finished, exp(", flat), 0) << "nothing to weigh by";
  for (std::uint64_t i = 0; i < kDraws; ++i) {
    EXPECT_TRUE(checks(design(i, signals)));
    EXPECT_TRUE(checks(design(i, flat)));
  }
}

// What a wave or a first stage has settled is not paid for again.
TEST(Designs, LookAtVotesBeforeTheyOpenMore) {
  for (std::uint64_t i = 0; i < kDraws; ++i) {
    const Controller c = design(i);
    bool opened = false;
    for (const Statement& s : c.round) {
      opened = opened || s.verb == Verb::kOpen;
      EXPECT_FALSE(opened && s.verb == Verb::kStop) << print(c);
    }
  }
}

// Whole samples have no depth to be staged by, and editions before draw what they drew.
TEST(Designs, AreThreeOfFourControllersOfTheirEdition) {
  const auto drawn_as_designs = [](const Material& material) {
    int designs = 0;
    for (std::uint64_t i = 0; i < kDraws; ++i) {
      base::Rng rng = base::keyed_stream(i, base::Purpose::kTest), same = rng;
      if (!base::chance(same, 0.75)) continue;
      designs += sample_controller(rng, material) == sample_design(same, material) ? 1 : 0;
    }
    return designs;
  };
  EXPECT_NEAR(drawn_as_designs(Material::plain()), 3 * kDraws / 4, kDraws / 10);
  EXPECT_EQ(drawn_as_designs(Material({}, kWavesEdition)), 0);
  EXPECT_EQ(drawn_as_designs(Material({}, kLatestEdition, Material::Of::kWholeSamples)), 0);
}

}  // namespace
}  // namespace genome
