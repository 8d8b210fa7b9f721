// What operators brought: how many births were compared, and gains that were losses.
#include "experiments/tables/operator_table.hpp"

#include <gtest/gtest.h>
#include <string>
#include <utility>
#include <vector>

namespace experiments {
namespace {

evo::Born born(std::string id, std::string operation, std::vector<std::string> parents, double score) {
  evo::Born one;
  one.id = std::move(id);
  one.birth.operation = std::move(operation);
  one.birth.parents = std::move(parents);
  one.score = score;
  return one;
}

TEST(OperatorTable, GainsAreOfTheBirthsThatWereCompared) {
  const std::vector<evo::Born> births = {
      born("f", "random", {}, 50),      born("a", "insert", {"f"}, 48), born("b", "insert", {"f"}, 47),
      born("c", "tune", {"f"}, 53),     born("d", "tune", {"f"}, 49),   born("e", "tune", {"elsewhere"}, 90),
      born("g", "tune+swap", {"c"}, 53)};
  EXPECT_EQ(operator_table(births, {"c"}).text(Format::kCsv),
            "operator,born,compared,better,better_percent,best_gain,lasted\n"
            "tune,4,3,1,33.3,3.000,1\n"
            "insert,2,2,0,0.0,-2.000,0\n"
            "random,1,0,,,,0\n"
            "swap,1,1,0,0.0,0.000,0\n");
}

}  // namespace
}  // namespace experiments
