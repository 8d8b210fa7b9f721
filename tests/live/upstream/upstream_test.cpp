#include "live/upstream/upstream.hpp"

#include <future>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <thread>

#include "live/discovery/discovery.hpp"
#include "live/upstream/requests.hpp"
#include "tests/support/played_upstream.hpp"

namespace live {
namespace {

using testing::ElementsAre;
using tests::Json;
using tests::kSays;
using tests::Play;
using tests::PlayedUpstream;
using tests::Traits;

// A served model and what is known of it, with calls that are waited for.
class Asked {
 public:
  explicit Asked(const PlayedUpstream& played, const std::string& model = "small", CallOptions options = {})
      : upstream_({.url = played.url()}, discover({.url = played.url()}, model), std::move(options)) {}

  Upstream& upstream() { return upstream_; }

  Begun begin(const Question& question) {
    std::promise<Begun> promise;
    upstream_.begin(question, [&](Begun begun) { promise.set_value(std::move(begun)); });
    return promise.get_future().get();
  }
  Branch branch(const Question& question, std::uint64_t seed = 7) {
    const Begun begun = begin(question);
    EXPECT_NE(begun.prompt, nullptr) << begun.error;
    return {.prompt = begun.prompt, .seed = seed};
  }
  Segment advance(const Branch& branch, std::int64_t tokens) {
    std::promise<Segment> promise;
    upstream_.advance(branch, tokens, [&](Segment segment) { promise.set_value(std::move(segment)); });
    return promise.get_future().get();
  }
  Segment look(const Branch& branch, const std::string& text) {
    std::promise<Segment> promise;
    upstream_.prepare(text, [&](const Suffix& suffix, const std::string& error) {
      EXPECT_EQ(error, "");
      upstream_.look(branch, suffix, 32, [&](Segment segment) { promise.set_value(std::move(segment)); });
    });
    return promise.get_future().get();
  }

