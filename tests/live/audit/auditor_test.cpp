// Episodes at a server that says what was recorded show what replay shows; limits and failures.
#include "live/audit/auditor.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "genome/base/rng.hpp"
#include "genome/program/compiler.hpp"
#include "genome/text/known_controllers.hpp"
#include "live/audit/recorded_pool.hpp"
#include "replay/environment/ordering.hpp"
#include "replay/environment/question_builder.hpp"
#include "replay/machine/machine.hpp"
#include "tests/support/recorded_server.hpp"

namespace live {
namespace {

using genome::base::Rng;
using testing::HasSubstr;

constexpr std::uint64_t kSeed = 5;
const std::uint64_t kFirstEpisode = Rng::scramble(kSeed + 1);  // its seed

replay::Environment made_up() {
  replay::Environment environment;
  environment.signals = {"logprob"};
  Rng rng(5);
  replay::QuestionBuilder builder("0", "1", 8, 1);
  for (int b = 0; b < 64; ++b) {
    const std::int64_t probes = genome::base::uniform_int(rng, 0, 12);
    std::vector<double> logprobs;
    for (std::int64_t i = 0; i < probes; ++i)
      builder.add_probe(fmt::format("{}", genome::base::uniform_int(rng, 1, 4)));
    for (std::int64_t i = 0; i <= probes; ++i)
      logprobs.push_back(-static_cast<double>(genome::base::uniform_int(rng, 1, 9'999)) / 1e4);
    builder.add_signal(0, logprobs);
    builder.end_branch(probes * 8 + genome::base::uniform_int(rng, 3, 8),
                       fmt::format("{}", genome::base::uniform_int(rng, 1, 4)));
  }
  environment.questions.push_back(std::move(builder).finish());
  return environment;
}

genome::Program program(const std::string& name) {
  for (const genome::KnownController& known : genome::known_controllers())
    if (known.name == name) return genome::compile(*genome::check_text(known.text).controller);
  throw std::logic_error(name);
}

struct World {
  replay::Environment environment = made_up();
  std::vector<std::uint32_t> dealt = replay::ordering(3, 64);

  AuditEnd audit(const tests::RecordedServer& server, const genome::Program& program,
                 AuditFollowing following = {}, std::size_t repeats = 1) const {
    Upstream upstream({.url = server.url()}, server.capabilities(), {.requests = 24});
    const auto serving = std::make_shared<const Serving>(
        Serving{.recipe = {.interval = 8, .most_tokens = 4'000, .suffix = {.text = "!", .ids = {1}}},
                .task = ReadingTask({.task = "after:#", .look_task = "number", .look_suffix = "!"}),
                .closing = {},
                .finish = 0});
    Auditor auditor(
        upstream,
        {.serving = serving,
         .program = std::make_shared<genome::BoundProgram>(genome::bind(program, 0.5)),
         .session = {},
         .tasks = {{.question = {.messages = {}, .text = "Q0"}, .branches = 64, .expected_tokens = 500}},
         .repeats = repeats,
         .seed = kSeed,
         .at_once = 1},
        std::move(following));
    return auditor.run();
  }
};

TEST(Auditor, SeesWhatReplayOfTheSameBranchesShows) {
  const World world;
  const replay::Question& question = world.environment.questions[0];
  const RecordedPool pool(question, world.environment.signals);
  for (const std::string name : {"sc", "cmc", "parallel_probe", "esc"}) {
    SCOPED_TRACE(name);
    const genome::Program program = live::program(name);
    const tests::RecordedServer server(world.environment, world.dealt, {.seed = kFirstEpisode});
    const AuditEnd end = world.audit(server, program);
    EXPECT_EQ(end.why, "");
    ASSERT_EQ(end.seen[0].size(), 1U);
    EXPECT_EQ(end.last.done, 1U);
    EXPECT_EQ(end.tokens.branches + end.tokens.looks, server.tokens() + server.looks() * server.kLookTokens);

    replay::Machine machine;
    replay::ActionLog log;
    const replay::EpisodeResult result =
        machine.run(genome::bind(program, 0.5), question, world.dealt, {.log = &log, .native = {}});
    const Tally expected = pool.tally(log, world.dealt, result), seen = pool.tally(end.seen[0][0]);
    for (std::size_t i = 0; i < kChecks; ++i) {
      SCOPED_TRACE(i);
      EXPECT_EQ(seen[i].count, expected[i].count);
      const auto check = static_cast<Check>(i);
      if (check == Check::kFinalsAgree || check == Check::kLooksAgree) continue;  // with or without itself
      EXPECT_NEAR(seen[i].sum, expected[i].sum, 1e-3);
    }
    const bool looks = expected[place_of(Check::kLooksBlank)].count > 0;
    EXPECT_EQ(looks, name == "cmc" || name == "parallel_probe");
    EXPECT_GT(expected[place_of(Check::kLogprob)].count, 0);
  }
}

TEST(Auditor, NoEpisodeBeginsThatCouldPassTheLimit) {
  const World world;
  const tests::RecordedServer server(world.environment, world.dealt, {.seed = kFirstEpisode});
  const AuditEnd none = world.audit(server, program("esc"), {.limit = 499});
  EXPECT_EQ(none.last.done, 0U);
  EXPECT_EQ(server.tokens(), 0);
  EXPECT_THAT(none.why, HasSubstr("limit"));
  // The first is allowed, and leaves no room for a second.
  const std::int64_t tokens = world.audit(server, program("esc")).last.tokens;
  ASSERT_GT(tokens, 500);
  const AuditEnd one = world.audit(server, program("esc"), {.limit = tokens + 1}, 50);
  EXPECT_EQ(one.last.done, 1U);
  EXPECT_EQ(one.last.tokens, tokens);
  EXPECT_THAT(one.why, HasSubstr("limit"));
}

TEST(Auditor, StopsWhenItIsTold) {
  const World world;
  const tests::RecordedServer server(world.environment, world.dealt,
                                     {.seed = kFirstEpisode, .seconds = 0.02});
  const AuditEnd end = world.audit(server, program("cmc"), {.stop = [] { return true; }});
  EXPECT_EQ(end.last.done, 0U);
  EXPECT_EQ(end.why, "it was stopped");
  EXPECT_TRUE(end.seen[0].empty());
}

TEST(Auditor, AServerThatFailsIsAskedNoMore) {
  const World world;
  const tests::RecordedServer server(world.environment, world.dealt,
                                     {.seed = kFirstEpisode, .broken_from_the_beginning = true});
  const AuditEnd end = world.audit(server, program("esc"), {}, 50);
  EXPECT_EQ(end.last.failed, Auditor::kMostFailures);
  EXPECT_THAT(end.why, HasSubstr("the server fails"));
  EXPECT_NE(end.failure, "");
}

TEST(Auditor, AnEpisodeThatLostABranchIsNotSeen) {
  const World world;
  const tests::RecordedServer server(world.environment, world.dealt, {.seed = kFirstEpisode, .broken = {0}});
  const AuditEnd end = world.audit(server, program("cmc"));
  EXPECT_EQ(end.last.failed, 1U);
  EXPECT_TRUE(end.seen[0].empty());
}

}  // namespace
}  // namespace live
