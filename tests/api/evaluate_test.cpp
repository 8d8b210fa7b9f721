#include <atomic>
#include <cmath>
#include <evotts/evaluate.hpp>
#include <evotts/machine.hpp>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <limits>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "tests/support/command_line.hpp"
#include "tests/support/places.hpp"

namespace evotts {
namespace {

const std::vector<double> kBetas = {0, 0.5, 1};

std::vector<Environment> two_environments() {
  return {Environment::synthetic("seed=3,questions=5,branches=32"),
          Environment::synthetic("seed=4,questions=4,branches=16")};
}

class ApiEvaluate : public tests::CommandLine {
 protected:
  std::thread::id own_ = std::this_thread::get_id();
};

TEST_F(ApiEvaluate, GivesTheFiguresOfTheCommand) {
  const Evaluator evaluator(two_environments(), {.orderings = 7, .first_ordering = 2, .bootstrap_seed = 9});
  const auto scores = evaluator.evaluate({known_controller("cmc"), known_controller("esc")}, kBetas);
  ASSERT_EQ(scores.size(), 12U);
  const tests::Ran ran =
      evotts({"eval", "cmc", "esc", "--env", "synthetic:seed=3,questions=5,branches=32",
              "synthetic:seed=4,questions=4,branches=16", "--beta", "0,0.5,1", "--orderings", "7",
              "--seed-first", "2", "--bootstrap-seed", "9", "--format", "csv"});
  for (const Score& s : scores) {
    const std::string row =
        fmt::format("{},{},{:.2f},{:.2f},{:.2f},{:.3f},{:.3f}\n", s.controller == 0 ? "cmc" : "esc", s.beta,
                    s.accuracy, s.accuracy_low, s.accuracy_high, s.tokens, s.latency_tokens);
    const std::string name = evaluator.environments()[s.environment].name();
    EXPECT_NE(ran.out.find(name + "," + row), std::string::npos) << name << "," << row << ran.out;
  }
}

TEST_F(ApiEvaluate, ThreadsChangeNothing) {
  const Controller asc = known_controller("asc");
  const auto one = Evaluator(two_environments(), {.orderings = 5, .threads = 1}).evaluate(asc, kBetas);
  EXPECT_EQ(Evaluator(two_environments(), {.orderings = 5, .threads = 4}).evaluate(asc, kBetas), one);
  EXPECT_EQ(Evaluator(two_environments(), {.orderings = 5}).evaluate(asc, kBetas), one);
}

TEST_F(ApiEvaluate, TellsItsProgressInItsOwnThreadToo) {
  const Evaluator evaluator(two_environments(), {.orderings = 2, .threads = 3});
  const std::vector<Controller> controllers = {known_controller("sc"), known_controller("asc")};
  std::atomic<std::size_t> most{0};
  std::atomic<bool> here{false};
  const auto scores = evaluator.evaluate(controllers, kBetas, [&](std::size_t done, std::size_t total) {
    EXPECT_LE(done, total);
    EXPECT_EQ(total, 2U * 3U * 9U);
    for (std::size_t seen = most; seen < done && !most.compare_exchange_weak(seen, done);) continue;
    if (std::this_thread::get_id() == own_) here = true;
  });
  EXPECT_EQ(scores, evaluator.evaluate(controllers, kBetas));
  EXPECT_EQ(most, 2U * 3U * 9U);
  EXPECT_TRUE(here);
}

TEST_F(ApiEvaluate, WhatProgressThrowsEndsIt) {
  struct Enough {};
  const Evaluator evaluator(two_environments(), {.orderings = 5, .threads = 3});
  for (const std::size_t last : {0U, 1U, 5U, 27U}) {
    EXPECT_THROW(evaluator.evaluate({known_controller("sc")}, kBetas,
                                    [&](std::size_t done, std::size_t) {
                                      if (done >= last) throw Enough();
                                    }),
                 Enough);
  }
  EXPECT_EQ(evaluator.evaluate(known_controller("sc"), kBetas).size(), 6U);
}

TEST_F(ApiEvaluate, AChildEvaluatesAfterItsParent) {
  const Evaluator evaluator(two_environments(), {.orderings = 5, .threads = 3});
  const auto expected = evaluator.evaluate(known_controller("cmc"), kBetas);
  const std::string json = evaluator.environments()[0].json();
  const ::pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    ::alarm(60);  // rather than wait for ever
    const bool same = evaluator.evaluate(known_controller("cmc"), kBetas) == expected &&
                      Environment::parse(json, "again").questions() == 5;
    ::_exit(same ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST_F(ApiEvaluate, SumsUpTheEpisodesOfAMachine) {
  const EvaluationOptions options{.orderings = 6, .first_ordering = 3, .budget = 60'000, .probe_cost = 10};
  const Evaluator evaluator(two_environments(), options);
  const Program program(known_controller("parallel_probe"));
  Machine machine;
  for (const Score& s : evaluator.evaluate(program.controller(), kBetas)) {
    for (std::size_t q = 0; q < s.questions.size(); ++q) {
      QuestionScore sum;
      for (std::uint64_t ordering = 3; ordering < 9; ++ordering) {
        const EpisodeResult r = machine.run(program, s.beta, evaluator.environments()[s.environment], q,
                                            ordering, {.budget = 60'000, .probe_cost = 10});
        sum.right += r.right ? 1 : 0;
        sum.tokens += r.tokens;
        sum.latency_tokens += r.latency_tokens;
      }
      EXPECT_EQ(sum, s.questions[q]) << s.environment << " " << s.beta << " " << q;
    }
  }
}

TEST_F(ApiEvaluate, ActionsAreWhatWasPaidFor) {
  const Environment environment = two_environments()[0];
  const Program program(known_controller("cmc"));
  Machine machine;
  EXPECT_TRUE(machine.run(program, 1, environment, 0, 0).actions.empty());
  const EpisodeResult result = machine.run(program, 1, environment, 0, 0, {.record_actions = true});
  ASSERT_FALSE(result.actions.empty());
  EXPECT_EQ(result.actions.front().kind, ActionKind::kBranch);
  EXPECT_EQ(result.actions.front().round, -1);
  std::int64_t tokens = 0;
  for (const Action& each : result.actions) tokens += each.tokens;
  EXPECT_EQ(tokens, result.tokens);
  ASSERT_TRUE(result.answer);
  EXPECT_EQ(result.right, *result.answer == environment.question(0).gold);
}

TEST_F(ApiEvaluate, WhatIsOutOfRangeIsRefused) {
  const Controller sc = known_controller("sc");
  const auto make = [](const EvaluationOptions& options) { return Evaluator(two_environments(), options); };
  EXPECT_THROW(Evaluator({}), Error);
  EXPECT_THROW(make({.orderings = 0}), Error);
  EXPECT_THROW(make({.orderings = 10'001}), Error);
  EXPECT_THROW(make({.budget = -1}), Error);
  EXPECT_THROW(make({.probe_cost = -1}), Error);
  EXPECT_THROW(make({.threads = -1}), Error);
  EXPECT_THROW(make({.threads = 1025}), Error);
  EXPECT_THROW(make({.first_ordering = std::numeric_limits<std::uint64_t>::max()}), Error);
  const Evaluator evaluator = make({.orderings = 1});
  EXPECT_THROW(evaluator.evaluate(std::vector<Controller>{}, kBetas), Error);
  EXPECT_THROW(evaluator.evaluate(sc, {}), Error);
  for (const double beta : {-0.1, 1.1, std::nan(""), std::numeric_limits<double>::infinity()})
    EXPECT_THROW(evaluator.evaluate(sc, {beta}), Error) << beta;

  Machine machine;
  const Program program(sc);
  const Environment environment = two_environments()[0];
  EXPECT_THROW(machine.run(program, std::nan(""), environment, 0, 0), Error);
  EXPECT_THROW(machine.run(program, 0, environment, 5, 0), Error);
  EXPECT_THROW(machine.run(program, 0, environment, 0, 0, {.budget = -1}), Error);
  EXPECT_THROW(machine.run(program, 0, environment, 0, 0, {.probe_cost = 1'000'001}), Error);
}

// The page shows the programs that the package tests build.
TEST(ApiPage, ShowsTheExamplesAsTheyAreBuilt) {
  const auto content = [](const char* path) {
    std::ifstream file(std::string(tests::kSourceDir) + path);
    return std::string{std::istreambuf_iterator<char>(file), {}};
  };
  for (const char* file : {"/tests/package/example.cpp", "/tests/package/session.cpp"}) {
    const std::string example = content(file);
    EXPECT_GT(example.size(), 300U);
    EXPECT_NE(content("/docs/library.md").find("```cpp\n" + example + "```\n"), std::string::npos) << file;
  }
}

}  // namespace
}  // namespace evotts
