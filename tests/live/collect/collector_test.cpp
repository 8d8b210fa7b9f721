// Collecting from servers of all grades, through faults, budgets, stops and a second beginning.
#include "live/collect/collector.hpp"

#include <algorithm>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <optional>
#include <sstream>
#include <thread>

#include "live/discovery/discovery.hpp"
#include "tests/support/played_upstream.hpp"
#include "tests/support/temporary_folder.hpp"

namespace live {
namespace {

using tests::kSays;
using tests::Play;
using tests::PlayedUpstream;
using tests::Seen;
using How = CollectEnd::How;

const nlohmann::json kSettings = {{"model", "small"}};

// What is behind kSays: 20 tokens, and the end token where it is counted.
constexpr std::int64_t kLength = 21;

class CollectorTest : public testing::Test {
 protected:
  void ask(tests::Traits traits) {
    played_ = std::make_unique<PlayedUpstream>(std::move(traits));
    can_ = discover({.url = played_->url(), .key = "sk-test-0123456789"}, "small");
    before_ = played_->server().requests().size();
  }
  static CollectPlan plan(std::size_t questions = 2, std::size_t branches = 3) {
    CollectPlan plan{.branches = branches, .seed = 1};
    for (std::size_t i = 0; i < questions; ++i)
      plan.questions.push_back({.messages = {{"user", "1+" + std::to_string(i)}}});
    plan.recipe = {.interval = 8, .segment_tokens = 8, .most_tokens = 100, .suffix = {.text = "!"}};
    return plan;
  }
  static CollectOptions options() {
    return {.calls = {.requests = 8, .seconds = 20, .patience = 20, .most_tries = 3}};
  }
  CollectEnd collect(CollectPlan asked = plan(), CollectOptions how = options()) {
    Journal journal(path(), kSettings);
    how.tell = [this](const std::string& line) { told_.push_back(line); };
    Collector collector({.url = played_->url(), .key = "sk-test-0123456789"}, can_, {}, std::move(asked),
                        journal, std::move(how));
    return collector.run();
  }
  std::filesystem::path path() const { return folder_.path() / "x.collecting.jsonl"; }
  std::vector<CollectedBranch> kept(std::size_t questions = 2, std::size_t branches = 3) const {
    const Journal journal(path(), kSettings);
    std::vector<CollectedBranch> all;
    for (std::size_t i = 0; i < questions * branches; ++i) {
      if (journal.has(i / branches, i % branches)) all.push_back(journal.read(i / branches, i % branches));
    }
    return all;
  }
  std::size_t requests() const { return played_->server().requests().size() - before_; }
  std::size_t completions() const { return played_->bodies("/v1/completions").size(); }

