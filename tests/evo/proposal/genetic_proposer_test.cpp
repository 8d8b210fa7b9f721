#include "evo/proposal/genetic_proposer.hpp"

#include <gtest/gtest.h>
#include <span>
#include <string>
#include <vector>

#include "tests/support/evolved.hpp"

namespace evo {
namespace {

TEST(GeneticProposer, AnOperatorThatIsOffMakesNoChild) {
  const State state = evolved(1);
  GeneticProposer proposer({.without = {"constants", "subtree", "cross_statement", "cross_section"}});
  std::vector<ProposalRequest> requests;
  for (std::size_t i = 0; i < 60; ++i)
    requests.push_back(
        {7,
         3,
         i,
         {&state.islands.front().population[i % 5], &state.islands.front().population[(i + 1) % 5]}});
  int made = 0;
  for (const auto& proposal : proposer.propose(requests)) {
    if (!proposal) continue;
    ++made;
    for (const char* off : {"constants", "subtree", "cross_statement", "cross_section"}) {
      const std::string padded = "+" + proposal->operation + "+";
      EXPECT_EQ(padded.find(std::string("+") + off + "+"), std::string::npos) << padded;
    }
  }
  EXPECT_GT(made, 40);
}

TEST(GeneticProposer, EveryProposalIsKeyedByItsPlaceAlone) {
  const State state = evolved(1);
  std::vector<ProposalRequest> requests;
  for (std::size_t i = 0; i < 20; ++i)
    requests.push_back(
        {7,
         3,
         i,
         {&state.islands.front().population[i % 5], &state.islands.front().population[(i + 1) % 5]}});
  GeneticProposer proposer({});
  const auto together = proposer.propose(requests);
  std::size_t made = 0;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const auto alone = proposer.propose(std::span(&requests[i], 1));
    ASSERT_EQ(together[i].has_value(), alone[0].has_value());
    if (!alone[0]) continue;
    ++made;
    EXPECT_EQ(together[i]->child, alone[0]->child);
    EXPECT_EQ(together[i]->operation, alone[0]->operation);
  }
  EXPECT_GE(made, 15U);
}

}  // namespace
}  // namespace evo
