#include "cluster/launch.hpp"

#include <gtest/gtest.h>
#include <map>

namespace cluster {
namespace {

std::optional<Launch> launch(const std::map<std::string, std::string>& variables) {
  return launch_in([&](const char* name) -> std::optional<std::string> {
    const auto at = variables.find(name);
    return at == variables.end() ? std::nullopt : std::optional(at->second);
  });
}

std::map<std::string, std::string> variables() {
  return {{"OMPI_COMM_WORLD_RANK", "3"},
          {"OMPI_COMM_WORLD_SIZE", "8"},
          {"OMPI_COMM_WORLD_LOCAL_RANK", "1"},
          {"OMPI_COMM_WORLD_LOCAL_SIZE", "2"}};
}

TEST(Launch, IsWhatMpirunSays) {
  const auto found = launch(variables());
  ASSERT_TRUE(found);
  EXPECT_EQ(found->rank, 3);
  EXPECT_EQ(found->ranks, 8);
  EXPECT_EQ(found->local_rank, 1);
  EXPECT_EQ(found->local_ranks, 2);
  EXPECT_FALSE(found->binds);
}

TEST(Launch, ABindingThatTheUserAskedForIsNotTheLaunchers) {
  auto bound = variables();
  bound["OMPI_MCA_orte_bound_at_launch"] = "1";
  EXPECT_TRUE(launch(bound)->binds);
  for (const char* asked : {"OMPI_MCA_hwloc_base_binding_policy", "OMPI_MCA_hwloc_base_cpu_set"}) {
    auto by_user = bound;
    by_user[asked] = "core";
    EXPECT_FALSE(launch(by_user)->binds) << asked;
  }
}

TEST(Launch, IsNoneWithoutMpirunAndByHalf) {
  EXPECT_FALSE(launch({}));
  for (const auto& [name, value] : variables()) {
    for (const char* bad : {"", "x", "-1", "3 ", "99999999999"}) {
      auto broken = variables();
      broken[name] = bad;
      EXPECT_FALSE(launch(broken)) << name << "=" << bad;
    }
    auto without = variables();
    without.erase(name);
    EXPECT_FALSE(launch(without)) << name;
  }
  auto beyond = variables();
  beyond["OMPI_COMM_WORLD_RANK"] = "8";
  EXPECT_FALSE(launch(beyond));
}

}  // namespace
}  // namespace cluster
