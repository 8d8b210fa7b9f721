#include <cmath>
#include <fmt/format.h>
#include <map>
#include <stdexcept>
#include <tbb/global_control.h>

#include "replay/evaluation/evaluator.hpp"
#include "tests/bench/benches.hpp"
#include "tests/support/published_rows.hpp"
#include "tests/support/shared_data.hpp"

namespace bench {
namespace {

// The knob settings of a controller in the published table, which are the same for every environment.
using Settings = std::map<std::string, std::vector<double>>;

Settings all_settings() {
  const auto branches = [](std::initializer_list<double> numbers) {
    std::vector<double> betas;
    for (const double n : numbers) betas.push_back((std::log2(n) - 1) / 5);
    return betas;
  };
  const std::vector<double> every = branches({2, 4, 8, 16, 32, 64});
  return {{"asc", every},
          {"cmc", {0, 0.2, 0.4, 0.5, 0.6, 0.8, 1}},
          {"esc", branches({16, 32, 64})},
          {"parallel_probe", every},
          {"sc", every}};
}

struct Scored {
  std::string environment, controller, accuracy;
  double beta = 0, tokens = 0;
};

// From files to figures, as a user would have them.
std::vector<Scored> read_and_score(const Workload& work, const Settings& settings) {
  std::vector<replay::Environment> environments;
  for (std::size_t i = 0; i < Workload::kEnvironments; ++i) environments.push_back(work.read(i));
  const replay::Evaluator evaluator(std::move(environments), {});
  std::vector<Scored> rows;
  for (const auto& [controller, betas] : settings) {
    const std::vector<genome::Program> program = {known_program(controller)};
    const std::vector<replay::Cell> cells = evaluator.evaluate(program, betas);
    for (std::size_t e = 0; e < Workload::kEnvironments; ++e) {
      for (std::size_t b = 0; b < betas.size(); ++b) {
        const replay::Cell& cell = cells[evaluator.cell_index(0, e, b, betas.size())];
        rows.push_back({evaluator.environments()[e].name, controller, fmt::format("{:.2f}", cell.accuracy()),
                        betas[b], cell.tokens()});
      }
    }
  }
  return rows;
}

// A benchmark of wrong results would be worth nothing. The number of rows that the table holds.
std::size_t compare(const std::vector<Scored>& rows, const tests::PublishedRows& published) {
  std::size_t expected = 0;
  for (const auto& [environment, own] : published) expected += own.size();
  if (rows.size() != expected)
    throw std::runtime_error(fmt::format("parity: {} rows scored, {} are published", rows.size(), expected));
  for (const Scored& row : rows) {
    bool found = false;
    for (const tests::PublishedRow& other : published.at(row.environment)) {
      found = found || (other.controller == row.controller && std::abs(other.beta - row.beta) < 1e-12 &&
                        other.accuracy == row.accuracy && std::abs(other.tokens - row.tokens) <= 0.01);
    }
    if (!found) {
      throw std::runtime_error(
          fmt::format("parity: {} {} at beta {} gives {} and {:.2f}, which is not published", row.environment,
                      row.controller, row.beta, row.accuracy, row.tokens));
    }
  }
  return rows.size();
}

void every_row(benchmark::State& state, const Workload& work) {
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, 2);
  const Settings settings = all_settings();
  std::vector<Scored> rows;
  for (auto _ : state) rows = read_and_score(work, settings);
  const auto table = tests::shared_data("expected/parity.csv");
  if (work.recorded() && table) compare(rows, tests::published_rows(*table));
  things(state, rows.size());
}

}  // namespace

void add_parity_benches(const Workload& work, Table& table) {
  table.section("every published row: 8 files read, 5 controllers scored, 2 threads");
  table.add({.name = "parity",
             .what = "a row of 3,000 episodes",
             .notes =
                 [](const Figures& figures) {
                   return fmt::format("{} rows in {}", figures.things(), shown_seconds(figures.seconds));
                 },
             .wall = true,
             .repetitions = 3},
            [&work](benchmark::State& state) { every_row(state, work); });
}

}  // namespace bench
