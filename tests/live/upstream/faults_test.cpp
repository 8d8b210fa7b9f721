// What goes wrong between a branch and its server: nothing is lost, doubled or taken for what it is not.
#include <atomic>
#include <future>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <memory>
#include <string>

#include "live/discovery/discovery.hpp"
#include "live/upstream/upstream.hpp"
#include "tests/support/played_upstream.hpp"

namespace live {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using tests::Json;
using tests::Play;
using tests::PlayedUpstream;
using Bodies = std::vector<std::string>;

class Faults : public testing::Test {
 protected:
  Faults() { restart({.seconds = 20, .patience = 20, .most_tries = 3}); }

  void restart(CallOptions options) {
    upstream_.reset();
    options.on_retry = [this](const Retry& retry) {
      ++retries_;
      why_ = retry.why;
      waited_ = retry.seconds;
    };
    upstream_ = std::make_unique<Upstream>(Server{.url = played_.url()}, can_, std::move(options));
    std::promise<Begun> promise;
    upstream_->begin({.messages = {{"user", "12+34-5"}}},
                     [&](Begun begun) { promise.set_value(std::move(begun)); });
    prompt_ = promise.get_future().get().prompt;
    asked_ = played_.server().requests().size();
  }

  Segment advance(std::int64_t tokens = 6) {
    std::promise<Segment> promise;
    upstream_->advance({.prompt = prompt_, .seed = 7}, tokens,
                       [&](Segment segment) { promise.set_value(std::move(segment)); });
    return promise.get_future().get();
  }

  // The first `times` requests from now on get this.
  void play(const Play& play, int times = 1) {
    auto left = std::make_shared<std::atomic<int>>(times);
    played_.instead(
        [play, left](const tests::Seen&, int) { return (*left)-- > 0 ? std::optional(play) : std::nullopt; });
  }

  std::size_t requests() const { return played_.server().requests().size() - asked_; }

  // A good segment after one that went wrong, each sent once.
  Segment recovers() {
    const Segment segment = advance();
    EXPECT_TRUE(segment.good) << segment.error;
    EXPECT_EQ(segment.text, tests::kSays.substr(0, 6)) << "nothing of the failed try is in it";
    EXPECT_EQ(segment.ids.size(), 6U);
    EXPECT_EQ(requests(), 2U);
    EXPECT_EQ(segment.requests, 2);
    EXPECT_EQ(retries_, 1);
    return segment;
  }

  // What a line says that tells of a failure for good.
  std::string fails(const Play& bad, std::size_t tries) {
    play(bad, 100);
    const Segment segment = advance();
    EXPECT_FALSE(segment.good);
    EXPECT_EQ(requests(), tries);
    EXPECT_EQ(segment.error.find('\n'), std::string::npos);
    EXPECT_THAT(segment.error, HasSubstr(played_.url()));
    return segment.error;
  }

  static std::string event(const std::string& text, const Json& ids) {
    return "data: " + Json{{"choices", {{{"index", 0}, {"text", text}, {"token_ids", ids}}}}}.dump() + "\n\n";
  }
  static Play stream(Bodies pieces, std::int64_t cut = -1) {
    return {.cut_after = cut, .type = "text/event-stream", .pieces = std::move(pieces)};
  }

