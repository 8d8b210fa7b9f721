#include <fmt/format.h>
#include <gtest/gtest.h>
#include <map>
#include <string>
#include <vector>

#include "genome/program/compiler.hpp"
#include "genome/text/known_controllers.hpp"
#include "replay/environment/reader.hpp"
#include "replay/evaluation/evaluator.hpp"
#include "tests/support/published_rows.hpp"
#include "tests/support/shared_data.hpp"

namespace replay {
namespace {

// The numbers measured with the published reference evaluator: accuracy to the digit, tokens to 0.01.
TEST(Parity, EveryPublishedRow) {
  const auto table = tests::shared_data("expected/parity.csv");
  if (!table) GTEST_SKIP() << tests::kNoSharedData;
  std::size_t compared = 0;
  for (const auto& [environment, rows] : tests::published_rows(*table)) {
    const auto file = tests::shared_data("replay/" + environment + ".json");
    if (!file) GTEST_SKIP() << tests::kNoSharedData;
    std::vector<Environment> environments;
    environments.push_back(read_environment(*file));
    const Evaluator evaluator(std::move(environments), {});
    std::map<std::string, std::vector<tests::PublishedRow>> by_controller;
    for (const tests::PublishedRow& row : rows) by_controller[row.controller].push_back(row);
    for (const auto& [controller, own] : by_controller) {
      const auto text = genome::known_controller(controller);
      ASSERT_TRUE(text.has_value()) << controller;
      const std::vector<genome::Program> program = {genome::compile(*genome::check_text(*text).controller)};
      std::vector<double> betas;
      for (const tests::PublishedRow& row : own) betas.push_back(row.beta);
      const std::vector<Cell> cells = evaluator.evaluate(program, betas);
      for (std::size_t i = 0; i < own.size(); ++i) {
        const std::string where = fmt::format("{} {} at beta {}", environment, controller, own[i].beta);
        EXPECT_EQ(fmt::format("{:.2f}", cells[i].accuracy()), own[i].accuracy) << where;
        EXPECT_NEAR(cells[i].tokens(), own[i].tokens, 0.01) << where;
        ++compared;
      }
    }
  }
  EXPECT_GT(compared, 100U);
}

}  // namespace
}  // namespace replay
