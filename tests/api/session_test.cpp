#include <algorithm>
#include <evotts/environment.hpp>
#include <evotts/machine.hpp>
#include <evotts/session.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/run_process.hpp"

namespace evotts {
namespace {

// What a recorded branch holds, dealt in the order of recording.
Result recorded(const RecordedQuestion& question, const Want& want) {
  const RecordedBranch& branch = question.branches[want.branch];
  Result result{.branch = want.branch};
  if (want.kind == WantKind::kLook) {
    result.steps.push_back({.answer = branch.probes[static_cast<std::size_t>(want.depth) - 1]});
    return result;
  }
  const auto probes = static_cast<std::int64_t>(branch.probes.size());
  const std::int64_t end = want.kind == WantKind::kRead ? probes : want.depth + want.intervals;
  for (std::int64_t d = want.depth; d < std::min(end, probes); ++d)
    result.steps.push_back({.answer = branch.probes[static_cast<std::size_t>(d)]});
  result.finished = want.kind == WantKind::kRead || end > probes;
  result.answer = branch.answer;
  result.tokens = branch.tokens;
  return result;
}

std::vector<Result> recorded(const RecordedQuestion& question, const std::vector<Want>& wants) {
  std::vector<Result> results;
  for (const Want& want : wants)
    if (want.kind != WantKind::kPrune) results.push_back(recorded(question, want));
  return results;
}

RecordedQuestion question_of(std::uint64_t seed) {
  return Environment::synthetic("seed=" + std::to_string(seed) + ",questions=1,branches=24").question(0);
}

// What Python's random.Random(0).shuffle() makes of 0 to 23.
constexpr std::size_t kOrderingZero[] = {14, 0,  17, 7,  6, 11, 22, 21, 10, 4, 2,  20,
                                         3,  19, 5,  18, 9, 23, 15, 16, 8,  1, 13, 12};

TEST(ApiSession, AnswersAsTheMachineDoes) {
  const RecordedQuestion question = question_of(5);
  const Environment environment = Environment::make("mine", {question});
  RecordedQuestion dealt = question;
  for (std::size_t i = 0; i < 24; ++i) dealt.branches[i] = question.branches[kOrderingZero[i]];
  for (const char* name : {"asc", "cmc", "esc", "two_stage"}) {
    const Program program(known_controller(name));
    Machine machine;
    const EpisodeResult expected = machine.run(program, 0.5, environment, 0, 0, {.probe_cost = 3});
    Session session(program, 0.5, {.interval = question.interval, .branches = 24, .probe_cost = 3});
    while (session.next()) session.give(recorded(dealt, session.wants()));
    EXPECT_EQ(session.answer(), expected.answer) << name;
    EXPECT_EQ(session.usage().spent, expected.tokens) << name;
    EXPECT_EQ(session.usage().latency, expected.latency_tokens) << name;
    EXPECT_EQ(session.usage().rounds, expected.rounds) << name;
  }
}

TEST(ApiSession, IsSavedAndTakenUpAgain) {
  const RecordedQuestion question = question_of(6);
  const Program program(known_controller("cmc"));
  Session whole(program, 0.5, {.interval = question.interval, .branches = 24});
  Session broken(program, 0.5, {.interval = question.interval, .branches = 24});
  while (whole.next()) whole.give(recorded(question, whole.wants()));
  while (broken.next()) {
    const std::vector<Result> results = recorded(question, broken.wants());
    broken.give(results[0]);
    broken = Session::restore(program, broken.save());
    broken.give({results.begin() + 1, results.end()});
  }
  EXPECT_EQ(broken.answer(), whole.answer());
  EXPECT_EQ(broken.answer_branch(), whole.answer_branch());
  EXPECT_EQ(broken.usage(), whole.usage());
}

std::string message_of(const auto& call) {
  try {
    call();
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::kInput);
    return error.what();
  }
  return "no error";
}

TEST(ApiSession, TellsWhatIsWrong) {
  using testing::HasSubstr;
  const Program program(known_controller("asc"));
  EXPECT_THAT(message_of([&] { Session(program, 1.5); }), HasSubstr("beta"));
  EXPECT_THAT(message_of([&] { Session(program, 0, {.interval = 0}); }), HasSubstr("interval"));
  EXPECT_THAT(message_of([&] { Session(program, 0, {.branches = 0}); }), HasSubstr("branches"));
  EXPECT_THAT(message_of([&] { Session(program, 0, {.branches = std::size_t(-1)}); }), HasSubstr("branches"));
  EXPECT_THAT(message_of([&] { Session(program, 0, {.budget = -1}); }), HasSubstr("budget"));
  EXPECT_THAT(message_of([&] { Session(program, 0, {.probe_cost = -1}); }), HasSubstr("probe_cost"));
  Session session(program, 0);
  EXPECT_THAT(message_of([&] { session.give(Result{.branch = 9}); }), HasSubstr("branch 9"));
  EXPECT_THAT(message_of([&] { Session::restore(Program(known_controller("sc")), session.save()); }),
              HasSubstr("this session is of the controller"));
  EXPECT_THAT(message_of([&] { Session::restore(program, "{"); }), HasSubstr("not a saved session"));
}

TEST(ApiSession, TheExampleOfThePageRuns) {
  const tests::Ran ran = tests::run_process({EVOTTS_SESSION_EXAMPLE});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, testing::StartsWith("42 after "));
}

}  // namespace
}  // namespace evotts
