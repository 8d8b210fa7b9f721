// Every call of the library that may take long ends when it is not wanted, and changes nothing.
#include <chrono>
#include <evotts/evaluate.hpp>
#include <evotts/interruption.hpp>
#include <evotts/run.hpp>
#include <evotts/search.hpp>
#include <functional>
#include <gtest/gtest.h>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/small_run.hpp"

namespace evotts {
namespace {

const Environment& recorded() {
  static const Environment environment = Environment::synthetic("seed=3,questions=3,branches=8");
  return environment;
}

// From its first breath on the call is unwanted.
void expect_interrupted(const std::string& what, const std::function<void()>& call) {
  const Interruptible work([] { return false; });
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_THROW(call(), Interrupted) << what;
}

TEST(Interruption, EndsReadingAndMaking) {
  const std::string json = recorded().json();
  const std::vector<RecordedQuestion> questions = {recorded().question(0)};
  expect_interrupted("synthetic", [] { Environment::synthetic("questions=2"); });
  expect_interrupted("parse", [&] { Environment::parse(json, "mine"); });
  expect_interrupted("make", [&] { Environment::make("mine", questions); });
  expect_interrupted("json", [] { static_cast<void>(recorded().json()); });
  expect_interrupted("question", [] { static_cast<void>(recorded().question(1)); });
  expect_interrupted("open", [] { open_environments({"synthetic:seed=4"}); });
  EXPECT_EQ(recorded().json(), json);
}

TEST(Interruption, EndsAnEvaluationWhichCanBeBegunAgain) {
  const Evaluator evaluator({recorded()}, {.orderings = 4});
  const std::vector<Score> expected = evaluator.evaluate(known_controller("cmc"), {0.5});
  for (int i = 0; i < 3; ++i)
    expect_interrupted("evaluate", [&] { evaluator.evaluate(known_controller("cmc"), {0.5}); });
  expect_interrupted("Evaluator", [] { Evaluator({recorded()}, {.orderings = 4}); });
  EXPECT_EQ(evaluator.evaluate(known_controller("cmc"), {0.5}), expected);
}

TEST(Interruption, AsksNowAndThenWithoutAnyEffect) {
  const Evaluator evaluator({recorded()}, {.orderings = 500});
  const std::vector<double> betas = {0, 0.25, 0.5, 0.75, 1};
  const std::vector<Score> expected = evaluator.evaluate(known_controller("cmc"), betas);
  int asked = 0;
  const Interruptible work([&] {
    ++asked;
    return true;
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_EQ(evaluator.evaluate(known_controller("cmc"), betas), expected);
  EXPECT_GE(asked, 1);
}

class InterruptedRuns : public tests::Runs {};

TEST_F(InterruptedRuns, ASearchIsDoneToItsEndAndReadingItIsNot) {
  write("e.toml", tests::SmallExperiment{}.toml());
  {
    const Interruptible work([] { return false; });
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    Search search = Search::start(folder_ / "e.toml", folder_ / "run");
    search.step();
    EXPECT_EQ(search.generation(), 1);
  }
  const Run run = Run::open(folder_ / "run");
  const std::size_t ancestors = run.lineage("best").size();
  expect_interrupted("open", [&] { Run::open(folder_ / "run"); });
  expect_interrupted("open", [&] { Run::open(folder_ / "run", 0); });
  expect_interrupted("population", [&] { static_cast<void>(run.population()); });
  expect_interrupted("lineage", [&] { static_cast<void>(run.lineage("best")); });
  EXPECT_EQ(run.lineage("best").size(), ancestors);
}

}  // namespace
}  // namespace evotts
