#include "cluster/coordinator.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <gtest/gtest.h>
#include <stop_token>
#include <string>
#include <tbb/task_arena.h>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

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

// Takes so long for each job on each question.
RunJobs at_length(RunJobs run, std::chrono::duration<double> each) {
  return [run = std::move(run), each](std::span<const replay::EvaluationJob> jobs,
                                      const replay::QuestionSet& questions,
                                      const replay::Evaluator::Progress& done) {
    std::this_thread::sleep_for(each * jobs.size() * replay::count_of(questions));
    return run(jobs, questions, done);
  };
}

// Which pieces rank 0 of two runs itself, of calls that take so long for each job on each question.
struct OwnPieces {
  bool of_all_controllers = false;  // on some questions
  bool of_some_controllers = false;
};
OwnPieces own_pieces(std::chrono::duration<double> each_takes) {
  const replay::Evaluator evaluator({replay::make_synthetic({.seed = 1, .questions = 40, .branches = 20})},
                                    {.orderings = 6});
  const auto all = replay::all_questions(evaluator.environments());
  // As many of both, so that those of the call before have the same numbers.
  const Jobs one({0.5}, 0, 2), other({0.25}, 0, 2);
  tests::SimulatedNetwork network(2);
  const Workers workers(network, 2,
                        {[each_takes](const Setting& setting, Transport& transport) {
                           return at_length(evaluator_of(setting, transport), each_takes);
                         },
                         {}});
  Team team(network.rank(0), hello_of("host0"));
  OwnPieces own;
  const RunJobs here = at_length(by(evaluator), each_takes);
  Coordinator coordinator(team, setting_of(evaluator, {}),
                          [&](auto asked, const auto& questions, const auto& done) {
                            const bool whole = asked.size() == one.jobs().size();
                            own.of_all_controllers |= whole && replay::count_of(questions) < 40;
                            own.of_some_controllers |= !whole;
                            return here(asked, questions, done);
                          });
  for (const Jobs* jobs : {&one, &one, &other, &one, &other}) {
    if (jobs == &one) own = {};  // the first call has learned nothing yet
    EXPECT_EQ(coordinator.run(jobs->jobs(), jobs->controllers(), all), evaluator.run(jobs->jobs(), all));
  }
  return own;
}

TEST(Coordinator, TheControllersOfALongCallAreDealtOutTogether) {
  const OwnPieces own = own_pieces(0.2ms);
  EXPECT_TRUE(own.of_all_controllers);
  EXPECT_FALSE(own.of_some_controllers);
}

// Compiling all of them on both ranks would take too large a part of what they cost, so that some or all stay
// whole, as the time that they really took says.
TEST(Coordinator, CellsOfShorterCallsAreTheSame) {
  for (const auto each_takes : {0.05ms, 0.03ms, 0.01ms}) own_pieces(each_takes);
}

// Answers its first piece of work with sums that nobody asked for.
void answer_wrongly(Transport& transport, const std::stop_token& stop) {
  transport.send(0, Tag::kHello, to_bytes(hello_of("host1")));
  for (bool answered = false; !answered && !stop.stop_requested();) {
    const auto message = transport.receive();
    if (message && message->tag == Tag::kPing) transport.send(0, Tag::kPong, {});
    if (message && message->tag == Tag::kSetting) transport.send(0, Tag::kReady, {});
    if ((answered = message && message->tag == Tag::kUnit))
      transport.send(0, Tag::kSums, to_bytes(Sums{.number = 1'000'000, .seconds = 0, .sums = {}}));
  }
}