 private:
  Upstream upstream_;
};

Question asking(const std::string& content) { return {.messages = {{"user", content}}}; }

// Of the kinds that continue branches, by ids, by text, and by messages.
std::vector<Traits> continuing() {
  Traits messages = tests::hosted_like();
  messages.models = {"small"};
  messages.thought_field = messages.key = "";
  messages.continued_by = "prefix";
  return {tests::vllm_like(), tests::llama_like(), messages};
}

TEST(Upstream, ABranchInSegmentsSaysTheSame) {
  for (const Traits& traits : continuing()) {
    const PlayedUpstream played(traits);
    Asked asked(played);
    Branch branch = asked.branch(asking("12+34-5"));
    int segments = 0;
    for (bool finished = false; !finished; ++segments) {
      const Segment segment = asked.advance(branch, 6);
      ASSERT_TRUE(segment.good) << segment.error;
      EXPECT_EQ(segment.requests, 1);
      EXPECT_EQ(segment.lost, 0);
      branch.append(segment);
      finished = segment.finished;
    }
    EXPECT_EQ(branch.text, kSays);
    EXPECT_EQ(segments, 4) << "of 6, 6, 6 and 2 tokens";
    if (asked.upstream().grade() == Grade::kExact) {
      EXPECT_EQ(branch.tokens, static_cast<std::int64_t>(kSays.size()));
      EXPECT_EQ(branch.ids.size(), kSays.size());
    }
  }
}

TEST(Upstream, SignalsComeWithTheirTokens) {
  const PlayedUpstream played;
  Asked asked(played);
  const Segment segment = asked.advance(asked.branch(asking("1")), 5);
  EXPECT_EQ(segment.counted, CountedBy::kIds);
  EXPECT_EQ(segment.logprobs, std::vector<float>(5, -0.25F));
  ASSERT_EQ(segment.top.size(), 5U);
  EXPECT_EQ(segment.top[0].size(), 20U);
  EXPECT_FALSE(segment.finished);
  EXPECT_EQ(segment.reason, "length");
}

TEST(Upstream, TokensAreCountedByIdsWhateverTheEventsHold) {
  Traits traits = tests::vllm_like();
  traits.tokens_per_event = 4;
  const PlayedUpstream played(traits);
  Asked asked(played);
  EXPECT_EQ(asked.advance(asked.branch(asking("1")), 10).tokens, 10);
}

// What a template and a tokenizer put before a text both.
TEST(Upstream, APromptHasOneBeginning) {
  const PlayedUpstream ids(tests::vllm_like()), text(tests::llama_like());
  for (const PlayedUpstream* played : {&ids, &text}) {
    Asked asked(*played);
    EXPECT_TRUE(asked.advance(asked.branch(asking("1")), 5).good);
    EXPECT_TRUE(asked.advance(asked.branch({.text = "Q:1\nT:"}), 5).good);
    const auto bodies = played->bodies("/v1/completions");
    for (std::size_t i = bodies.size() - 2; i < bodies.size(); ++i)
      EXPECT_EQ(bodies[i]["prompt"], (Json{256, 'Q', ':', '1', '\n', 'T', ':'}));
  }
  Traits traits = tests::llama_like();
  traits.ids_in = "";
  const PlayedUpstream by_text(traits);
  Asked asked(by_text);
  ASSERT_EQ(asked.upstream().grade(), Grade::kText);
  EXPECT_TRUE(asked.advance(asked.branch(asking("1")), 5).good);
  EXPECT_EQ(by_text.bodies("/v1/completions").back()["prompt"], "Q:1\nT:") << "the server puts its own";
}

TEST(Upstream, EachSegmentHasASeedOfItsOwn) {
  const PlayedUpstream played;
  Asked asked(played);
  Branch one = asked.branch(asking("1"), 7), other = asked.branch(asking("1"), 8);
  for (Branch* branch : {&one, &other}) {
    for (int i = 0; i < 2; ++i) branch->append(asked.advance(*branch, 3));
  }
  const auto bodies = played.bodies("/v1/completions");
  std::set<std::uint64_t> seeds;
  for (std::size_t i = bodies.size() - 4; i < bodies.size(); ++i)
    seeds.insert(bodies[i]["seed"].get<std::uint64_t>());
  EXPECT_EQ(seeds.size(), 4U);
  EXPECT_TRUE(seeds.contains(segment_seed(7, 1))) << "of branch and segment alone";
}

TEST(Upstream, ALookSeesTheAnswerAndLeavesTheBranch) {
  for (const Traits& traits : continuing()) {
    const PlayedUpstream played(traits);
    Asked asked(played);
    Branch branch = asked.branch(asking("12+34-5"));
    branch.append(asked.advance(branch, 6));
    const Segment seen = asked.look(branch, "!");
    EXPECT_TRUE(seen.good) << seen.error;
    EXPECT_EQ(seen.text, "41");
    EXPECT_TRUE(seen.finished);
    const Json last = played.bodies(traits.completions ? "/v1/completions" : "/v1/chat/completions").back();
    EXPECT_FALSE(last.contains("seed"));
    EXPECT_EQ(asked.advance(branch, 100).text, kSays.substr(6));
  }
}

TEST(Upstream, AWholeSampleIsSeenAsItComes) {
  Traits traits = tests::hosted_like();
  traits.models = {"small"};
  traits.key = "";
  const PlayedUpstream played(traits);
  Asked asked(played);
  ASSERT_EQ(asked.upstream().grade(), Grade::kWholeSamples);
  const Begun begun = asked.begin(asking("12+34-5"));
  ASSERT_NE(begun.prompt, nullptr) << begun.error;
  std::promise<Segment> promise;
  std::size_t seen = 0;
  asked.upstream().sample(
      begun.prompt, 7, 100, [&](Segment segment) { promise.set_value(std::move(segment)); },
      {.watch = [&](const Reply& so_far) { seen = std::max(seen, so_far.thought.size()); }});
  const Segment whole = promise.get_future().get();
  EXPECT_TRUE(whole.good) << whole.error;
  EXPECT_EQ(whole.thought + whole.text, kSays);
  EXPECT_EQ(seen, kSays.find('#'));
  EXPECT_TRUE(whole.finished);
  EXPECT_EQ(whole.counted, CountedBy::kUsage);
}

// Log-probabilities may be told of the answer alone.
TEST(Upstream, AThoughtThatComesApartIsCountedToo) {
  Traits traits = tests::hosted_like();
  traits.models = {"small"};
  traits.key = "";
  PlayedUpstream played(traits);
  Asked asked(played);
  const Json choice = {{"message", {{"reasoning", "a long thought"}, {"content", "41"}}},
                       {"logprobs", {{"content", {{{"token", "41"}, {"logprob", -0.5}}}}}},
                       {"finish_reason", "stop"}};
  played.instead([&](const tests::Seen&, int) {
    return std::optional(
        Play{.body = Json{{"choices", {choice}}, {"usage", {{"completion_tokens", 15}}}}.dump()});
  });
  std::promise<Segment> promise;
  asked.upstream().sample(std::make_shared<const Prompt>(Prompt{.messages = {{"user", "12+34-5"}}}), 7, 100,
                          [&](Segment segment) { promise.set_value(std::move(segment)); });
  const Segment whole = promise.get_future().get();
  EXPECT_TRUE(whole.good) << whole.error;
  EXPECT_EQ(whole.tokens, 15);
  EXPECT_EQ(whole.counted, CountedBy::kUsage);
  EXPECT_TRUE(whole.logprobs.empty()) << "they are of another number of tokens";
}

TEST(Upstream, WhatCannotBeBegunIsSaid) {
  const PlayedUpstream plain(tests::plain_like());
  Asked asked(plain);
  EXPECT_THAT(asked.begin(asking("1")).error, testing::HasSubstr("ask by a prompt of text"));
  EXPECT_NE(asked.begin({.text = "Q:1\nT:"}).prompt, nullptr);
}

TEST(Upstream, ACancelledBranchLeavesTheServer) {
  PlayedUpstream played;
  Asked asked(played);
  const Branch branch = asked.branch(asking("1"));
  played.instead([](const tests::Seen&, int) {
    return std::optional(Play{.type = "text/event-stream",
                              .pieces = std::vector<std::string>(
                                  500, R"(data: {"choices": [{"index": 0, "text": "1", "token_ids": [49]}]})"
                                       "\n\n"),
                              .between = 0.02});
  });
  const int left = played.server().left();
  std::promise<Segment> promise;
  const auto ticket =
      asked.upstream().advance(branch, 500, [&](Segment segment) { promise.set_value(std::move(segment)); });
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  asked.upstream().cancel(ticket);
  const Segment segment = promise.get_future().get();
  EXPECT_TRUE(segment.cancelled);
  EXPECT_FALSE(segment.good);
  EXPECT_GT(segment.lost_tokens, 0);
  for (int i = 0; i < 200 && played.server().left() == left; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_EQ(played.server().left(), left + 1);
}

TEST(Upstream, EveryCallEndsWithTheUpstream) {
  PlayedUpstream played;
  std::promise<Segment> waiting, at_work;
  {
    Asked asked(played);
    const Branch branch = asked.branch(asking("1"));
    played.instead([](const tests::Seen&, int number) {
      return std::optional(number % 2 == 0 ? Play{.body = "{}", .seconds = 20}
                                           : tests::error_answer(503, "busy", "", "", {"retry-after: 30"}));
    });
    asked.upstream().advance(branch, 5, [&](Segment segment) { waiting.set_value(std::move(segment)); });
    asked.upstream().advance(branch, 5, [&](Segment segment) { at_work.set_value(std::move(segment)); });
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
  EXPECT_TRUE(waiting.get_future().get().cancelled);
  EXPECT_TRUE(at_work.get_future().get().cancelled);
}

}  // namespace
}  // namespace live
