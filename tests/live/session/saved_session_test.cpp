#include "live/session/saved_session.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "genome/program/compiler.hpp"
#include "genome/text/checker.hpp"
#include "replay/environment/input_error.hpp"
#include "replay/environment/limits.hpp"

namespace live {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kText = R"(controller two
rounds 4
start
  open 2
round
  advance active by 2 first signal(entropy)
  stop when support(finished) >= 2
answer
  top(true)
)";

class SavedSessionTest : public testing::Test {
 protected:
  const genome::Program program_ = genome::compile(*genome::check_text(kText).controller);
  const genome::BoundProgram bound_ = genome::bind(program_, 0.25);
  const SessionOptions options_{.interval = 10, .branches = 8, .budget = 900, .probe_cost = 3};

  std::unique_ptr<Session> fresh() const { return std::make_unique<Session>(bound_, options_); }
  std::unique_ptr<Session> restored(const std::string& text) const {
    const SavedSession saved = read_saved(text);
    auto session = std::make_unique<Session>(bound_, saved.options);
    restore(*session, saved);
    return session;
  }
  // Half of the second statement was given.
  std::unique_ptr<Session> halfway() const {
    auto session = fresh();
    session->next();
    for (std::size_t i = 0; i < 2; ++i) session->give(Result{.branch = i, .steps = {{.signals = {0.5}}}});
    session->next();
    session->give(Result{.branch = 1,
                         .steps = {{.signals = {0.25}}},
                         .finished = true,
                         .answer = "ä\"\n",
                         .signals = {1e-300},
                         .tokens = 24,
                         .look_tokens = 7});
    return session;
  }
  std::string refusal(const std::string& text) const {
    try {
      restored(text);
    } catch (const replay::InputError& error) {
      return error.what();
    }
    return "no error";
  }
  std::string refusal_with(const std::string& pointer, const Json& value) const {
    Json json = Json::parse(save(*halfway(), "id", 0.25));
    json[Json::json_pointer(pointer)] = value;
    return refusal(json.dump());
  }
};

void finish(Session& session) {
  while (session.next()) {
    for (const Want& want : std::vector<Want>(session.wants())) {
      if (want.kind == Want::Kind::kPrune) continue;
      if (want.kind == Want::Kind::kLook)
        session.give(Result{.branch = want.branch, .steps = {{.answer = "5"}}});
      else
        session.give(
            Result{.branch = want.branch, .finished = true, .answer = "5", .signals = {0}, .tokens = 40});
    }
  }
}

TEST_F(SavedSessionTest, GoesOnAsIfNothingHadBeen) {
  const auto session = halfway();
  const std::string text = save(*session, "id", 0.25);
  const auto again = restored(text);
  EXPECT_EQ(save(*again, "id", 0.25), text);
  EXPECT_EQ(again->wants(), session->wants());
  EXPECT_EQ(again->missing(), 1U);
  const auto close = [](Session& each) {
    each.give(Result{.branch = 0, .steps = {{.signals = {1}}, {.signals = {2}}}});
    finish(each);
  };
  close(*session);
  close(*again);
  EXPECT_EQ(again->answer(), session->answer());
  EXPECT_EQ(again->usage(), session->usage());
  EXPECT_EQ(again->usage().look_tokens, 7);
  const auto ended = restored(save(*again, "id", 0.25));
  EXPECT_TRUE(ended->ended());
  EXPECT_EQ(ended->answer(), session->answer());
}

TEST_F(SavedSessionTest, AtEveryPlaceWhereItCanBeSaved) {
  EXPECT_EQ(restored(save(*fresh(), "id", 0))->missing(), 0U);
  const auto stopped = halfway();
  stopped->stop();
  const auto again = restored(save(*stopped, "id", 0));
  EXPECT_EQ(again->stopped_after(), stopped->stopped_after());
  stopped->next();
  again->next();
  EXPECT_EQ(again->wants(), stopped->wants());
  EXPECT_EQ(again->usage(), stopped->usage());
  const auto early = fresh();
  early->stop();
  EXPECT_FALSE(restored(save(*early, "id", 0))->next());
}

