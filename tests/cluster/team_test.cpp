#include "cluster/team.hpp"

#include <gtest/gtest.h>

#include "tests/cluster/workers.hpp"

namespace cluster {
namespace {

TEST(Team, KnowsWhoIsThere) {
  tests::SimulatedNetwork network(3, {.latency = std::chrono::milliseconds(3)});
  const Workers workers(network, 3);
  const Team team(network.rank(0), hello_of("host1", 4));
  EXPECT_EQ(team.text(), "3 ranks on 2 hosts, 6 threads");
  EXPECT_EQ(team.threads_here(), 5U);
  EXPECT_EQ(name_of(team.other(2)), "rank 2 on host host2");
  EXPECT_TRUE(team.remarks().empty());
  for (const Member& each : team.others()) {
    EXPECT_GE(each.round_trip, 0.006);
    EXPECT_LT(each.round_trip, 0.1);
  }
}

// What a team of these says, where rank 0 is hello_of("host0").
std::vector<std::string> refusals(const std::vector<Hello>& others) {
  const int ranks = static_cast<int>(others.size()) + 1;
  tests::SimulatedNetwork network(ranks);
  std::vector<std::jthread> threads;
  for (int rank = 1; rank < ranks; ++rank)
    threads.emplace_back([&, rank] {
      serve(network.rank(rank), others[static_cast<std::size_t>(rank - 1)], {evaluator_of, {}});
    });
  std::vector<std::string> messages;
  try {
    const Team team(network.rank(0), hello_of("host0"));
  } catch (const RankError& error) {
    messages = error.messages();
  }
  end_all(network.rank(0));
  return messages;
}

TEST(Team, WhoeverWouldComputeOtherDigitsIsRefusedByName) {
  Hello other_digits = hello_of("b"), other_program = hello_of("c");
  other_digits.c_library = "glibc 1 no-fma";
  other_program.program = "evotts 2";
  EXPECT_TRUE(refusals({hello_of("a"), hello_of("b")}).empty());
  EXPECT_EQ(
      refusals({hello_of("a"), other_digits, other_program}),
      (std::vector<std::string>{
          "rank 2 on host b computes exp, log and pow by glibc 1 no-fma, rank 0 on host host0 by glibc 1 "
          "fma; their last digits differ, so leave that host out",
          "rank 3 on host c runs evotts 2, rank 0 on host host0 runs evotts 1; every host needs the same "
          "program"}));
}

TEST(Team, AHostileNameReachesNoTerminal) {
  Hello other = hello_of("b\x1b[2J");
  other.program = "x\n\x1b]0;";
  const auto messages = refusals({other});
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_EQ(messages[0].find_first_of("\x1b\n"), std::string::npos) << messages[0];
}

TEST(Team, RemarksNameTheRanksTheyAreAbout) {
  tests::SimulatedNetwork network(3);
  Hello bound = hello_of("a");
  bound.cores = "bound to 1 core by --bind-to or --cpu-set";
  std::vector<std::jthread> threads;
  for (const int rank : {1, 2})
    threads.emplace_back([&, rank] { serve(network.rank(rank), bound, {evaluator_of, {}}); });
  const Team team(network.rank(0), hello_of("host0"));
  EXPECT_EQ(team.remarks(),
            std::vector<std::string>{"rank 1 and 1 more: bound to 1 core by --bind-to or --cpu-set"});
  end_all(network.rank(0));
}

}  // namespace
}  // namespace cluster
