#include <cmath>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "genome/compiler.hpp"
#include "genome/known_controllers.hpp"
#include "replay/environment_reader.hpp"
#include "replay/evaluator.hpp"
#include "tests/shared_data.hpp"

namespace replay {
namespace {

struct Row {
  std::string controller;
  double beta = 0;
  std::string accuracy;
  double tokens = 0;
};

// By environment, e.g. "Qwen3-4B/aime24". The knob is beta for cmc and a number of branches for the others.
std::map<std::string, std::vector<Row>> published_rows(const std::filesystem::path& path) {
  std::map<std::string, std::vector<Row>> rows;
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::istringstream fields(line);
    std::string model, benchmark, controller, knob, accuracy, tokens;
    for (std::string* field : {&model, &benchmark, &controller, &knob, &accuracy, &tokens})
      std::getline(fields, *field, ',');
    const double value = std::stod(knob);
    const double beta = controller == "cmc" ? value : (std::log2(value) - 1) / 5;
    rows[model + "/" + benchmark].push_back({controller, beta, accuracy, std::stod(tokens)});
  }
  return rows;
}

// The numbers measured with the published reference evaluator: accuracy to the digit, tokens to 0.01.
TEST(Parity, EveryPublishedRow) {
  const auto table = tests::shared_data("expected/parity.csv");
  if (!table) GTEST_SKIP() << tests::kNoSharedData;
  std::size_t compared = 0;
  for (const auto& [environment, rows] : published_rows(*table)) {
    const auto file = tests::shared_data("replay/" + environment + ".json");
    if (!file) GTEST_SKIP() << tests::kNoSharedData;
    std::vector<Environment> environments;
    environments.push_back(read_environment(*file));
    const Evaluator evaluator(std::move(environments), {});
    std::map<std::string, std::vector<Row>> by_controller;
    for (const Row& row : rows) by_controller[row.controller].push_back(row);
    for (const auto& [controller, own] : by_controller) {
      const auto text = genome::known_controller(controller);
      ASSERT_TRUE(text.has_value()) << controller;
      const std::vector<genome::Program> program = {genome::compile(*genome::check_text(*text).controller)};
      std::vector<double> betas;
      for (const Row& row : own) betas.push_back(row.beta);
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
