#include "live/episode/episode.hpp"

#include <atomic>
#include <chrono>
#include <fmt/format.h>
#include <future>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "genome/program/compiler.hpp"
#include "genome/text/known_controllers.hpp"
#include "live/upstream/server.hpp"
#include "replay/environment/question_builder.hpp"
#include "tests/support/recorded_server.hpp"
#include "tests/support/small_questions.hpp"

namespace live {
namespace {

using From = EpisodeOutcome::Text;
using How = EpisodeOutcome::How;
using std::chrono::steady_clock;
using testing::HasSubstr;
using tests::RecordedServer;

constexpr std::uint64_t kSeed = 3;
constexpr std::int64_t kInterval = 10;

// Branches of 30 tokens each: after 10 and 20 they show an answer, and they end with it.
replay::Environment environment_of(const std::vector<std::string>& answers) {
  replay::Environment environment;
  replay::QuestionBuilder builder("0", "1", kInterval);
  for (const std::string& answer : answers) {
    builder.add_probe(answer);
    builder.add_probe(answer);
    builder.end_branch(30, answer);
  }
  environment.questions.push_back(std::move(builder).finish());
  return environment;
}

const std::vector<std::string> kAnswers = {"1", "2", "1", "1", "3", "1"};

constexpr const char* kReads = "start\n  read 6\nanswer\n  top(finished)\n";
constexpr const char* kSteps =
    "start\n  open 4\nround\n  stop when not any(active)\n  advance active by 1\nanswer\n  top(opened > 0)\n";
constexpr const char* kAsksTheLiving =
    "start\n  open 4\nround\n  stop when any(streak > 9)\n  advance active by 1\nanswer\n  top(not pruned)\n";
// No branch ends.
constexpr const char* kStopsEarly = "start\n  open 4\nround\n  stop\nanswer\n  top(opened > 0)\n";

class Scene {
 public:
  explicit Scene(const char* controller, RecordedServer::Options options = {},
                 std::vector<std::string> answers = kAnswers)
      : environment_(environment_of(answers)),
        server_(environment_, tests::as_recorded(environment_.questions[0]), with_seed(options)),
        program_(genome::compile(tests::controller(controller))) {
    serving.recipe = {.grade = Grade::kExact,
                      .interval = kInterval,
                      .most_tokens = 1'000,
                      .look_tokens = 8,
                      .suffix = {.text = "!", .ids = {1}}};
    plan.program = std::make_shared<genome::BoundProgram>(genome::bind(program_, 0.5));
    plan.reads = genome::answer_reads(program_);
    plan.session.branches = answers.size();
    plan.seed = kSeed;
    upstream_ = std::make_unique<Upstream>(Server{.url = server_.url()}, server_.capabilities(),
                                           CallOptions{.requests = 16});
  }

  std::shared_ptr<Episode> start() {
    plan.serving = std::make_shared<Serving>(serving);
    return Episode::start(plan, *upstream_, {.text = "Q0"},
                          {.done =
                               [this](EpisodeOutcome it) {
                                 ++ends_;
                                 outcome_.set_value(std::move(it));
                               },
                           .progress = [this](const EpisodeProgress& at) { told_.push_back(at); }});
  }
  EpisodeOutcome outcome() { return outcome_.get_future().get(); }
  EpisodeOutcome run() {
    start();
    return outcome();
  }
  void end_upstream() { upstream_.reset(); }
  const RecordedServer& server() const { return server_; }
  const std::vector<EpisodeProgress>& told() const { return told_; }
  int ends() const { return ends_; }
  std::int64_t generated() const { return server_.tokens() + server_.looks() * RecordedServer::kLookTokens; }

  Serving serving{.task = ReadingTask({.task = "after:#", .look_task = "number", .look_suffix = "!"})};
  EpisodePlan plan;

 private:
  static RecordedServer::Options with_seed(RecordedServer::Options options) {
    options.seed = kSeed;
    return options;
  }