  PlayedUpstream played_;
  Capabilities can_ = discover({.url = played_.url()}, "");
  std::unique_ptr<Upstream> upstream_;
  std::shared_ptr<const Prompt> prompt_;
  std::size_t asked_ = 0;
  std::atomic<int> retries_{0};
  std::string why_;
  double waited_ = -1;
};

TEST_F(Faults, AStreamThatIsCutIsAskedForAnew) {
  const std::string first = event("x", {120});
  play(stream({first, event("\xC3\xA4", {195, 164})}, static_cast<std::int64_t>(first.size()) + 20));
  EXPECT_EQ(recovers().lost_tokens, 1) << "in the midst of an event";
  EXPECT_THAT(why_, HasSubstr("broke off"));
}

TEST_F(Faults, SoIsOneThatIsCutWithinACharacter) {
  const std::string text = event("\xE2\x82\xAC", {226, 130, 172});
  const auto at = static_cast<std::int64_t>(text.find('\xE2')) + 1;
  play(stream({text}, at));
  recovers();
}

TEST_F(Faults, AnEndThatComesTooEarlyIsNone) {
  play(stream({event("x", {120}), "data: [DONE]\n\n"}));
  EXPECT_EQ(recovers().lost, 1) << "it may have been charged";
  EXPECT_THAT(why_, HasSubstr("ends without saying why"));
}

TEST_F(Faults, AStreamThatJustEndsIsNotWhole) {
  play(stream({event("x", {120})}));
  recovers();
  EXPECT_THAT(why_, HasSubstr("was cut off"));
}

TEST_F(Faults, AServerSaysInEveryFormHowLongToWait) {
  for (const auto& [header, least, most] : std::vector<std::tuple<std::string, double, double>>{
           {"retry-after: 0", 0, 0},
           {"retry-after-ms: 30", 0.03, 0.03},
           {"retry-after: Sun, 06 Nov 1994 08:49:37 GMT", 0, 0},
           {"x-nothing: 1", 0.3, 0.5}}) {
    restart({.seconds = 20, .patience = 20});
    retries_ = 0;
    play(tests::error_answer(429, "slowly", "", "", {header}));
    EXPECT_EQ(recovers().lost, 0) << header;
    EXPECT_GE(waited_, least) << header;
    EXPECT_LE(waited_, most) << header;
  }
}

TEST_F(Faults, ABusyServerIsWaitedForBeyondTheTries) {
  play(tests::error_answer(503, "loading", "", "", {"retry-after-ms: 5"}), 10);
  const Segment segment = advance();
  EXPECT_TRUE(segment.good) << segment.error;
  EXPECT_EQ(requests(), 11U);
}

TEST_F(Faults, ButNotForever) {
  restart({.seconds = 20, .patience = 0.1});
  play(tests::error_answer(503, "loading", "", "", {"retry-after-ms: 40"}), 100);
  const Segment segment = advance();
  EXPECT_FALSE(segment.good);
  EXPECT_THAT(segment.error, AllOf(HasSubstr("status 503: loading"), HasSubstr("after")));
  EXPECT_LE(requests(), 6U);
}

TEST_F(Faults, FaultsOfTheServerAreTriedAFewTimes) {
  EXPECT_THAT(fails(tests::error_answer(500, "boom", "", "", {"retry-after-ms: 1"}), 3),
              HasSubstr("status 500: boom (after 3 requests)"));
}

TEST_F(Faults, WhatWillNotBeAnsweredOtherwiseIsNotTriedAgain) {
  EXPECT_THAT(fails(tests::error_answer(400, "no"), 1), HasSubstr("status 400: no"));
  EXPECT_EQ(retries_, 0);
}

TEST_F(Faults, APageForPeopleIsNoReply) {
  EXPECT_THAT(fails({.body = "<html>sign in</html>", .type = "text/html"}, 3),
              HasSubstr("a page for people"));
}

TEST_F(Faults, AStallEndsAtTheDeadlineAndIsTriedAgain) {
  restart({.seconds = 0.5, .patience = 20, .most_tries = 3});
  play({.body = "late", .seconds = 10});
  EXPECT_EQ(recovers().lost, 1);
  EXPECT_THAT(why_, HasSubstr("no whole reply within 0.5 s"));
}

TEST_F(Faults, SoDoesADrip) {
  restart({.seconds = 0.5, .patience = 20, .most_tries = 3});
  Play drip = stream(Bodies(1000, ": still here\n\n"));
  drip.between = 0.05;
  play(drip);
  recovers();
}

TEST_F(Faults, IdsThatCannotBeRightAreNone) {
  play(stream({event("x", {-5}), "data: [DONE]\n\n"}));
  recovers();
  EXPECT_THAT(why_, HasSubstr("a token id that is none: -5"));
}

TEST_F(Faults, NeitherAreTexts) {
  play(stream({event("x", {"x"}), "data: [DONE]\n\n"}));
  recovers();
  EXPECT_THAT(why_, HasSubstr("a token id that is none: \"x\""));
}

TEST_F(Faults, ThereAreNoMoreIdsThanWereAskedFor) {
  play(stream({event(std::string(40, 'x'), Json(std::vector<int>(40, 120)))}));
  recovers();
  EXPECT_THAT(why_, HasSubstr("40 tokens came where at most 6 were asked for"));
}

Play whole(const std::string& text, const Json& ids, const Json& usage) {
  return {.body = Json{
              {"choices", {{{"index", 0}, {"text", text}, {"token_ids", ids}, {"finish_reason", "length"}}}},
              {"usage",
               usage}}.dump()};
}

TEST_F(Faults, IdsAndTheServersCountAgree) {
  play(whole("xx", {120, 120}, {{"prompt_tokens", prompt_->ids.size()}, {"completion_tokens", 6}}));
  recovers();
  EXPECT_THAT(why_, HasSubstr("2 token ids came, but the server counts 6 tokens"));
}

// The end is a token that may be told and not counted; where a limit was met there is none.
TEST_F(Faults, AnIdThatIsNotCountedIsTheEnd) {
  play(whole("xxx", {120, 120, 120}, {{"prompt_tokens", prompt_->ids.size()}, {"completion_tokens", 2}}));
  recovers();
  EXPECT_THAT(why_, HasSubstr("3 token ids came, but the server counts 2 tokens"));
}

TEST_F(Faults, NoMoreIsCountedThanWasAskedFor) {
  play(whole("", Json::array(), {{"completion_tokens", 1'000'000'000}}));
  EXPECT_EQ(recovers().lost_tokens, 6) << "what was asked for, and no more";
  EXPECT_THAT(why_, HasSubstr("counts 1000000000 tokens where at most 6 were asked for"));
}

TEST_F(Faults, AnEndThatTheServerMadeIsNone) {
  for (const char* word : {"abort", "error", "cancelled"}) {
    restart({.seconds = 20, .patience = 20, .most_tries = 3});
    retries_ = 0;
    const std::string end = Json{{"choices", {{{"index", 0}, {"text", ""}, {"finish_reason", word}}}}}.dump();
    play(stream({event("x", {120}), "data: " + end + "\n\n", "data: [DONE]\n\n"}));
    recovers();
    EXPECT_THAT(why_, HasSubstr(std::string("the server broke the reply off: ") + word));
  }
}

// So does a forwarded port whose server is away: it takes connections and closes them.
TEST_F(Faults, AServerThatClosesWithoutAWordIsWaitedForBeyondTheTries) {
  restart({.seconds = 20, .patience = 20, .most_tries = 2});
  play({.silent = true}, 3);
  const Segment segment = advance();
  EXPECT_TRUE(segment.good) << segment.error;
  EXPECT_EQ(requests(), 4U);
}

TEST_F(Faults, ALongReplyMayBeLongAndTakeLong) {
  restart({.seconds = 0.5, .patience = 20, .most_tries = 1});
  const std::string note = ": " + std::string(200'000, '.') + "\n\n";
  Bodies pieces(60, note);  // 12 MB
  pieces.push_back("data: " + Json{{"choices", {{{"text", ""}, {"finish_reason", "stop"}}}}}.dump() + "\n\n");
  Play play_long = stream(pieces);
  play_long.between = 0.02;
  play(play_long);
  EXPECT_TRUE(advance(8'000).good);
}

TEST_F(Faults, ALongReplyIsNotLongSilent) {
  restart({.seconds = 1, .patience = 20, .most_tries = 1});
  play({.body = "late", .seconds = 12});  // the whole may take 20 seconds
  EXPECT_THAT(advance(20'000).error, HasSubstr("too slow"));
}

TEST_F(Faults, NoPartOfTheKeyIsShown) {
  const std::string key = "sk-0123456789abcdefghij0123456789abcdefghij";
  Upstream upstream({.url = played_.url(), .key = key}, can_, {.patience = 1, .most_tries = 1});
  for (const std::string& said :
       {"you came with authorization: Bearer " + key,
        std::string(R"({"error": {"message": ")") + std::string(375, 'm') + " " + key + R"("}})"}) {
    play(stream({"data: " + said + "\n\n"}));
    std::promise<Segment> promise;
    upstream.advance({.prompt = prompt_, .seed = 7}, 6,
                     [&](Segment segment) { promise.set_value(std::move(segment)); });
    const std::string error = promise.get_future().get().error;
    EXPECT_FALSE(error.empty());
    EXPECT_EQ(error.find("sk-012345"), std::string::npos) << error;
  }
}

// It was cut, or got another beginning.
TEST_F(Faults, ThePromptIsAsLongAsItWasSent) {
  play(whole("xx", {120, 120}, {{"prompt_tokens", 3}, {"completion_tokens", 2}}));
  recovers();
  EXPECT_THAT(why_, HasSubstr("the server counts 3 tokens in a prompt of"));
}

TEST_F(Faults, TextWithoutIdsIsNotCounted) {
  play(whole("xx", Json::array(), Json()));
  recovers();
  EXPECT_THAT(why_, HasSubstr("text came without token ids"));
}

// Four bytes are a token where the server tells no number.
TEST_F(Faults, WhatIsLostWithoutANumberIsEstimated) {
  can_ = {};
  can_.base = played_.url();
  can_.model = "small";
  can_.completions = can_.streams = true;
  restart({.seconds = 20, .patience = 20, .most_tries = 3});
  prompt_ = std::make_shared<Prompt>(Prompt{.text = "Q:12+34-5\nT:"});
  const Play broken = stream({"data: {\"choices\": [{\"index\": 0, \"text\": \"ten letters\"}]}\n\n"});
  play(broken);
  EXPECT_EQ(advance(100).lost_tokens, 3);
  play(broken);
  EXPECT_EQ(advance(2).lost_tokens, 2) << "and no more than was asked for";
}

TEST_F(Faults, AServerThatDoesNotStreamAnswersWhole) {
  play(whole("xxxxxx", Json(std::vector<int>(6, 120)), Json()));
  const Segment segment = advance();
  EXPECT_TRUE(segment.good) << segment.error;
  EXPECT_EQ(segment.tokens, 6) << "usage is missing, ids are there";
  EXPECT_EQ(segment.counted, CountedBy::kIds);
}

TEST_F(Faults, AnErrorInTheMidstOfAStreamIsOne) {
  play(stream({event("x", {120}), "data: {\"error\": {\"message\": \"out of memory\"}}\n\n"}));
  EXPECT_EQ(recovers().lost_tokens, 1);
  EXPECT_THAT(why_, HasSubstr("the server says: out of memory"));
}

TEST_F(Faults, AUsedConnectionThatClosesCostsOneRequest) {
  std::atomic<int> number{0};
  played_.instead([&](const tests::Seen&, int) -> std::optional<Play> {
    Play kept = whole("xxxxxx", Json(std::vector<int>(6, 120)), Json());
    kept.kept = true;
    const int now = ++number;
    return now == 2 ? Play{.silent = true} : kept;
  });
  EXPECT_EQ(advance().requests, 1);
  const Segment second = advance();
  EXPECT_TRUE(second.good) << second.error;
  EXPECT_EQ(second.requests, 2) << "both are counted";
  EXPECT_EQ(second.lost, 1);
  EXPECT_EQ(requests(), 3U);
  EXPECT_EQ(retries_, 1);
}

TEST_F(Faults, AReplyCutByTheContextIsOver) {
  play(whole("xx", {120, 120}, Json()));
  const Segment segment = advance(100);
  EXPECT_TRUE(segment.good) << segment.error;
  EXPECT_TRUE(segment.finished);
  EXPECT_EQ(segment.reason, "length");
}

// The port is free for a moment, and then the server is there again.
TEST(Restarts, AServerThatIsAwayIsWaitedFor) {
  const PlayedUpstream played;
  const Capabilities can = discover({.url = played.url()}, "");
  std::atomic<int> retries{0};
  Upstream away({.url = "http://127.0.0.1:9/v1"},
                [&] {
                  Capabilities moved = can;
                  moved.base = "http://127.0.0.1:9/v1";
                  return moved;
                }(),
                {.patience = 1.2, .on_retry = [&](const Retry&) { ++retries; }});
  std::promise<Segment> promise;
  away.advance({.prompt = std::make_shared<const Prompt>(Prompt{.ids = {256}})}, 5,
               [&](Segment segment) { promise.set_value(std::move(segment)); });
  const Segment segment = promise.get_future().get();
  EXPECT_FALSE(segment.good);
  EXPECT_EQ(segment.requests, 0) << "none was sent";
  EXPECT_EQ(segment.lost, 0);
  EXPECT_GE(retries, 2);
  EXPECT_THAT(segment.error, HasSubstr("is not reached"));
}

}  // namespace
}  // namespace live
