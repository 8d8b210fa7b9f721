// A controller at work at a server does what it does in replay, where the model says what was recorded.
#include <cstdlib>
#include <fmt/format.h>
#include <future>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <vector>

#include "genome/base/rng.hpp"
#include "genome/program/compiler.hpp"
#include "genome/text/known_controllers.hpp"
#include "live/episode/episode.hpp"
#include "replay/environment/ordering.hpp"
#include "replay/environment/question_builder.hpp"
#include "replay/environment/reader.hpp"
#include "replay/machine/machine.hpp"
#include "replay/machine/signal_columns.hpp"
#include "tests/support/recorded_server.hpp"
#include "tests/support/shared_data.hpp"

namespace live {
namespace {

using genome::base::Rng;

constexpr std::uint64_t kSeed = 11;

std::string told(const replay::ActionLog& log, const replay::Question& question) {
  std::string all;
  for (const replay::Action& action : log)
    all += fmt::format(
        "{} {}{}{} r{} {} {}\n", static_cast<int>(action.kind), action.lane, action.finished ? "!" : "",
        action.cut ? "#" : "", action.round, action.cost,
        action.answer == replay::kNoAnswer ? "-" : question.answers[static_cast<std::size_t>(action.answer)]);
  return all;
}

std::string told(const replay::EpisodeResult& r, const std::string& answer) {
  return fmt::format("answer {} tokens {} latency {} rounds {}", answer, r.tokens, r.latency_tokens,
                     r.rounds);
}

// One question that is served, and what came of it.
struct Served {
  std::shared_ptr<const genome::BoundProgram> bound;
  std::size_t question = 0;
  SessionOptions options;
  replay::ActionLog log;
  std::string actions, result;  // as text, made before the session goes
  std::int64_t generated = 0;
  std::promise<EpisodeOutcome> outcome;
};

struct World {
  const replay::Environment& environment;
  bool thoughts = false;
  Grade grade = Grade::kExact;
};

std::shared_ptr<Serving> serving_for(const World& world) {
  auto serving = std::make_shared<Serving>(
      Serving{.recipe = {.grade = world.grade,
                         .interval = world.environment.questions[0].interval,
                         .most_tokens = 4'000,
                         .suffix = {.text = "!", .ids = {1}},
                         .end_of_thought = world.thoughts ? tests::RecordedServer::kMark : ""},
              .task = ReadingTask({.task = "after:#", .look_task = "number", .look_suffix = "!"})});
  return serving;
}

Question question_for(std::size_t number, Grade grade) {
  const std::string text = fmt::format("Q{}", number);
  if (grade == Grade::kWholeSamples) return {.messages = {{"user", text}}};
  return {.text = text};
}

void start(Served& served, const std::shared_ptr<Serving>& serving, Upstream& upstream) {
  served.options.branches = std::min<std::size_t>(replay::kMaxOpened, 64);
  Episode::start({.serving = serving,
                  .program = served.bound,
                  .reads = genome::answer_reads(*served.bound->program),
                  .session = served.options,
                  .seed = kSeed,
                  .log = &served.log},
                 upstream, question_for(served.question, serving->recipe.grade),
                 {.done = [&](EpisodeOutcome it) { served.outcome.set_value(std::move(it)); },
                  .ended =
                      [&](const Session& session) {
                        served.actions = told(served.log, session.question().question());
                        served.result = told(session.result(), session.answer().value_or("-"));
                        served.generated = session.usage().generated;
                      }});
}

void expect_same(Served& served, const World& world, const std::vector<std::uint32_t>& dealt) {
  const replay::Question& question = world.environment.questions[served.question];
  const genome::Program& program = *served.bound->program;
  SCOPED_TRACE(fmt::format("{} at {}, question {}", program.name, served.bound->beta, served.question));
  const EpisodeOutcome outcome = served.outcome.get_future().get();
  ASSERT_EQ(outcome.how, EpisodeOutcome::How::kAnswered) << outcome.error;
  replay::Machine machine;
  replay::ActionLog log;
  const replay::EpisodeResult expected =
      machine.run(*served.bound, question, dealt,
                  {.episode = {.budget = served.options.budget, .probe_cost = served.options.probe_cost},
                   .log = &log,
                   .native = {},
                   .columns = replay::signal_columns(program, world.environment)});
  const std::string answer = expected.answer == replay::kNoAnswer
                                 ? "-"
                                 : question.answers[static_cast<std::size_t>(expected.answer)];
  EXPECT_EQ(served.result, told(expected, answer));
  EXPECT_EQ(outcome.answer.value_or("-"), answer == "ERR" ? "-" : answer);
  if (served.options.look_always) {
    EXPECT_EQ(served.actions, told(log, question));
  }
  EXPECT_EQ(outcome.session.lost, 0U);
  EXPECT_EQ(outcome.tokens.lost, 0);
  EXPECT_EQ(outcome.tokens.branches, served.generated);
  EXPECT_EQ(outcome.tokens.looks, outcome.session.look_tokens);
  if (outcome.from == EpisodeOutcome::Text::kBranch && answer != "-" && answer != "ERR") {
    EXPECT_TRUE(outcome.text.ends_with("#" + answer)) << outcome.text;
  }
}

// All questions at once, for each controller and beta.
void compare(const World& world, const std::vector<const genome::Program*>& programs,
             const std::vector<double>& betas, const std::vector<std::size_t>& questions) {
  const std::vector<std::uint32_t> dealt =
      replay::ordering(3, world.environment.questions[0].branches.size());
  int number = 0;
  for (const genome::Program* program : programs) {
    const tests::RecordedServer server(world.environment, dealt, {.seed = kSeed, .thoughts = world.thoughts});
    std::vector<std::unique_ptr<Served>> all;
    {
      Upstream upstream({.url = server.url()}, server.capabilities(world.grade), {.requests = 24});
      const auto serving = serving_for(world);
      for (const double beta : betas) {
        const auto bound = std::make_shared<genome::BoundProgram>(genome::bind(*program, beta));
        for (const std::size_t question : questions) {
          ++number;
          all.push_back(std::make_unique<Served>());
          all.back()->bound = bound;
          all.back()->question = question;
          all.back()->options = {
              .branches = std::min(replay::kMaxOpened, dealt.size()),
              .budget = number % 3 == 1 ? std::optional(world.environment.questions[0].interval * 45 + 7)
                                        : std::nullopt,
              .probe_cost = number % 2 == 0 ? 0 : 7,
              .look_always = number % 4 < 2};
          start(*all.back(), serving, upstream);
        }
      }
      for (const auto& served : all) expect_same(*served, world, dealt);
    }
    EXPECT_EQ(server.refused(), 0) << program->name;
  }
}

std::vector<genome::Program> library(const std::vector<std::string>& signals) {
  std::vector<genome::Program> all;
  for (const genome::KnownController& known : genome::known_controllers()) {
    genome::Program program = genome::compile(*genome::check_text(known.text).controller);
    const bool shown = std::ranges::all_of(
        program.signals, [&](const std::string& name) { return std::ranges::count(signals, name) > 0; });
    if (shown) all.push_back(std::move(program));
  }
  return all;
}

std::vector<const genome::Program*> pointers(const std::vector<genome::Program>& programs) {
  std::vector<const genome::Program*> all;
  for (const genome::Program& each : programs) all.push_back(&each);
  return all;
}

// Branches of a thought and what follows it, which may be longer than an interval; or of a thought alone.
replay::Environment made_up(bool thoughts) {
  replay::Environment environment;
  environment.signals = {"logprob"};
  Rng rng(5);
  for (int q = 0; q < 3; ++q) {
    replay::QuestionBuilder builder(fmt::format("{}", q), "1", 8, 1);
    for (int b = 0; b < 64; ++b) {
      const std::int64_t probes = genome::base::uniform_int(rng, 0, 12);
      std::vector<double> logprobs;
      for (std::int64_t i = 0; i < probes; ++i)
        builder.add_probe(fmt::format("{}", genome::base::uniform_int(rng, 1, 4)));
      for (std::int64_t i = 0; i <= probes; ++i)
        logprobs.push_back(-static_cast<double>(genome::base::uniform_int(rng, 1, 9'999)) / 1e4);
      builder.add_signal(0, logprobs);
      const std::int64_t last =
          thoughts ? genome::base::uniform_int(rng, 4, 30) : genome::base::uniform_int(rng, 3, 8);
      const bool none = genome::base::uniform_int(rng, 1, 6) == 1;
      builder.end_branch(probes * 8 + last,
                         none ? "ERR" : fmt::format("{}", genome::base::uniform_int(rng, 1, 4)));
    }
    environment.questions.push_back(std::move(builder).finish());
  }
  return environment;
}

TEST(Serving, TheLibraryDoesWhatItDoesInReplay) {
  for (const bool thoughts : {false, true}) {
    SCOPED_TRACE(thoughts);
    const replay::Environment environment = made_up(thoughts);
    const std::vector<genome::Program> programs = library(environment.signals);
    compare({environment, thoughts}, pointers(programs), {0, 0.5, 1}, {0, 1, 2});
  }
}

TEST(Serving, ByTextTheLibraryDoesWhatItDoesInReplay) {
  const replay::Environment environment = made_up(false);
  const std::vector<genome::Program> programs = library(environment.signals);
  compare({environment, false, Grade::kText}, pointers(programs), {0, 0.5, 1}, {0, 1, 2});
}

TEST(Serving, OfWholeRepliesControllersThatReadDoWhatTheyDoInReplay) {
  const replay::Environment environment = made_up(false);
  std::vector<genome::Program> programs = library({});
  std::erase_if(programs, [](const genome::Program& each) {
    return std::ranges::count(std::vector<std::string>{"sc", "asc", "esc"}, each.name) == 0;
  });
  EXPECT_EQ(programs.size(), 3U);
  compare({environment, false, Grade::kWholeSamples}, pointers(programs), {0, 0.5, 1}, {0, 1, 2});
}

// EVOTTS_ALL_QUESTIONS has all of them asked, which takes minutes.
class ServingRecordings : public testing::TestWithParam<const char*> {};

TEST_P(ServingRecordings, TheLibraryDoesWhatItDoesInReplay) {
  const auto file = tests::shared_data(GetParam());
  if (!file) GTEST_SKIP() << tests::kNoSharedData;
  const replay::Environment environment = replay::read_environment(*file);
  const std::vector<genome::Program> programs = library({"logprob"});
  std::vector<std::size_t> questions = {0, 17};
  if (std::getenv("EVOTTS_ALL_QUESTIONS") != nullptr) {
    questions.resize(environment.questions.size());
    std::iota(questions.begin(), questions.end(), std::size_t{0});
  }
  compare({environment, false}, pointers(programs), {0, 0.5, 1}, questions);
}

INSTANTIATE_TEST_SUITE_P(Arith, ServingRecordings,
                         testing::Values("replay_arith/arith-1m/search.json",
                                         "replay_arith/arith-6m/search.json"));

}  // namespace
}  // namespace live
