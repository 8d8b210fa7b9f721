#include <algorithm>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <memory>
#include <optional>
#include <rapidcheck.h>
#include <set>
#include <string>
#include <vector>

#include "genome/program/compiler.hpp"
#include "genome/text/known_controllers.hpp"
#include "genome/text/parser.hpp"
#include "genome/text/printer.hpp"
#include "live/session/saved_session.hpp"
#include "live/session/session.hpp"
#include "replay/environment/ordering.hpp"
#include "replay/environment/reader.hpp"
#include "replay/machine/machine.hpp"
#include "replay/machine/signal_columns.hpp"
#include "tests/support/odd_questions.hpp"
#include "tests/support/recorded_upstream.hpp"
#include "tests/support/shared_data.hpp"
#include "tests/support/signals.hpp"

namespace live {
namespace {

using replay::ActionLog;
using replay::Question;
using tests::any_stream;
using tests::chance;
using tests::one_of;
using tests::Rng;
using tests::uniform_index;

const std::vector<std::string> kSignals = {"3rd", "alpha", "top"};

Question with_any_signals(Rng& rng, Question question) {
  return tests::with_signals(std::move(question), kSignals.size(), [&] {
    return chance(rng, 0.2) ? one_of(rng, {0.0, -0.0, -1.5, 1e200, 1e-300})
                            : genome::base::uniform_real(rng) - 0.5;
  });
}

// An action with its answer as text, as two questions number the same answers differently.
std::string told(const replay::Action& action, const Question& question) {
  return fmt::format(
      "{} {}{}{} r{} {} {}", static_cast<int>(action.kind), action.lane, action.finished ? "!" : "",
      action.cut ? "#" : "", action.round, action.cost,
      action.answer == replay::kNoAnswer ? "-" : question.answers[static_cast<std::size_t>(action.answer)]);
}

std::string told(const ActionLog& log, const Question& question) {
  std::string all;
  for (const replay::Action& action : log) all += told(action, question) + "\n";
  return all;
}

std::string told(const replay::EpisodeResult& r, const std::optional<std::string>& answer) {
  return fmt::format("answer {} tokens {} latency {} rounds {}", answer.value_or("(none)"), r.tokens,
                     r.latency_tokens, r.rounds);
}

// Gives all results in any order, some at once and some one by one.
void give_in_any_order(Rng& rng, Session& session, const tests::RecordedUpstream& upstream) {
  std::vector<Result> results;
  for (const Want& want : session.wants()) {
    if (want.kind != Want::Kind::kPrune) results.push_back(upstream.answer(want));
  }
  for (std::size_t i = results.size(); i > 1; --i) std::swap(results[i - 1], results[uniform_index(rng, i)]);
  while (!results.empty()) {
    const std::size_t some = uniform_index(rng, results.size()) + 1;
    session.give(std::span(results).first(some));
    results.erase(results.begin(), results.begin() + static_cast<std::ptrdiff_t>(some));
    RC_ASSERT(session.missing() == results.size());
    if (!results.empty()) RC_ASSERT(session.next());  // waits
  }
}

struct Case {
  const genome::Program& program;
  const Question& question;
  std::vector<std::uint32_t> order;
  double beta;
  replay::EpisodeOptions episode;
  replay::SignalColumns columns;
};

std::string described(const Case& c) {
  return fmt::format("beta {}, budget {}, probe cost {}\n{}{}", c.beta, c.episode.budget.value_or(-1),
                     c.episode.probe_cost, genome::dump(c.program),
                     replay::to_json({.signals = kSignals, .questions = {c.question}}));
}

// Every want is of its form, and nothing is wanted of what is over.
void expect_sound(const Session& session, std::set<std::size_t>& over) {
  std::set<std::size_t> asked;
  for (const Want& want : session.wants()) {
    if (want.kind == Want::Kind::kPrune) {
      RC_ASSERT(over.insert(want.branch).second);
      continue;
    }
    RC_ASSERT(asked.insert(want.branch).second);
    if (want.kind != Want::Kind::kLook) RC_ASSERT(over.count(want.branch) == 0);
    if (want.kind == Want::Kind::kAdvance) RC_ASSERT(want.intervals >= 1 && want.depth >= 1);
    if (want.kind == Want::Kind::kOpen) RC_ASSERT(want.intervals == 1 && want.depth == 0);
  }
}

void compare(Rng& rng, const Case& c, bool look_always, bool saving) {
  replay::Machine machine;
  ActionLog expected_log, log;
  const genome::BoundProgram bound = genome::bind(c.program, c.beta);
  const replay::EpisodeResult expected = machine.run(
      bound, c.question, c.order, {.episode = c.episode, .log = &expected_log, .columns = c.columns});
  const tests::RecordedUpstream upstream(c.question, c.order, c.columns);
  const SessionOptions options{.interval = c.question.interval,
                               .branches = std::min(replay::kMaxOpened, c.question.branches.size()),
                               .budget = c.episode.budget,
                               .probe_cost = c.episode.probe_cost,
                               .look_always = look_always};
  auto session = std::make_unique<Session>(bound, options, &log);
  std::set<std::size_t> over;
  while (session->next()) {
    expect_sound(*session, over);
    if (saving && chance(rng, 0.2)) {
      const SavedSession saved = read_saved(save(*session, "id", c.beta));
      RC_ASSERT(saved.options == options);
      log.clear();
      auto again = std::make_unique<Session>(bound, saved.options, &log);
      restore(*again, saved);
      RC_ASSERT(again->wants() == session->wants() && again->usage() == session->usage());
      session = std::move(again);
    }
    give_in_any_order(rng, *session, upstream);
  }
  std::optional<std::string> answer;
  if (expected.answer != replay::kNoAnswer)
    answer = c.question.answers[static_cast<std::size_t>(expected.answer)];
  if (told(session->result(), session->answer()) != told(expected, answer))
    RC_FAIL(fmt::format("expected {}\nfound    {}\n{}", told(expected, answer),
                        told(session->result(), session->answer()), described(c)));
  RC_ASSERT(session->usage().lost == 0);
  RC_ASSERT(session->answer_branch().has_value() || !answer.has_value() || session->usage().opened > 0);
  if (!look_always) return;
  if (told(log, session->question().question()) != told(expected_log, c.question))
    RC_FAIL(fmt::format("expected\n{}found\n{}{}", told(expected_log, c.question),
                        told(log, session->question().question()), described(c)));
}

void compare_some(Rng& rng, const genome::Controller& controller) {
  const auto checked = genome::check(controller).controller;
  RC_ASSERT(checked.has_value());
  const genome::Program program = genome::compile(*checked);
  for (int i = 0; i < 4; ++i) {
    const Question question = with_any_signals(rng, tests::any_question(rng));
    compare(rng,
            {.program = program,
             .question = question,
             .order = replay::ordering(uniform_index(rng, 100), question.branches.size()),
             .beta = tests::any_beta(rng),
             .episode = tests::any_options(rng, question),
             .columns = replay::signal_columns(program, kSignals)},
            i % 2 == 0, chance(rng, 0.5));
  }
}

TEST(Session, DoesWhatReplayDoesForBredControllers) {
  std::vector<genome::RecordedSignal> recorded;
  for (const std::string& name : kSignals) recorded.push_back({name, -0.5, 0.5});
  const genome::Material signals(recorded);
  EXPECT_TRUE(rc::check([&] {
    Rng rng = any_stream();
    for (int i = 0; i < 6; ++i) compare_some(rng, tests::bred_controller(rng));
    for (int i = 0; i < 3; ++i) compare_some(rng, tests::bred_controller(rng, signals));
  }));
}

TEST(Session, DoesWhatReplayDoesForWildControllers) {
  EXPECT_TRUE(rc::check([&] {
    Rng rng = any_stream();
    for (int i = 0; i < 20; ++i)
      compare_some(rng,
                   chance(rng, 0.5) ? tests::wild_controller(rng, kSignals) : tests::wild_controller(rng));
  }));
}

// ---- the library, over all that was recorded

void compare_library(const replay::Environment& environment) {
  Rng rng(7);
  for (const genome::KnownController& known : genome::known_controllers()) {
    const genome::Program program = genome::compile(*genome::check_text(known.text).controller);
    const bool lacks = std::ranges::any_of(program.signals, [&](const std::string& name) {
      return std::ranges::find(environment.signals, name) == environment.signals.end();
    });
    if (lacks) continue;
    for (std::size_t q = 0; q < environment.questions.size(); ++q) {
      const Question& question = environment.questions[q];
      const replay::EpisodeOptions episode{
          .budget = q % 3 == 1 ? std::optional(question.interval * 45 + 7) : std::nullopt,
          .probe_cost = q % 2 == 0 ? 0 : 32};
      compare(rng,
              {.program = program,
               .question = question,
               .order = replay::ordering(q, question.branches.size()),
               .beta = static_cast<double>(q % 5) / 4,
               .episode = episode,
               .columns = replay::signal_columns(program, environment)},
              q % 4 < 2, q % 10 == 0);
    }
  }
}

class SessionOnRecordings : public testing::TestWithParam<const char*> {};

TEST_P(SessionOnRecordings, TheLibraryDoesWhatItDoesInReplay) {
  const auto file = tests::shared_data(GetParam());
  if (!file) GTEST_SKIP() << tests::kNoSharedData;
  compare_library(replay::read_environment(*file));
}

INSTANTIATE_TEST_SUITE_P(All, SessionOnRecordings,
                         testing::Values("replay/Qwen3-0.6B/aime24.json", "replay/Qwen3-0.6B/aime25.json",
                                         "replay/Qwen3-1.7B/aime24.json", "replay/Qwen3-1.7B/aime25.json",
                                         "replay/Qwen3-4B/aime24.json", "replay/Qwen3-4B/aime25.json",
                                         "replay/Qwen3-8B/aime24.json", "replay/Qwen3-8B/aime25.json",
                                         "replay_arith/arith-1m/search.json",
                                         "replay_arith/arith-6m/search.json"));

}  // namespace
}  // namespace live
