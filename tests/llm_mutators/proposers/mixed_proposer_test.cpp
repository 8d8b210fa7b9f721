#include "llm_mutators/proposers/mixed_proposer.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <set>

#include "genome/text/known_controllers.hpp"

namespace llm_mutators {
namespace {

// Signs what it proposes with its name and the index of the request; makes nothing of some.
class Signing : public evo::Proposer {
 public:
  Signing(std::string name, std::size_t poor_at, std::set<std::size_t>& seen)
      : name_(std::move(name)), poor_at_(poor_at), seen_(seen) {}
  std::string_view name() const override { return name_; }
  std::vector<std::optional<evo::Proposal>> propose(std::span<const evo::ProposalRequest> requests) override {
    std::vector<std::optional<evo::Proposal>> made;
    for (const evo::ProposalRequest& r : requests) {
      seen_.insert(r.index);
      if (r.index % poor_at_ == 0)
        made.emplace_back();
      else
        made.push_back(evo::Proposal{*genome::check_text(*genome::known_controller("sc")).controller,
                                     {},
                                     name_ + std::to_string(r.index),
                                     {}});
    }
    return made;
  }
  std::vector<evo::Exchange> take_exchanges() override { return {{name_, ""}}; }

 private:
  std::string name_;
  std::size_t poor_at_;
  std::set<std::size_t>& seen_;
};

struct Mixing {
  std::set<std::size_t> model, genetic;
  std::vector<std::string> operations;
};

Mixing mix(double share, std::size_t poor_at, std::uint64_t seed = 1, int generation = 1) {
  Mixing mixing;
  MixedProposer proposer(std::make_unique<Signing>("m", poor_at, mixing.model),
                         std::make_unique<Signing>("g", 1'000'000, mixing.genetic), share);
  std::vector<evo::ProposalRequest> requests;
  for (std::size_t i = 1; i <= 400; ++i) requests.push_back({seed, generation, i, {}});
  for (const auto& p : proposer.propose(requests)) mixing.operations.push_back(p ? p->operation : "nothing");
  EXPECT_EQ(proposer.take_exchanges().at(0).digest, "m");
  return mixing;
}

TEST(MixedProposer, SendsItsShareAndKeepsTheOrder) {
  const Mixing mixing = mix(0.3, 1'000'000);
  EXPECT_NEAR(static_cast<double>(mixing.model.size()), 120, 35);
  EXPECT_EQ(mixing.model.size() + mixing.genetic.size(), 400U);
  for (std::size_t i = 1; i <= 400; ++i) {
    EXPECT_EQ(mixing.operations[i - 1], (mixing.model.contains(i) ? "m" : "g") + std::to_string(i));
  }
}

TEST(MixedProposer, WhatTheModelLeavesGoesToTheOther) {
  const Mixing mixing = mix(0.5, 2);
  for (std::size_t i = 1; i <= 400; ++i) {
    const bool by_model = mixing.model.contains(i) && i % 2 == 1;
    EXPECT_EQ(mixing.operations[i - 1], (by_model ? "m" : "g") + std::to_string(i));
  }
}

TEST(MixedProposer, TheChoiceIsKeyed) {
  EXPECT_EQ(mix(0.3, 9).operations, mix(0.3, 9).operations);
  EXPECT_NE(mix(0.3, 9).operations, mix(0.3, 9, 2).operations);
  EXPECT_NE(mix(0.3, 9).operations, mix(0.3, 9, 1, 2).operations);
}

TEST(MixedProposer, SharesOfNothingAndAll) {
  EXPECT_TRUE(mix(0, 9).model.empty());
  EXPECT_EQ(mix(1, 1'000'000).model.size(), 400U);
}

TEST(MixedProposer, EachIslandHasItsShare) {
  Mixing mixing;
  MixedProposer proposer(std::make_unique<Signing>("m", 1'000'000, mixing.model),
                         std::make_unique<Signing>("g", 1'000'000, mixing.genetic),
                         std::vector<double>{0, 1, 0.5});
  std::vector<evo::ProposalRequest> requests;
  for (std::size_t i = 1; i <= 300; ++i) requests.push_back({1, 1, i, {}, nullptr, (i - 1) / 100});
  proposer.propose(requests);
  const auto asked = [&](std::size_t from, std::size_t to) {
    return std::ranges::count_if(mixing.model, [&](std::size_t i) { return from < i && i <= to; });
  };
  EXPECT_EQ(asked(0, 100), 0);
  EXPECT_EQ(asked(100, 200), 100);
  EXPECT_NEAR(static_cast<double>(asked(200, 300)), 50, 20);
  EXPECT_EQ(requests_to_models(1, 0, 1, 100, 0.5, 201), static_cast<std::size_t>(asked(200, 300)));
}

}  // namespace
}  // namespace llm_mutators
