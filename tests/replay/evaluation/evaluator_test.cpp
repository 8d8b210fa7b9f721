#include "replay/evaluation/evaluator.hpp"

#include <atomic>
#include <gtest/gtest.h>
#include <tbb/global_control.h>
#include <vector>

#include "genome/program/compiler.hpp"
#include "genome/text/known_controllers.hpp"
#include "replay/environment/info.hpp"
#include "replay/machine/machine.hpp"
#include "replay/sources/synthetic.hpp"

namespace replay {
namespace {

std::vector<genome::Program> programs(std::initializer_list<std::string_view> names) {
  std::vector<genome::Program> all;
  for (const std::string_view name : names)
    all.push_back(genome::compile(*genome::check_text(*genome::known_controller(name)).controller));
  return all;
}

std::vector<Environment> environments() {
  return {make_synthetic({.seed = 1, .questions = 5, .branches = 64}),
          make_synthetic({.seed = 2, .questions = 3, .branches = 20})};
}

constexpr double kBetas[] = {0, 0.4, 1};

TEST(Evaluator, IsTheSameOnAnyNumberOfThreads) {
  const Evaluator evaluator(environments(), {.orderings = 7});
  const auto all = programs({"cmc", "asc", "parallel_probe"});
  std::vector<std::vector<Cell>> results;
  for (const std::size_t threads : {1U, 2U, 5U}) {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
    results.push_back(evaluator.evaluate(all, kBetas));
  }
  EXPECT_EQ(results[0].size(), 3U * 2U * 3U);
  EXPECT_EQ(results[0], results[1]);
  EXPECT_EQ(results[0], results[2]);
}

TEST(Evaluator, CellsDependOnNothingBeside) {
  const Evaluator evaluator(environments(), {.orderings = 5});
  const auto forth = programs({"cmc", "asc", "esc"}), back = programs({"esc", "asc", "cmc"});
  constexpr double kBackwards[] = {1, 0.4, 0};
  const auto a = evaluator.evaluate(forth, kBetas), b = evaluator.evaluate(back, kBackwards);
  for (std::size_t p = 0; p < 3; ++p) {
    for (std::size_t e = 0; e < 2; ++e) {
      for (std::size_t k = 0; k < 3; ++k)
        EXPECT_EQ(a[evaluator.cell_index(p, e, k, 3)], b[evaluator.cell_index(2 - p, e, 2 - k, 3)]);
    }
  }
}

TEST(Evaluator, SumsItsEpisodes) {
  const std::vector<Environment> envs = environments();
  const Evaluator evaluator(
      envs, {.first_ordering = 3, .orderings = 4, .episode = {.budget = 40000, .probe_cost = 3}});
  EXPECT_EQ(evaluator.episodes(), 8 * 4);
  const auto all = programs({"cmc"});
  const auto cells = evaluator.evaluate(all, kBetas);
  const genome::BoundProgram bound = genome::bind(all[0], kBetas[1]);
  Machine machine;
  const Cell& cell = cells[evaluator.cell_index(0, 1, 1, 3)];
  std::int64_t right = 0, tokens = 0;
  for (std::size_t q = 0; q < envs[1].questions.size(); ++q) {
    QuestionSums sums;
    for (std::uint64_t s = 3; s < 7; ++s) {
      const EpisodeResult r = machine.run(bound, envs[1].questions[q], ordering(s, 20),
                                          {.episode = {.budget = 40000, .probe_cost = 3}});
      sums.right += r.right ? 1 : 0;
      sums.tokens += r.tokens;
      sums.latency_tokens += r.latency_tokens;
      EXPECT_LE(r.tokens, 40000);
    }
    EXPECT_EQ(cell.questions[q], sums);
    right += sums.right;
    tokens += sums.tokens;
  }
  EXPECT_DOUBLE_EQ(cell.accuracy(), 100.0 * static_cast<double>(right) / 12);
  EXPECT_EQ(cell.tokens(), static_cast<double>(tokens) / 12);
}

TEST(Evaluator, SomeQuestionsAreRunAsAmongAll) {
  const std::vector<Environment> envs = environments();
  const Evaluator evaluator(envs, {.orderings = 3});
  const auto all = programs({"cmc"});
  const genome::BoundProgram bound = genome::bind(all[0], kBetas[1]);
  const EvaluationJob jobs[] = {{&bound, 1, 2}};
  const auto whole = evaluator.run(jobs);
  const QuestionSet some = {{.environment = 1, .questions = {0, 2}}};
  const auto cells = evaluator.run(jobs, some);
  ASSERT_EQ(cells.size(), 1U);
  ASSERT_EQ(cells[0].questions.size(), 2U);
  EXPECT_EQ(cells[0].questions[0], whole[1].questions[0]);
  EXPECT_EQ(cells[0].questions[1], whole[1].questions[2]);
  QuestionSums sums = cells[0].questions[0];
  EXPECT_EQ(sums += cells[0].questions[1], cells[0].sums());
}

TEST(Evaluator, TellsItsProgress) {
  const Evaluator evaluator(environments(), {.orderings = 2});
  std::atomic<std::size_t> calls{0}, last{0};
  evaluator.evaluate(programs({"sc"}), kBetas, [&](std::size_t done, std::size_t total) {
    EXPECT_EQ(total, 8U * 3U);
    ++calls;
    for (std::size_t seen = last; seen < done && !last.compare_exchange_weak(seen, done);) {
    }
  });
  EXPECT_EQ(last, 24U);
  EXPECT_EQ(calls, 24U);
}

// Two ways to self-consistency: the controller, and the figures of an environment.
TEST(Evaluator, SelfConsistencyIsThatOfTheEnvironment) {
  Environment environment = make_synthetic({.seed = 4, .questions = 12, .branches = 64});
  const EnvironmentInfo info = describe(environment);
  const Evaluator evaluator({environment}, {});
  constexpr double kFour[] = {0.2}, kSixtyFour[] = {1.0};
  EXPECT_DOUBLE_EQ(evaluator.evaluate(programs({"sc"}), kFour)[0].accuracy(),
                   info.self_consistency[1].percent);
  EXPECT_DOUBLE_EQ(evaluator.evaluate(programs({"sc"}), kSixtyFour)[0].accuracy(),
                   info.self_consistency[3].percent);
}

}  // namespace
}  // namespace replay