TEST_F(SavedSessionTest, WhatNobodyNeedsIsNotKept) {
  const auto session = fresh();
  session->next();
  for (std::size_t i = 0; i < 2; ++i)
    session->give(Result{.branch = i,
                         .steps = {{.answer = "unseen", .signals = {0.5}}},
                         .answer = "\xff",
                         .signals = {std::numeric_limits<double>::quiet_NaN()}});
  const std::string text = save(*session, "id", 0.25);
  EXPECT_EQ(text.find("unseen"), std::string::npos);
  EXPECT_EQ(save(*restored(text), "id", 0.25), text);
}

TEST_F(SavedSessionTest, AtItsLimits) {
  const genome::Program program = genome::compile(*genome::check_text(R"(controller long
rounds 9
start
  open 64
round
  advance active by 2000
answer
  top(true)
)")
                                                       .controller);
  const genome::BoundProgram bound = genome::bind(program, 0);
  const auto taken_up = [&](const Session& session) {
    const SavedSession saved = read_saved(save(session, "id", 0));
    Session again(bound, saved.options);
    restore(again, saved);
    return again.usage() == session.usage() && again.wants() == session.wants();
  };
  Session session(bound, {.interval = replay::kMaxInterval, .look_always = true});
  for (int wave = 0; wave < 4 && session.next(); ++wave) {
    for (const Want& want : std::vector<Want>(session.wants()))
      session.give(
          Result{.branch = want.branch,
                 .steps = std::vector<SeenStep>(static_cast<std::size_t>(want.intervals), {.answer = "7"}),
                 .look_tokens = replay::kMaxTokens});
  }
  ASSERT_TRUE(session.next());
  EXPECT_TRUE(taken_up(session));
  session.lose_missing();  // far beyond the tokens that a branch may have
  EXPECT_FALSE(session.next());
  EXPECT_TRUE(taken_up(session));
}

TEST_F(SavedSessionTest, TellsWhatIsWrong) {
  using testing::HasSubstr;
  EXPECT_THAT(refusal(""), HasSubstr("not a saved session"));
  EXPECT_THAT(refusal("[1, 2"), HasSubstr("not a saved session"));
  EXPECT_THAT(refusal("{}"), HasSubstr("form"));
  EXPECT_THAT(refusal_with("/version", 2), HasSubstr("its version is 2, this release knows 1"));
  EXPECT_THAT(refusal_with("/options/branches", 65), HasSubstr("65 must be from 1 to 64"));
  EXPECT_THAT(refusal_with("/options/interval", 0), HasSubstr("0 must be from 1"));
  EXPECT_THAT(refusal_with("/options/interval", 2.5), HasSubstr("2.5 must be a whole number"));
  EXPECT_THAT(refusal_with("/options/budget", 18446744073709551615ULL), HasSubstr("must be from 0"));
  EXPECT_THAT(refusal_with("/beta", 1.5), HasSubstr("beta"));
  EXPECT_THAT(refusal_with("/branches/0/end", "eaten"), HasSubstr("\"eaten\" is no end"));
  EXPECT_THAT(refusal_with("/branches/0/steps", 7), HasSubstr("signals must be 7"));
  EXPECT_THAT(refusal_with("/branches/0/signals/0", Json::array()), HasSubstr("must have 1 signals"));
  EXPECT_THAT(refusal_with("/branches/0/answers", Json::array({99})), HasSubstr("there is no text 99"));
  EXPECT_THAT(refusal_with("/branches", Json::object()), HasSubstr("a list was expected"));
  EXPECT_THAT(refusal_with("/given", nullptr), HasSubstr("a list was expected"));
  EXPECT_THAT(refusal_with("/given/0/steps/0", 7), HasSubstr("a step must be"));
  EXPECT_THAT(refusal_with("/branches", Json::array()), HasSubstr("no branch 0"));
  EXPECT_THAT(refusal_with("/applied", 5), HasSubstr("must have 2 intervals"));
  EXPECT_THAT(refusal_with("/stopped_after", 9), HasSubstr("does not do what it tells"));
  EXPECT_THAT(refusal_with("/given/0/branch", 5), HasSubstr("nothing is wanted of branch 5"));
  EXPECT_THAT(refusal_with("/given/0/steps/0/1", Json::array({"x"})), HasSubstr("must be a number"));
}

}  // namespace
}  // namespace live