  tests::TemporaryFolder folder_;
  std::unique_ptr<PlayedUpstream> played_;
  Capabilities can_;
  std::size_t before_ = 0;
  std::vector<std::string> told_;
};

TEST_F(CollectorTest, RecordsBranchesWithLooksByIds) {
  ask(tests::vllm_like());
  ASSERT_EQ(grade_of(can_), Grade::kExact);
  const CollectEnd end = collect();
  EXPECT_EQ(end.how, How::kComplete) << end.why;
  ASSERT_EQ(kept().size(), 6U);
  std::int64_t written = 0, looked = 0;
  for (const CollectedBranch& each : kept()) {
    EXPECT_EQ(each.text, kSays);
    EXPECT_EQ(each.tokens, kLength);
    EXPECT_THAT(each.looks, testing::ElementsAre("41", "41"));
    EXPECT_EQ(each.signals.at("logprob").size(), 3U);
    EXPECT_EQ(each.signals.at("entropy").size(), 3U);
    EXPECT_EQ(each.spent.requests, 5);  // three segments of at most 8 tokens, two looks
    written += each.spent.branch_tokens;
    looked += each.spent.look_tokens;
  }
  EXPECT_EQ(written, 6 * kLength);
  EXPECT_EQ(looked, 6 * 2 * 3);  // "41" and its end, twice
  EXPECT_EQ(end.last.spent.branch_tokens, written);
  EXPECT_TRUE(told_.empty());
}

TEST_F(CollectorTest, EachSegmentHasASeedOfItsOwn) {
  ask(tests::vllm_like());
  const std::size_t before = completions();
  collect();
  std::set<std::int64_t> seeds;
  std::size_t segments = 0;
  const auto bodies = played_->bodies("/v1/completions");
  for (std::size_t i = before; i < bodies.size(); ++i) {
    if (!bodies[i].contains("seed")) continue;
    ++segments;
    seeds.insert(bodies[i]["seed"].get<std::int64_t>());
  }
  EXPECT_EQ(segments, 18U);
  EXPECT_EQ(seeds.size(), segments);
}

TEST_F(CollectorTest, RecordsByText) {
  tests::Traits traits = tests::plain_like();
  traits.logprobs = tests::Traits::Logprobs::kLists;
  ask(traits);
  ASSERT_EQ(grade_of(can_), Grade::kText);
  CollectPlan asked = plan();
  for (Question& each : asked.questions) each = {.text = "Q:1+1\nT:"};
  const CollectEnd end = collect(asked);
  EXPECT_EQ(end.how, How::kComplete) << end.why;
  ASSERT_EQ(kept().size(), 6U);
  for (const CollectedBranch& each : kept()) {
    EXPECT_EQ(each.text, kSays);
    EXPECT_EQ(each.tokens, kLength);
    EXPECT_THAT(each.looks, testing::ElementsAre("41", "41"));
  }
}

TEST_F(CollectorTest, RecordsWholeSamples) {
  ask(tests::hosted_like());
  ASSERT_EQ(grade_of(can_), Grade::kWholeSamples);
  CollectPlan asked = plan();
  asked.recipe.end_of_thought = "</think>";
  const CollectEnd end = collect(asked);
  EXPECT_EQ(end.how, How::kComplete) << end.why;
  ASSERT_EQ(kept().size(), 6U);
  const std::size_t mark = kSays.find('#');
  for (const CollectedBranch& each : kept()) {
    EXPECT_EQ(each.text, kSays.substr(0, mark) + "</think>" + kSays.substr(mark));
    EXPECT_EQ(each.tokens, kLength);
    EXPECT_TRUE(each.looks.empty());
  }
}

TEST_F(CollectorTest, NothingThatIsWholeIsAskedForAgain) {
  ask(tests::vllm_like());
  EXPECT_EQ(collect(plan(2, 2)).how, How::kComplete);
  const std::size_t first = completions();
  EXPECT_EQ(collect(plan(2, 2)).how, How::kComplete);
  EXPECT_EQ(completions(), first);
  EXPECT_EQ(kept(2, 2).size(), 4U);
}

// Every third request is met by some fault; each branch is whole all the same, and what was in vain is
// counted.
TEST_F(CollectorTest, FaultsLoseNothing) {
  ask(tests::vllm_like());
  std::atomic<int> times{0};
  played_->instead([&](const Seen& seen, int) -> std::optional<Play> {
    if (seen.path != "/v1/completions" || ++times % 3 != 0) return std::nullopt;
    switch (times / 3 % 10) {
      case 0: return Play{.status = 429, .headers = {"retry-after-ms: 5"}, .body = "{}"};
      case 1: return Play{.status = 500, .headers = {"retry-after-ms: 5"}, .body = "{}"};
      case 2: return Play{.body = "<html>busy</html>", .type = "text/html"};
      case 3: return Play{.silent = true};
      case 4: return Play{.type = "text/event-stream", .pieces = {"data: [DONE]\n\n"}};
      case 5:  // more than the second that a request may take
        return Play{.body = "{}", .seconds = 2};
      case 6:  // cut within a character
        return Play{.type = "text/event-stream",
                    .pieces = {"data: {\"choices\":[{\"index\":0,\"text\":\"\xC3"}};
      case 7:  // ids that are none
        return Play{.body =
                        R"({"choices":[{"index":0,"text":"12","token_ids":[49,-7],"finish_reason":"stop"}],)"
                        R"("usage":{"prompt_tokens":1,"completion_tokens":2}})"};
      case 8:  // more tokens than anybody asked for
        return Play{.body = R"({"choices":[{"index":0,"text":"1","token_ids":[49],"finish_reason":"stop"}],)"
                            R"("usage":{"prompt_tokens":1,"completion_tokens":99999}})"};
      default:
        return Play{
            .type = "text/event-stream",
            .pieces = {"data: {\"choices\":[{\"index\":0,\"text\":\"12\",\"token_ids\":[49,50]}]}\n\nda"}};
    }
  });
  CollectOptions how = options();
  how.calls.most_tries = 50;
  how.calls.seconds = 1;
  const CollectEnd end = collect(plan(), how);
  EXPECT_EQ(end.how, How::kComplete) << end.why;
  ASSERT_EQ(kept().size(), 6U);
  for (const CollectedBranch& each : kept()) {
    EXPECT_EQ(each.text, kSays);
    EXPECT_THAT(each.looks, testing::ElementsAre("41", "41"));
  }
  EXPECT_EQ(end.last.spent.branch_tokens, 6 * kLength);
  EXPECT_GT(end.last.spent.lost_requests, 0);
  EXPECT_FALSE(told_.empty());
}

// Events of several tokens, comment lines, no streams, no usage in streams, and ids beside log-probabilities.
TEST_F(CollectorTest, OddServersGiveTheSameBranches) {
  std::vector<tests::Traits> all(5, tests::vllm_like());
  all[0].tokens_per_event = 3;
  all[1].comments = true;
  all[2].streams = false;
  all[3].stream_usage = false;
  all[4] = tests::llama_like();
  all[4].tokens_per_event = 7;
  for (const tests::Traits& traits : all) {
    std::filesystem::remove(path());
    ask(traits);
    const CollectEnd end = collect();
    EXPECT_EQ(end.how, How::kComplete) << name_of(grade_of(can_)) << testing::PrintToString(told_);
    ASSERT_EQ(kept().size(), 6U);
    for (const CollectedBranch& each : kept()) {
      EXPECT_EQ(each.text, kSays);
      EXPECT_EQ(each.tokens, traits.stream_usage ? kLength : kLength - 1);  // who counts its end
      EXPECT_THAT(each.looks, testing::ElementsAre("41", "41"));
    }
  }
}

TEST_F(CollectorTest, ABranchThatFailsIsToldAndTheOthersGoOn) {
  ask(tests::vllm_like());
  played_->instead([&](const Seen& seen, int) -> std::optional<Play> {
    if (seen.path != "/v1/completions" || seen.json().value("seed", 1) % 7 != 0) return std::nullopt;
    return tests::error_answer(400, "no luck");
  });
  const CollectEnd end = collect(plan(4, 8));
  EXPECT_EQ(end.how, How::kFailures);
  const std::size_t whole = kept(4, 8).size();
  EXPECT_LT(whole, 32U);
  EXPECT_GT(whole, 8U);
  EXPECT_THAT(told_, testing::Contains(testing::HasSubstr("no luck")));
  EXPECT_THAT(end.why, testing::HasSubstr(std::to_string(32 - whole) + " branches have not come"));
  played_->instead(nullptr);
  EXPECT_EQ(collect(plan(4, 8)).how, How::kComplete);
}

TEST_F(CollectorTest, AQuestionThatIsRefusedDoesNotStopTheOthers) {
  ask(tests::vllm_like());
  CollectPlan asked = plan(3, 40);
  asked.questions[0].messages[0].content = std::string(2000, 'x');  // more than the context of 1,000
  const CollectEnd end = collect(asked);
  EXPECT_EQ(end.how, How::kFailures);
  EXPECT_EQ(kept(3, 40).size(), 80U);
  EXPECT_THAT(told_, testing::Contains(
                         testing::HasSubstr("question 0, branch 0: the prompt fills the server's context")));
  EXPECT_LE(told_.size(), 6U);
}

TEST_F(CollectorTest, WhereAllFailTheRestIsNotTried) {
  ask(tests::vllm_like());
  played_->instead([&](const Seen& seen, int) -> std::optional<Play> {
    if (seen.path != "/v1/completions") return std::nullopt;
    return tests::error_answer(400, "no luck");
  });
  const CollectEnd end = collect(plan(100, 4));
  EXPECT_EQ(end.how, How::kFailures);
  EXPECT_THAT(end.why, testing::AllOf(testing::HasSubstr("in a row"), testing::HasSubstr("no luck")));
  EXPECT_LT(requests(), 100U);
}

TEST_F(CollectorTest, TheBudgetIsNeverPassed) {
  ask(tests::vllm_like());
  for (const std::int64_t most : {0, 40, 100, 333, 700}) {
    std::filesystem::remove(path());
    CollectOptions how = options();
    how.limits.tokens = most;
    const CollectEnd end = collect(plan(), how);
    EXPECT_EQ(end.how, How::kBudget);
    EXPECT_THAT(end.why, testing::HasSubstr("budget"));
    EXPECT_LE(end.last.spent.prompt_tokens + end.last.spent.written(), most);
  }
  const std::size_t whole = kept().size();
  EXPECT_GT(whole, 0U);
  EXPECT_LT(whole, 6U);
  // What was spent counts when it is gone on with.
  CollectOptions same = options();
  same.limits.tokens = 700;
  EXPECT_EQ(collect(plan(), same).how, How::kBudget);
  CollectOptions more = options();
  more.limits.tokens = 100'000;
  EXPECT_EQ(collect(plan(), more).how, How::kComplete);
}

// A server that works for nothing is paid all the same, at the most that it was asked for.
TEST_F(CollectorTest, RetriesAreWithinTheBudget) {
  ask(tests::vllm_like());
  for (const Play& play :
       {Play{.silent = true},
        Play{.headers = {"retry-after-ms: 1"}, .body = "<html>busy</html>", .type = "text/html"},
        Play{.headers = {"retry-after-ms: 1"},
        .type = "text/event-stream",
        .pieces = {"data: {\"choices\":[]}\n\nda"}}}) {
    std::filesystem::remove(path());
    const std::size_t before = completions();
    played_->instead([&](const Seen& seen, int) -> std::optional<Play> {
      if (seen.path != "/v1/completions") return std::nullopt;
      return play;
    });
    CollectOptions how = options();
    how.calls.most_tries = 1000;
    how.limits.tokens = 400;
    const CollectEnd end = collect(plan(1, 1), how);
    EXPECT_EQ(end.how, How::kBudget) << end.why;
    // A prompt of 8 tokens, and 8 that might have been written.
    const auto tries = static_cast<std::int64_t>(completions() - before);
    EXPECT_GT(tries, 1);
    EXPECT_LE(tries * 16, 400);
    EXPECT_EQ(end.last.spent.lost_requests, tries);
    EXPECT_LE(end.last.spent.prompt_tokens + end.last.spent.written(), 400);
  }
}

// The last note counts requests under way at their worst: a kill forgets what a second brought at most.
TEST_F(CollectorTest, WhatIsUnderWayIsNoted) {
  ask(tests::vllm_like());
  played_->instead([&](const Seen& seen, int) -> std::optional<Play> {
    if (seen.path != "/v1/completions") return std::nullopt;
    return Play{.body = "{}", .seconds = 5};
  });
  CollectOptions how = options();
  std::string noted;
  const auto begin = std::chrono::steady_clock::now();
  how.stop = [&] {
    std::ifstream file(path());
    noted.assign(std::istreambuf_iterator<char>(file), {});
    return std::chrono::steady_clock::now() - begin > std::chrono::seconds(1);
  };
  EXPECT_EQ(collect(plan(1, 4), how).how, How::kStopped);
  std::istringstream lines(noted);
  std::string line, last;
  while (std::getline(lines, line)) last = line;
  const auto json = nlohmann::json::parse(last);
  EXPECT_EQ(json.at("open").at("unseen_tokens"), 4 * 8);
  EXPECT_GE(json.at("open").at("prompt_tokens"), 4 * 8);
}

TEST_F(CollectorTest, StopsWhileTheServerIsAway) {
  ask(tests::vllm_like());
  played_->instead([](const Seen&, int) -> std::optional<Play> {
    return Play{.status = 503, .headers = {"retry-after: 30"}, .body = "{}"};
  });
  CollectOptions how = options();
  how.calls.patience = 600;
  const auto begin = std::chrono::steady_clock::now();
  how.stop = [begin] { return std::chrono::steady_clock::now() - begin > std::chrono::milliseconds(300); };
  const CollectEnd end = collect(plan(), how);
  EXPECT_EQ(end.how, How::kStopped);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5));
}

TEST_F(CollectorTest, AServerThatComesBackIsWaitedFor) {
  ask(tests::vllm_like());
  const auto begin = std::chrono::steady_clock::now();
  played_->instead([begin](const Seen&, int) -> std::optional<Play> {
    if (std::chrono::steady_clock::now() - begin > std::chrono::milliseconds(400)) return std::nullopt;
    return Play{.status = 503, .headers = {"retry-after-ms: 50"}, .body = "{}"};
  });
  EXPECT_EQ(collect().how, How::kComplete);
  EXPECT_EQ(kept().size(), 6U);
}

TEST_F(CollectorTest, ProgressIsTold) {
  ask(tests::vllm_like());
  CollectOptions how = options();
  CollectProgress last;
  int times = 0;
  how.progress = [&](const CollectProgress& at) {
    EXPECT_GE(at.branches, last.branches);
    last = at;
    ++times;
  };
  const CollectEnd end = collect(plan(), how);
  EXPECT_GT(times, 0);
  EXPECT_EQ(end.last.branches, 6U);
  EXPECT_EQ(end.last.wanted, 6U);
  EXPECT_EQ(end.last.seconds_left, 0);
}

}  // namespace
}  // namespace live
