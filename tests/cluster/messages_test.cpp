#include "cluster/messages.hpp"

#include <gtest/gtest.h>
#include <limits>
#include <rapidcheck.h>
#include <string>

namespace cluster {
namespace {

TEST(Messages, AreReadBackAsTheyWere) {
  const auto hello = from_bytes<Hello>(to_bytes(Hello{"evotts 1", "glibc 2.36 fma", "b", 7, "bound"}));
  EXPECT_EQ(hello.program, "evotts 1");
  EXPECT_EQ(hello.c_library, "glibc 2.36 fma");
  EXPECT_EQ(hello.host, "b");
  EXPECT_EQ(hello.threads, 7U);
  EXPECT_EQ(hello.cores, "bound");

  const Setting setting{.recorded = {{"a.json", "/x/a.json", "0123"}},
                        .reweightings = {0.25, 4},
                        .digests = {"0123", "4567", "89ab"},
                        .options = {.first_ordering = 9,
                                    .orderings = 30,
                                    .episode = {.budget = 5, .probe_cost = 3, .foresight = true}}};
  const auto again = from_bytes<Setting>(to_bytes(setting));
  EXPECT_EQ(again.recorded.at(0).path, "/x/a.json");
  EXPECT_EQ(again.reweightings, setting.reweightings);
  EXPECT_EQ(again.digests, setting.digests);
  EXPECT_EQ(again.options.first_ordering, 9U);
  EXPECT_EQ(again.options.orderings, 30U);
  EXPECT_EQ(again.options.episode.budget, 5);
  EXPECT_EQ(again.options.episode.probe_cost, 3);
  EXPECT_TRUE(again.options.episode.foresight);

  const Unit unit{.number = 1ULL << 40U,
                  .questions = 2,
                  .first = 3,
                  .count = 4,
                  .controllers = {{"text", {{0.1, 5, 6}, {1, 0, 2}}}}};
  const auto same = from_bytes<Unit>(to_bytes(unit));
  EXPECT_EQ(same.number, unit.number);
  EXPECT_EQ(same.controllers.at(0).text, "text");
  EXPECT_EQ(same.controllers.at(0).jobs.at(0).beta, 0.1);
  EXPECT_EQ(same.controllers.at(0).jobs.at(1).count, 2U);

  const replay::QuestionSet set = {{0, {1, 2}}, {3, {0}}};
  EXPECT_EQ(from_bytes<Questions>(to_bytes(Questions{7, set})).set, set);
}

TEST(Messages, SumsAreExactWhateverTheyAre) {
  EXPECT_TRUE(rc::check([](const std::vector<std::tuple<std::int64_t, std::int64_t, std::int64_t>>& figures) {
    Sums sums{.number = 3, .seconds = 0.5};
    for (const auto& [right, tokens, latency] : figures) sums.sums.push_back({right, tokens, latency});
    sums.sums.push_back({std::numeric_limits<std::int64_t>::max(), -1, 0});
    const auto again = from_bytes<Sums>(to_bytes(sums));
    RC_ASSERT(again.sums == sums.sums);
    RC_ASSERT(again.seconds == 0.5);
  }));
  Sums few{.sums = std::vector<replay::QuestionSums>(100, {5, 12'000, 3'000})};
  EXPECT_LT(to_bytes(few).size(), 100U * 6 + 40) << "small sums take few bytes";
}

TEST(Messages, WhatIsNoSuchMessageIsRefused) {
  const std::string whole = to_bytes(Unit{.controllers = {{"controller x", {{0.5, 0, 1}}}}});
  for (std::size_t length = 0; length < whole.size(); ++length)
    EXPECT_THROW(from_bytes<Unit>(whole.substr(0, length)), TransportError) << length;
  EXPECT_THROW(from_bytes<Unit>(whole + "x"), TransportError);
  const std::string sums = to_bytes(Sums{.sums = {{1, 2, 3'000'000}}});
  EXPECT_THROW(from_bytes<Sums>(sums.substr(0, sums.size() - 1)), TransportError);
}

}  // namespace
}  // namespace cluster