  replay::Environment environment_;
  RecordedServer server_;
  genome::Program program_;
  std::promise<EpisodeOutcome> outcome_;
  std::vector<EpisodeProgress> told_;
  std::atomic<int> ends_{0};
  std::unique_ptr<Upstream> upstream_;  // ends first
};

TEST(Episode, TellsWhatItCameToAndWhatItTook) {
  Scene scene(kSteps);
  const EpisodeOutcome outcome = scene.run();
  EXPECT_EQ(outcome.how, How::kAnswered);
  EXPECT_EQ(outcome.answer, "1");
  EXPECT_EQ(outcome.branch, 0U);
  EXPECT_EQ(outcome.from, From::kBranch);
  EXPECT_TRUE(outcome.text.ends_with("x#1")) << outcome.text;
  EXPECT_FALSE(outcome.cut || outcome.ceiling || outcome.deadline);
  EXPECT_EQ(outcome.votes, (std::vector<Vote>{{"1", 3, 0}, {"2", 1, 0}}));
  EXPECT_EQ(outcome.tokens.branches, 4 * 30);
  EXPECT_EQ(outcome.tokens.generated(), scene.generated());
  EXPECT_EQ(outcome.tokens.requests, 4 * 3 + scene.server().looks());
  EXPECT_EQ(outcome.session.finished, 4U);
  ASSERT_FALSE(scene.told().empty());
  EXPECT_EQ(scene.told().back().finished, 4U);
  EXPECT_EQ(scene.told().back().generated, 4 * 30);
}

TEST(Episode, FinishesABranchWhereNoneHasEndedWithTheAnswer) {
  Scene scene(kStopsEarly);
  const EpisodeOutcome outcome = scene.run();
  EXPECT_EQ(outcome.answer, "1");
  EXPECT_EQ(outcome.from, From::kFinished);
  EXPECT_TRUE(outcome.text.ends_with("x#1")) << outcome.text;
  EXPECT_EQ(outcome.tokens.finishing, 20);
  EXPECT_EQ(outcome.tokens.branches, 4 * kInterval);
  EXPECT_EQ(outcome.tokens.generated(), scene.generated());
}

TEST(Episode, AnswersAloneWhereFinishingDoesNotSuffice) {
  Scene scene(kStopsEarly);
  scene.serving.finish = 7;
  const EpisodeOutcome outcome = scene.run();
  EXPECT_EQ(outcome.from, From::kAnswer);
  EXPECT_EQ(outcome.text, "1");
  EXPECT_TRUE(outcome.cut);
  EXPECT_EQ(outcome.tokens.finishing, 7);
}

TEST(Episode, KeepsWithinItsCeiling) {
  for (const char* controller : {kReads, kSteps, kStopsEarly}) {
    for (const std::int64_t ceiling : {1, 9, 10, 25, 40, 47, 61, 90, 130, 400}) {
      Scene scene(controller);
      SCOPED_TRACE(fmt::format("{}ceiling {}", controller, ceiling));
      scene.plan.ceiling = ceiling;
      scene.serving.finish = 20;
      const EpisodeOutcome outcome = scene.run();
      EXPECT_LE(scene.generated(), ceiling);
      EXPECT_EQ(outcome.tokens.generated(), scene.generated());
      if (ceiling <= 47 || ceiling == 400) {
        EXPECT_EQ(outcome.ceiling, ceiling <= 47);
      }
      if (ceiling >= 90) {
        EXPECT_EQ(outcome.answer, "1");
      }
    }
  }
}

TEST(Episode, LosesABranchThatIsRefused) {
  Scene scene(kSteps, {.broken = {0, 2}});
  const EpisodeOutcome outcome = scene.run();
  EXPECT_EQ(outcome.how, How::kAnswered);
  EXPECT_EQ(outcome.session.lost, 2U);
  EXPECT_EQ(outcome.failed, 2U);
  EXPECT_EQ(outcome.dropped, 0U);
  EXPECT_EQ(outcome.session.finished, 2U);
}

TEST(Episode, FailsWhenAllBranchesAreLostAndSaysWhy) {
  Scene scene(kReads, {.broken_from_the_beginning = true});
  const EpisodeOutcome outcome = scene.run();
  EXPECT_EQ(outcome.how, How::kFailed);
  EXPECT_THAT(outcome.error, HasSubstr("it is broken"));
}

TEST(Episode, FailsWhenTheServerDoesNotTakeTheQuestion) {
  Scene scene(kReads);
  std::promise<EpisodeOutcome> outcome;
  Capabilities can = scene.server().capabilities();
  can.root = "http://127.0.0.1:9";
  Upstream nowhere({.url = can.root}, can, {.requests = 1, .patience = 0});
  scene.plan.serving = std::make_shared<Serving>(scene.serving);
  Episode::start(scene.plan, nowhere, {.text = "Q0"},
                 {.done = [&](EpisodeOutcome it) { outcome.set_value(std::move(it)); }});
  const EpisodeOutcome it = outcome.get_future().get();
  EXPECT_EQ(it.how, How::kFailed);
  EXPECT_FALSE(it.error.empty());
}

// No branch ends, and all are under way when the time is over: what they have shown is voted on.
TEST(Episode, AnswersByVotesWhereTheDeadlineLeavesNoBranch) {
  Scene scene(kAsksTheLiving, {.slow_from = 10, .slow_seconds = 60});
  scene.plan.seconds = 3;
  const EpisodeOutcome outcome = scene.run();
  EXPECT_EQ(outcome.how, How::kAnswered) << outcome.error;
  EXPECT_EQ(outcome.answer, "1");
  EXPECT_EQ(outcome.text, "1");
  EXPECT_EQ(outcome.from, From::kAnswer);
  EXPECT_TRUE(outcome.cut);
  EXPECT_EQ(outcome.dropped, 4U);
  EXPECT_EQ(outcome.failed, 0U);
}

TEST(Episode, AnAnswerThatCannotBeReadIsNone) {
  Scene scene(kReads, {}, {"ERR", "ERR", "ERR"});
  const EpisodeOutcome outcome = scene.run();
  EXPECT_EQ(outcome.how, How::kAnswered);
  EXPECT_EQ(outcome.answer, std::nullopt);
  EXPECT_EQ(outcome.from, From::kBranch);
  EXPECT_EQ(outcome.tokens.finishing, 0);
}

// The question, the first interval of each branch and all looks at them are quick, the rest hangs.
TEST(Episode, AnswersWithWhatItHasAtItsDeadline) {
  const std::string watches =
      std::string(kSteps).replace(std::string(kSteps).find("not any(active)"), 15, "any(streak > 9)");
  Scene scene(watches.c_str(), {.slow_from = 10, .slow_seconds = 60});
  scene.plan.seconds = 3;
  const auto begin = steady_clock::now();
  const EpisodeOutcome outcome = scene.run();
  EXPECT_LT(steady_clock::now() - begin, std::chrono::seconds(50));
  EXPECT_TRUE(outcome.deadline);
  EXPECT_EQ(outcome.how, How::kAnswered) << outcome.error;
  EXPECT_EQ(outcome.answer, "1");
  EXPECT_EQ(outcome.from, From::kAnswer);
  EXPECT_TRUE(outcome.cut);
  EXPECT_EQ(scene.ends(), 1);
}

TEST(Episode, IsCancelledAtOnce) {
  Scene scene(kSteps, {.slow_from = 3, .slow_seconds = 60});
  const auto episode = scene.start();
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  EXPECT_EQ(scene.ends(), 0);
  episode->cancel();
  episode->cancel();
  EXPECT_EQ(scene.outcome().how, How::kCancelled);
  EXPECT_EQ(scene.ends(), 1);
}

TEST(Episode, TellsTheBranchesThatHaveShownNothingYet) {
  Scene scene(kSteps, {.slow_from = 2, .slow_seconds = 60});
  scene.plan.trail = true;
  const auto episode = scene.start();
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  episode->cancel();
  const EpisodeOutcome outcome = scene.outcome();
  ASSERT_TRUE(outcome.trail);
  ASSERT_EQ(outcome.trail->branches.size(), 4U);
  for (const TrailBranch& branch : outcome.trail->branches) {
    EXPECT_EQ(branch.end, TrailBranch::End::kUnfinished);
    EXPECT_EQ(branch.tokens, 0);
  }
}

TEST(Episode, IsCancelledByTheEndOfItsUpstream) {
  Scene scene(kSteps, {.slow_from = 3, .slow_seconds = 60});
  const auto episode = scene.start();
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  scene.end_upstream();
  EXPECT_EQ(scene.outcome().how, How::kCancelled);
}

// ---- what is refused before the first question

genome::Program known(const std::string& name) {
  return genome::compile(*genome::check_text(*genome::known_controller(name)).controller);
}

std::string refusal(const genome::Program& program, const Capabilities& can) {
  try {
    expect_servable(program, can, true);
  } catch (const UpstreamError& error) {
    return error.what();
  }
  return "";
}

TEST(ServableControllers, AreThoseThatTheServerShowsEnoughTo) {
  Capabilities whole;
  whole.chat = true;
  ASSERT_EQ(grade_of(whole), Grade::kWholeSamples);
  EXPECT_EQ(refusal(known("sc"), whole), "");
  EXPECT_EQ(refusal(known("asc"), whole), "");
  EXPECT_THAT(refusal(known("cmc"), whole), HasSubstr("cmc reads answer, votes of unfinished branches"));
  EXPECT_THAT(refusal(known("answer_consistency"), whole), HasSubstr("streak"));
  Capabilities text = whole;
  text.completions = true;
  EXPECT_THAT(refusal(known("cmc"), text), HasSubstr("renders no messages and continues none"));
  text.rendering = Rendering::kText;
  EXPECT_EQ(refusal(known("cmc"), text), "");
  const genome::Program sure = genome::compile(
      tests::controller("start\n  read 4\nanswer\n  top(finished, exp(signal_mean(logprob)))\n"));
  EXPECT_THAT(refusal(sure, text), HasSubstr("reads the signal logprob"));
  text.logprobs = true;
  EXPECT_EQ(refusal(sure, text), "");
  const genome::Program entropy = genome::compile(
      tests::controller("start\n  read 4\nanswer\n  top(finished, exp(signal_mean(entropy)))\n"));
  EXPECT_THAT(refusal(entropy, text), HasSubstr("entropy"));
  text.top_logprobs = 5;
  EXPECT_EQ(refusal(entropy, text), "");
  EXPECT_THAT(refusal(known("sc"), {}), HasSubstr("neither"));
}

}  // namespace
}  // namespace live
