#include "cluster/coordinator.hpp"

#include <algorithm>
#include <atomic>
#include <gtest/gtest.h>
#include <thread>

#include "replay/parallel/interruption.hpp"
#include "tests/cluster/jobs.hpp"
#include "tests/cluster/workers.hpp"

namespace cluster {
namespace {

using namespace std::chrono_literals;

RunJobs by(const replay::Evaluator& evaluator) {
  return
      [&evaluator](std::span<const replay::EvaluationJob> jobs, const replay::QuestionSet& questions,
                   const replay::Evaluator::Progress& done) { return evaluator.sums(jobs, questions, done); };
}

// So slow that others get their share of even the few jobs here.
RunJobs slowly(RunJobs run) {
  return
      [run = std::move(run)](std::span<const replay::EvaluationJob> jobs,
                             const replay::QuestionSet& questions, const replay::Evaluator::Progress& done) {
        std::this_thread::sleep_for(2ms);
        return run(jobs, questions, done);
      };
}

TEST(Coordinator, CellsAreThoseOfOneProcess) {
  const replay::Evaluator evaluator = made_evaluator();
  const auto all = replay::all_questions(evaluator.environments());
  const Jobs first({0, 0.5, 1}, 0, 4), second({0.25}, 4, 2);
  for (const int ranks : {1, 2, 5}) {
    for (const auto latency : {0ms, 2ms}) {
      tests::SimulatedNetwork network(ranks, {.latency = latency});
      const Workers workers(network, ranks);
      Team team(network.rank(0), hello_of("host0"));
      Coordinator coordinator(team, setting_of(evaluator, {}), slowly(by(evaluator)));
      const evo::JobSharing sharing(evaluator, coordinator);
      for (int round = 0; round < 3; ++round) {
        for (const Jobs* jobs : {&first, &second}) {
          for (const replay::QuestionSet& set : {all, some_questions()})
            EXPECT_EQ(evo::run_jobs(evaluator, jobs->jobs(), jobs->controllers(), set),
                      evaluator.run(jobs->jobs(), set));
        }
      }
      EXPECT_TRUE(evo::run_jobs(evaluator, {}, {}, all).empty());
      EXPECT_EQ(coordinator.episodes_elsewhere() > 0, ranks > 1);
    }
  }
}

// Sums come in while rank 0 is at a piece of its own.
TEST(Coordinator, OthersAreHeardWhileRankZeroWorks) {
  const replay::Evaluator evaluator = made_evaluator();
  const auto all = replay::all_questions(evaluator.environments());
  const Jobs jobs({0, 0.5, 1}, 0, 6);
  tests::SimulatedNetwork network(2);
  const Workers workers(network, 2);
  Team team(network.rank(0), hello_of("host0"));
  std::uint64_t most = 0;
  const Coordinator* seen = nullptr;
  Coordinator coordinator(team, setting_of(evaluator, {}),
                          [&](auto asked, const auto& questions, const auto& done) {
                            const std::uint64_t before = seen->episodes_elsewhere();
                            for (std::size_t look = 4; look <= 80; look += 4) {
                              std::this_thread::sleep_for(1ms);
                              done(look, 80);
                            }
                            most = std::max(most, seen->episodes_elsewhere() - before);
                            return evaluator.sums(asked, questions);
                          });
  seen = &coordinator;
  for (int call = 0; call < 3; ++call)
    EXPECT_EQ(coordinator.run(jobs.jobs(), jobs.controllers(), all), evaluator.run(jobs.jobs(), all));
  EXPECT_GT(most, 0U);
}

// So long for each job on each question that compiling on every rank is nothing beside.
RunJobs at_length(RunJobs run) {
  return
      [run = std::move(run)](std::span<const replay::EvaluationJob> jobs,
                             const replay::QuestionSet& questions, const replay::Evaluator::Progress& done) {
        std::this_thread::sleep_for(0.2ms * jobs.size() * replay::count_of(questions));
        return run(jobs, questions, done);
      };
}

TEST(Coordinator, TheLastControllersOfALongCallAreDealtOutTogether) {
  const replay::Evaluator evaluator({replay::make_synthetic({.seed = 1, .questions = 40, .branches = 20})},
                                    {.orderings = 6});
  const auto all = replay::all_questions(evaluator.environments());
  const Jobs jobs({0.5}, 0, 2);
  tests::SimulatedNetwork network(2);
  const Workers workers(network, 2,
                        {[](const Setting& setting, Transport& transport) {
                           return at_length(evaluator_of(setting, transport));
                         },
                         {}});
  Team team(network.rank(0), hello_of("host0"));
  bool dealt = false;
  const RunJobs here = at_length(by(evaluator));
  Coordinator coordinator(team, setting_of(evaluator, {}),
                          [&](auto asked, const auto& questions, const auto& done) {
                            dealt |= asked.size() > 1 && replay::count_of(questions) < 40;
                            return here(asked, questions, done);
                          });
  for (int call = 0; call < 2; ++call)
    EXPECT_EQ(coordinator.run(jobs.jobs(), jobs.controllers(), all), evaluator.run(jobs.jobs(), all));
  EXPECT_TRUE(dealt);
}

TEST(Coordinator, JobsOfAnotherEvaluatorStayHere) {
  const replay::Evaluator evaluator = made_evaluator(), other = made_evaluator();
  const Jobs jobs({0.5}, 0, 3);
  tests::SimulatedNetwork network(2);
  const Workers workers(network, 2);
  Team team(network.rank(0), hello_of("host0"));
  Coordinator coordinator(team, setting_of(evaluator, {}), slowly(by(evaluator)));
  const evo::JobSharing sharing(evaluator, coordinator);
  EXPECT_EQ(evo::run_jobs(other, jobs.jobs(), jobs.controllers(), some_questions()),
            other.run(jobs.jobs(), some_questions()));
  EXPECT_EQ(coordinator.episodes_elsewhere(), 0U);
}

TEST(Coordinator, WorkThatWasGivenUpIsDropped) {
  const replay::Evaluator evaluator = made_evaluator();
  const auto all = replay::all_questions(evaluator.environments());
  const Jobs first({0, 1}, 0, 6), second({0.4}, 1, 3);
  tests::SimulatedNetwork network(3, {.latency = 5ms});
  const Workers workers(
      network, 3,
      {[](const Setting& setting, Transport& transport) { return slowly(evaluator_of(setting, transport)); },
       {}});
  Team team(network.rank(0), hello_of("host0"));
  std::atomic<bool> wanted{true};
  Coordinator coordinator(team, setting_of(evaluator, {}),
                          [&](auto jobs, const auto& questions, const auto& done) {
                            wanted = false;  // once something is done here, while others are at work
                            return evaluator.sums(jobs, questions, done);
                          });
  for (int round = 0; round < 3; ++round) {
    wanted = true;
    {
      const replay::Interruptible work([&] { return wanted.load(); });
      EXPECT_THROW(
          {
            for (;;) coordinator.run(first.jobs(), first.controllers(), all);
          },
          replay::Interrupted);
    }
    EXPECT_EQ(coordinator.run(second.jobs(), second.controllers(), all), evaluator.run(second.jobs(), all));
  }
}

TEST(Coordinator, ASettingIsReplacedByAnother) {
  const replay::Evaluator one = made_evaluator(),
                          two(one.environments(), {.first_ordering = 50, .orderings = 6});
  const auto all = replay::all_questions(one.environments());
  const Jobs jobs({0, 0.5}, 0, 6);
  tests::SimulatedNetwork network(2);
  const Workers workers(network, 2);
  Team team(network.rank(0), hello_of("host0"));
  for (const replay::Evaluator* each : {&one, &two, &one}) {
    Coordinator coordinator(team, setting_of(*each, {}), slowly(by(*each)));
    EXPECT_EQ(coordinator.run(jobs.jobs(), jobs.controllers(), all), each->run(jobs.jobs(), all));
  }
}

// What a rank does with a message of these bytes.
std::string failure_of(Tag tag, const std::string& bytes) {
  tests::SimulatedNetwork network(2);
  network.rank(0).send(1, tag, bytes);
  network.rank(0).send(1, Tag::kEnd, {});
  try {
    serve(network.rank(1), hello_of("host1"), {evaluator_of, {}});
    return "";
  } catch (const TransportError& error) {
    return error.what();
  }
}

TEST(Worker, RefusesWhatNoRankSends) {
  EXPECT_EQ(failure_of(Tag::kPing, ""), "");
  EXPECT_NE(failure_of(Tag::kHello, ""), "");
  EXPECT_NE(failure_of(Tag::kUnit, "x"), "");
  EXPECT_NE(failure_of(Tag::kUnit, to_bytes(Unit{})), "") << "before there is a setting";
}

TEST(Worker, EndsWhenItIsToldToByItsHost) {
  tests::SimulatedNetwork network(2);
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_THROW(serve(network.rank(1), hello_of("host1"), {evaluator_of, [] { return true; }}), Ended);
  EXPECT_GE(std::chrono::steady_clock::now() - begun, 1s) << "rank 0 has time to end in order";
}

}  // namespace
}  // namespace cluster