// What goes wrong with another rank is told while the threads of this one are at work, and ends their work.
TEST(Coordinator, AFailureWhileItsOwnThreadsWorkIsPassedOn) {
  const replay::Evaluator evaluator({replay::make_synthetic({.seed = 1, .questions = 400, .branches = 60})},
                                    {.orderings = 6});
  const auto all = replay::all_questions(evaluator.environments());
  const Jobs jobs({0, 0.5, 1}, 0, 6);
  tests::SimulatedNetwork network(2);
  const std::jthread other([&](const std::stop_token& stop) { answer_wrongly(network.rank(1), stop); });
  bool ended = false;
  // Works until the answer has come.
  const auto here = [&](auto asked, const auto& questions, const auto& done) {
    const auto latest = std::chrono::steady_clock::now() + 60s;
    try {
      while (std::chrono::steady_clock::now() < latest) std::ignore = evaluator.sums(asked, questions, done);
    } catch (const TransportError&) {
      ended = true;
      throw;
    }
    return evaluator.sums(asked, questions);
  };
  tbb::task_arena arena(4);
  arena.execute([&] {
    Team team(network.rank(0), hello_of("host0"));
    Coordinator coordinator(team, setting_of(evaluator, {}), here);
    EXPECT_THROW(coordinator.run(jobs.jobs(), jobs.controllers(), all), TransportError);
  });
  EXPECT_TRUE(ended);
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

// Rank 0 of a network with one other, which has had the setting and the questions of an evaluator.
class PreparedWorker : public testing::Test {
 protected:
  PreparedWorker() {
    send(Tag::kSetting, to_bytes(setting_of(evaluator_, {})));
    send(Tag::kQuestions, to_bytes(Questions{0, all_}));
  }
  void send(Tag tag, std::string bytes) { network_.rank(0).send(1, tag, std::move(bytes)); }
  // What it answered before it ended, and why it did.
  std::vector<Sums> answers() {
    send(Tag::kEnd, {});
    try {
      serve(network_.rank(1), hello_of("host1"), {evaluator_of, {}});
    } catch (const TransportError& error) {
      failure_ = error.what();
    }
    std::vector<Sums> answers;
    while (const auto message = network_.rank(0).receive()) {
      if (message->tag == Tag::kSums) answers.push_back(from_bytes<Sums>(message->bytes));
    }
    return answers;
  }

  replay::Evaluator evaluator_ = made_evaluator();
  replay::QuestionSet all_ = replay::all_questions(evaluator_.environments());
  tests::SimulatedNetwork network_{2};
  std::string failure_;
};

TEST_F(PreparedWorker, RunsTheSameControllersOnMoreQuestions) {
  const Jobs jobs({0, 1}, 1, 4);
  Call call(jobs.jobs(), jobs.controllers(), all_);
  call.deal_together(1);
  const Piece first = call.take(1), second = call.take(1e9);
  ASSERT_TRUE(call.all_given());
  send(Tag::kUnit, to_bytes(call.unit_of(first)));
  const Unit after = call.unit_of(second, true);
  EXPECT_TRUE(after.controllers.empty());
  send(Tag::kUnit, to_bytes(after));
  const std::vector<Sums> sums = answers();
  ASSERT_EQ(sums.size(), 2U) << failure_;
  call.put(first, sums[0].sums);
  call.put(second, sums[1].sums);
  EXPECT_EQ(std::move(call).cells(), evaluator_.run(jobs.jobs(), all_));
}

TEST_F(PreparedWorker, RefusesControllersThatItWasNotSent) {
  send(Tag::kUnit, to_bytes(Unit{.number = 0, .questions = 0, .first = 0, .count = 1, .controllers = {}}));
  EXPECT_TRUE(answers().empty());
  EXPECT_NE(failure_.find("controllers that are not known"), std::string::npos) << failure_;
}

TEST_F(PreparedWorker, RefusesControllersThatItDoesNotHaveAnyMore) {
  const Jobs jobs({0.5}, 0, 1);
  Call call(jobs.jobs(), jobs.controllers(), all_);
  Unit unit = call.unit_of(call.take(1e9));
  unit.number = unit.brought_by = 7;
  send(Tag::kUnit, to_bytes(unit));
  unit.controllers.clear();
  unit.number = 8;
  unit.brought_by = 6;
  send(Tag::kUnit, to_bytes(unit));
  EXPECT_EQ(answers().size(), 1U);
  EXPECT_NE(failure_.find("controllers that are not known"), std::string::npos) << failure_;
}

TEST_F(PreparedWorker, ForgetsControllersWithTheirSetting) {
  const Jobs jobs({0.5}, 0, 1);
  Call call(jobs.jobs(), jobs.controllers(), all_);
  call.deal_together(1);
  send(Tag::kUnit, to_bytes(call.unit_of(call.take(1))));
  send(Tag::kSetting, to_bytes(setting_of(evaluator_, {})));
  send(Tag::kQuestions, to_bytes(Questions{0, all_}));
  send(Tag::kUnit, to_bytes(call.unit_of(call.take(1), true)));
  EXPECT_EQ(answers().size(), 1U);
  EXPECT_NE(failure_.find("controllers that are not known"), std::string::npos) << failure_;
}

TEST(Worker, EndsWhenItIsToldToByItsHost) {
  tests::SimulatedNetwork network(2);
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_THROW(serve(network.rank(1), hello_of("host1"), {evaluator_of, [] { return true; }}), Ended);
  EXPECT_GE(std::chrono::steady_clock::now() - begun, 1s) << "rank 0 has time to end in order";
}

}  // namespace
}  // namespace cluster
