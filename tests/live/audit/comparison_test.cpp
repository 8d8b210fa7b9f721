// Episodes of a made-up model against replay of what was recorded of it: the same model is not flagged,
// others are.
#include "live/audit/comparison.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <map>

#include "genome/base/rng.hpp"
#include "replay/analysis/playback.hpp"
#include "replay/environment/question_builder.hpp"
#include "tests/support/small_questions.hpp"

namespace live {
namespace {

using genome::base::Rng;
using genome::base::uniform_real;

constexpr int kQuestions = 24, kOpened = 6;

struct Size {
  int questions = kQuestions, recorded = 48;
};

constexpr std::size_t kReplays = 150;

// What differs between two models.
struct Model {
  double right = 0.6;     // of branches
  double stop = 0.3;      // at each interval
  double shown = 0.9;     // of looks, the answer of the branch's end
  double blank = 0;       // of looks
  double logprob = -0.5;  // around which intervals have it
};

// Branches of the model: probes, tokens and final answers, and a signal.
replay::Question question_of(Rng& rng, const Model& model, int number, int branches) {
  const auto other = [&] { return fmt::format("w{}", genome::base::uniform_int(rng, 1, 3)); };
  replay::QuestionBuilder builder(fmt::format("q{}", number), "right", 10, 1);
  for (int i = 0; i < branches; ++i) {
    const std::string answer = uniform_real(rng) < model.right ? "right" : other();
    std::vector<double> logprobs;
    while (logprobs.size() < 12 && uniform_real(rng) > model.stop) {
      const double draw = uniform_real(rng);
      builder.add_probe(draw < model.blank ? "ERR" : draw < model.blank + model.shown ? answer : other());
      logprobs.push_back(model.logprob * 2 * uniform_real(rng));
    }
    const auto intervals = static_cast<std::int64_t>(logprobs.size());
    logprobs.push_back(0);
    builder.add_signal(0, logprobs);
    builder.end_branch(intervals * 10 + genome::base::uniform_int(rng, 1, 9), answer);
  }
  return std::move(builder).finish();
}

// Opens six, goes on with all of them, three intervals at most, and answers by what they show.
const genome::Program& program() {
  static const genome::Program kProgram = genome::compile(tests::controller(
      "rounds 3\nstart\n  open 6\nround\n  advance active by 1\nanswer\n  top(not pruned)\n"));
  return kProgram;
}

std::string text_of(const replay::Question& question, replay::AnswerId answer) {
  return answer < 0 ? "" : question.answers[static_cast<std::size_t>(answer)];
}

// The same at a server, whose model thinks on the way.
SeenEpisode episode_of(Rng& rng, const Model& model) {
  const replay::Question thought = question_of(rng, model, 0, kOpened);
  const std::vector<std::uint32_t> dealt = tests::as_recorded(thought);
  replay::Machine machine;
  replay::ActionLog log;
  const replay::EpisodeResult result =
      machine.run(genome::bind(program(), 0.5), thought, dealt, {.log = &log, .native = {}});
  replay::Playback playback;
  playback.begin(thought, dealt);
  for (const replay::Action& action : log) playback.take(action);
  SeenEpisode episode{.answer = text_of(thought, result.answer), .tokens = result.tokens};
  for (const replay::BranchState& state : playback.branches()) {
    const replay::Branch& branch = thought.branches[state.recorded];
    SeenBranch seen{.finished = state.finished, .intervals = state.depth};
    for (std::uint32_t d = 0; d < state.depth; ++d) {
      seen.looks.push_back(text_of(thought, thought.probes[branch.first_probe + d]));
      seen.signals[0].push_back(thought.signals[0].latest[branch.first_signal + d + 1]);
    }
    seen.tokens = branch.tokens;
    seen.answer = text_of(thought, branch.final_answer);
    episode.branches.push_back(std::move(seen));
  }
  return episode;
}

std::vector<CheckResult> audited(std::uint64_t seed, const Model& of_recording, const Model& at_server,
                                 std::size_t draws = 15'000, Size size = {}) {
  Rng rng(seed);
  replay::Environment environment;
  environment.signals = {"logprob"};
  for (int q = 0; q < size.questions; ++q)
    environment.questions.push_back(question_of(rng, of_recording, q, size.recorded));
  const genome::BoundProgram bound = genome::bind(program(), 0.5);
  const ReplayTask task{.program = bound, .options = {}, .columns = {}, .episodes = kReplays, .seed = seed};
  std::vector<AuditedQuestion> questions;
  for (const replay::Question& question : environment.questions) {
    const RecordedPool pool(question, environment.signals);
    AuditedQuestion one{.recorded = question.branches.size()};
    one.replays = replay_question(pool, question, task, questions.size());
    one.live.push_back(pool.tally(episode_of(rng, at_server)));
    questions.push_back(std::move(one));
  }
  return compare(questions, replay::DistinctQuestions(std::span(&environment, 1)),
                 {.seed = seed, .draws = draws});
}

const CheckResult& result_of(const std::vector<CheckResult>& results, Check check) {
  return *std::ranges::find(results, check, &CheckResult::check);
}

TEST(Comparison, OfTheModelThatWasRecordedPIsWhatItSays) {
  std::map<Check, int> below, tries;
  int rare = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const std::vector<CheckResult> results = audited(seed, {}, {}, 1'000);
    for (const CheckResult& each : results) {
      rare += each.p < 0.0025 ? 1 : 0;
      ++tries[each.check];
      below[each.check] += each.p < 0.1 ? 1 : 0;
      EXPECT_GE(each.adjusted, each.p);
    }
  }
  EXPECT_LE(rare, 14);  // of some 1,800, checks of a try being alike
  // p is close to what it says: of 200, some 20 are below 0.1.
  for (const Check check : {Check::kAccuracy, Check::kTokens, Check::kEnds, Check::kLengths,
                            Check::kFinalsRight, Check::kFinalsAgree, Check::kLooksAgree, Check::kLogprob}) {
    EXPECT_EQ(tries[check], 200);
    EXPECT_LE(below[check], 38) << static_cast<int>(check);
    EXPECT_GE(below[check], 5) << static_cast<int>(check);
  }
}

TEST(Comparison, AnotherModelIsFlaggedByWhatDiffers) {
  const std::vector<std::pair<Model, Check>> others = {
      {{.right = 0.3}, Check::kFinalsRight}, {{.stop = 0.55}, Check::kEnds},
      {{.shown = 0.05}, Check::kLooksAgree}, {{.blank = 0.3}, Check::kLooksBlank},
      {{.logprob = -0.65}, Check::kLogprob},
  };
  for (const auto& [other, check] : others) {
    const std::vector<CheckResult> results = audited(7, {}, other);
    EXPECT_TRUE(flagged(results));
    EXPECT_TRUE(result_of(results, check).flagged()) << static_cast<int>(check);
  }
  EXPECT_FALSE(result_of(audited(7, {}, {.logprob = -0.65}), Check::kFinalsRight).flagged());
}

TEST(Comparison, TheModelThatWasRecordedIsNotFlaggedInTwentyTries) {
  for (std::uint64_t seed = 1'000; seed < 1'020; ++seed) EXPECT_FALSE(flagged(audited(seed, {}, {}, 25'000)));
}

// What was never recorded may still be what the model does now and then: of so many blocks of the recording
// and one episode at the server, any may be the one that shows it.
TEST(Comparison, OneRareAnswerThatWasNotRecordedIsNoFlag) {
  const auto check = static_cast<std::size_t>(Check::kLooksBlank);
  for (const double blocks : {1.0, 2.0, 8.0, 21.0}) {
    std::vector<AuditedQuestion> questions;
    replay::Environment environment;
    for (int q = 0; q < kQuestions; ++q) {
      Tally none{};
      none[check] = {0, 10};
      AuditedQuestion one{.recorded = static_cast<std::size_t>(6 * blocks)};
      one.replays.opened = 6;
      one.replays.count = 200;
      one.replays.episodes.assign(200, none);
      one.replays.sum[check] = {0, 2'000};
      one.live.push_back(none);
      if (q == 0) one.live[0][check].sum = 1;
      questions.push_back(std::move(one));
      environment.questions.push_back(tests::small_question("A", {{"A", "A"}}));
    }
    const std::vector<CheckResult> results =
        compare(questions, replay::DistinctQuestions(std::span(&environment, 1)), {.seed = 5});
    ASSERT_EQ(results.size(), 1U);
    // about a sum in three times as many is as far off
    EXPECT_GT(results[0].p, 0.3 / (1 + blocks)) << blocks;
    EXPECT_FALSE(results[0].flagged());
  }
}

// Replay's mean of few branches is a ratio, and off by what its draws do not show: over many questions that
// must not add up.
TEST(Comparison, ManyQuestionsWithFewBranchesEachAreNotOff) {
  double scores = 0;
  for (std::uint64_t seed = 0; seed < 12; ++seed)
    scores += result_of(audited(seed, {}, {}, 100, {.questions = 250, .recorded = 12}), Check::kEnds).score;
  EXPECT_LT(std::abs(scores / 12), 1.0);  // a standard error is 0.3
}

TEST(Comparison, TellsMeansDifferencesAndIntervals) {
  const std::vector<CheckResult> results = audited(3, {}, {.stop = 0.55});
  const CheckResult& lengths = result_of(results, Check::kLengths);
  EXPECT_LT(lengths.live, lengths.replay);
  EXPECT_DOUBLE_EQ(lengths.difference, lengths.live - lengths.replay);
  EXPECT_LE(lengths.interval.low, lengths.difference);
  EXPECT_GE(lengths.interval.high, lengths.difference);
  EXPECT_LT(lengths.interval.high, 0);
  EXPECT_EQ(result_of(results, Check::kAccuracy).count, kQuestions);
  EXPECT_EQ(std::ranges::count(results, Check::kEntropy, &CheckResult::check), 0);
}

TEST(Comparison, QuestionsWithoutEpisodesSayNothing) {
  const replay::Question question = tests::small_question("A", {{"A", "A"}, {"A", "A"}});
  const RecordedPool pool(question, {});
  AuditedQuestion unasked{.recorded = 2};
  const genome::BoundProgram bound = genome::bind(program(), 0.5);
  unasked.replays =
      replay_question(pool, question, {.program = bound, .options = {}, .columns = {}, .episodes = 3}, 0);
  replay::Environment environment;
  environment.questions.push_back(question);
  const std::vector<CheckResult> results =
      compare({unasked}, replay::DistinctQuestions(std::span(&environment, 1)), {});
  EXPECT_TRUE(results.empty());
  EXPECT_FALSE(flagged(results));
}

}  // namespace
}  // namespace live
