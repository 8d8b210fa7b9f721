// A branch while it is recorded: any cuts into segments, any order of replies, and the same branch.
#include "live/collect/branch_recorder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace live {
namespace {

// A model that says a known text, a token a byte; it ends, or goes on until it is cut.
struct Model {
  std::string says;
  bool end_is_counted = true;  // usage counts the end token, which has no id
  bool by_ids = true;

  Segment reply(const Ask& ask, const Branch& branch) const {
    Segment segment{.good = true};
    if (ask.kind == Ask::Kind::kLook) {
      segment.text = by_ids ? std::to_string(branch.ids.size()) : std::to_string(branch.text.size());
      segment.counted = CountedBy::kUsage;
      return segment;
    }
    const std::size_t at = branch.text.size();
    segment.text = says.substr(at, static_cast<std::size_t>(ask.tokens));
    segment.tokens = static_cast<std::int64_t>(segment.text.size());
    for (const char c : segment.text) {
      if (by_ids) segment.ids.push_back(static_cast<unsigned char>(c));
      segment.logprobs.push_back(-1);
    }
    segment.counted = by_ids ? CountedBy::kIds : CountedBy::kLogprobs;
    segment.finished = segment.tokens < ask.tokens;
    segment.reason = segment.finished ? "stop" : "length";
    segment.usage = {.input = ask.prompt_tokens,
                     .output = segment.tokens + (segment.finished && end_is_counted ? 1 : 0)};
    if (segment.tokens == 0) segment.counted = CountedBy::kUsage;
    return segment;
  }
};

std::shared_ptr<const Prompt> prompt(bool by_ids) {
  Prompt prompt{.text = "Q"};
  if (by_ids) prompt.ids = {'Q'};
  return std::make_shared<const Prompt>(prompt);
}

// Answers one open request after the other, in an order that `pick` decides.
CollectedBranch recorded(const Recipe& recipe, const Model& model,
                         const std::function<std::size_t(std::size_t)>& pick) {
  BranchRecorder recorder(recipe, prompt(model.by_ids), 1);
  std::vector<Ask> open;
  for (int turn = 0; turn < 10'000; ++turn) {
    for (Ask& ask : recorder.asks()) open.push_back(std::move(ask));
    if (recorder.over()) break;
    if (open.empty()) throw std::runtime_error("nothing is asked for, and the branch is not over");
    const auto at = open.begin() + static_cast<std::ptrdiff_t>(pick(open.size()));
    const Ask ask = std::move(*at);
    open.erase(at);
    if (ask.kind == Ask::Kind::kCount)
      recorder.take_count(static_cast<std::int64_t>(ask.text.size()));
    else if (ask.kind == Ask::Kind::kLook)
      recorder.take_look(ask.look, model.reply(ask, recorder.beginning_of(ask)));
    else
      recorder.take(model.reply(ask, recorder.beginning_of(ask)));
  }
  if (!recorder.over()) throw std::runtime_error(recorder.fault());
  return recorder.finish();
}

std::size_t first(std::size_t) { return 0; }

std::vector<std::string> multiples(std::size_t interval, std::size_t below) {
  std::vector<std::string> all;
  for (std::size_t at = interval; at < below; at += interval) all.push_back(std::to_string(at));
  return all;
}

TEST(BranchRecorder, LooksStandAtEveryIntervalBeforeTheEnd) {
  const Model model{.says = std::string(19, 'a')};
  const CollectedBranch branch = recorded({.interval = 5, .segment_tokens = 10}, model, first);
  EXPECT_EQ(branch.tokens, 20);
  EXPECT_EQ(branch.text, model.says);
  EXPECT_THAT(branch.looks, testing::ElementsAre("5", "10", "15"));
  EXPECT_EQ(branch.signals.at("logprob").size(), 4U);
  EXPECT_FALSE(branch.cut);
}

TEST(BranchRecorder, AnEndAtAnIntervalIsSeenThereOnlyIfItsTokenFollows) {
  const CollectedBranch counted =
      recorded({.interval = 5, .segment_tokens = 5}, {.says = std::string(10, 'a')}, first);
  EXPECT_EQ(counted.tokens, 11);
  EXPECT_THAT(counted.looks, testing::ElementsAre("5", "10"));
  const CollectedBranch not_counted = recorded(
      {.interval = 5, .segment_tokens = 5}, {.says = std::string(10, 'a'), .end_is_counted = false}, first);
  EXPECT_EQ(not_counted.tokens, 10);
  EXPECT_THAT(not_counted.looks, testing::ElementsAre("5"));
}

TEST(BranchRecorder, ThereAreNoLooksBehindTheThought) {
  const Model model{.says = "aaaaaaaaaaaa</t>bbbbbbbbbbbbbbbb"};  // the thought has 16 tokens
  for (const std::int64_t segment : {5, 10, 15, 100}) {
    const CollectedBranch branch =
        recorded({.interval = 5, .segment_tokens = segment, .end_of_thought = "</t>"}, model, first);
    EXPECT_EQ(branch.text, model.says);
    EXPECT_THAT(branch.looks, testing::ElementsAre("5", "10", "15")) << segment;
    EXPECT_EQ(branch.signals.at("logprob").size(), 4U);
  }
  const CollectedBranch at_interval =
      recorded({.interval = 4, .segment_tokens = 8, .end_of_thought = "</t>"}, model, first);
  EXPECT_THAT(at_interval.looks, testing::ElementsAre("4", "8", "12"));
}

TEST(BranchRecorder, ALimitCuts) {
  const Model model{.says = std::string(100, 'a')};
  const CollectedBranch mine =
      recorded({.interval = 5, .segment_tokens = 10, .most_tokens = 23}, model, first);
  EXPECT_TRUE(mine.cut);
  EXPECT_EQ(mine.tokens, 23);
  EXPECT_THAT(mine.looks, testing::ElementsAre("5", "10", "15", "20"));
  // The server's: a prompt of one token, and a suffix of one and two tokens of a look.
  const Recipe small{.interval = 5,
                     .segment_tokens = 10,
                     .look_tokens = 2,
                     .context = 21,
                     .suffix = {.text = "!", .ids = {'!'}}};
  const CollectedBranch servers = recorded(small, model, first);
  EXPECT_TRUE(servers.cut);
  EXPECT_EQ(servers.tokens, 20);
  EXPECT_THAT(servers.looks, testing::ElementsAre("5", "10", "15"));
}

TEST(BranchRecorder, JoinedByTextASegmentIsAnInterval) {
  const Model model{.says = std::string(19, 'a'), .by_ids = false};
  const CollectedBranch branch = recorded({.grade = Grade::kText, .interval = 5}, model, first);
  EXPECT_EQ(branch.tokens, 20);
  EXPECT_THAT(branch.looks, testing::ElementsAre("5", "10", "15"));
}

TEST(BranchRecorder, WholeSamplesHaveNoLooks) {
  const Model model{.says = std::string(19, 'a'), .by_ids = false};
  const CollectedBranch branch = recorded({.grade = Grade::kWholeSamples, .interval = 5}, model, first);
  EXPECT_EQ(branch.tokens, 20);
  EXPECT_TRUE(branch.looks.empty());
}

TEST(BranchRecorder, ABranchOfUnknownLengthIsAFault) {
  BranchRecorder recorder({.grade = Grade::kText, .interval = 5}, prompt(false), 1);
  ASSERT_EQ(recorder.asks().size(), 1U);
  recorder.take({.text = "some words", .finished = true, .reason = "stop", .good = true});
  EXPECT_THAT(recorder.fault(), testing::HasSubstr("does not tell how many tokens"));
  EXPECT_FALSE(recorder.over());
  EXPECT_TRUE(recorder.asks().empty());
}

TEST(BranchRecorder, APromptThatFillsTheContextIsAFault) {
  BranchRecorder recorder({.context = 1}, prompt(true), 1);
  EXPECT_TRUE(recorder.asks().empty());
  EXPECT_THAT(recorder.fault(), testing::HasSubstr("the prompt fills the server's context of 1 tokens"));
}

TEST(BranchRecorder, WhatDoesNotGrowIsOver) {
  BranchRecorder recorder({.grade = Grade::kExact, .interval = 5, .segment_tokens = 5}, prompt(true), 1);
  ASSERT_EQ(recorder.asks().size(), 1U);
  recorder.take(
      {.counted = CountedBy::kUsage, .reason = "length", .usage = {.input = 1, .output = 1}, .good = true});
  EXPECT_TRUE(recorder.over());
  EXPECT_TRUE(recorder.finish().cut);
}

TEST(BranchRecorder, AThoughtApartCannotBeGoneOnWith) {
  BranchRecorder recorder({.grade = Grade::kText, .interval = 5}, prompt(false), 1);
  ASSERT_EQ(recorder.asks().size(), 1U);
  recorder.take({.thought = "hm", .tokens = 2, .counted = CountedBy::kUsage, .good = true});
  EXPECT_THAT(recorder.fault(), testing::HasSubstr("reasoning parser"));
}

RC_GTEST_PROP(BranchRecorder, IsTheSameHoweverItIsCutAndWhateverComesFirst, ()) {
  const auto length = *rc::gen::inRange<std::size_t>(0, 60);
  const auto mark_at = *rc::gen::inRange<std::size_t>(0, 80);
  const auto interval = *rc::gen::inRange<std::int64_t>(1, 12);
  Model model{.says = std::string(length, 'a'), .end_is_counted = *rc::gen::arbitrary<bool>()};
  const bool marked = mark_at + 3 <= length;
  if (marked) model.says.replace(mark_at, 3, "</t");
  const Recipe recipe{.interval = interval,
                      .segment_tokens = interval * *rc::gen::inRange<std::int64_t>(1, 6),
                      .most_tokens = *rc::gen::inRange<std::int64_t>(1, 90),
                      .end_of_thought = "</t"};
  const CollectedBranch branch =
      recorded(recipe, model, [](std::size_t count) { return *rc::gen::inRange<std::size_t>(0, count); });
  const auto most = static_cast<std::size_t>(recipe.most_tokens);
  const bool cut = length >= most;
  const std::size_t tokens = cut ? most : length + (model.end_is_counted ? 1 : 0);
  RC_ASSERT(branch.text == model.says.substr(0, most));
  RC_ASSERT(branch.cut == cut);
  RC_ASSERT(static_cast<std::size_t>(branch.tokens) == tokens);
  const bool ends = marked && mark_at + 3 <= most;
  const std::size_t thought = ends ? std::min(mark_at + 3, tokens) : tokens;
  RC_ASSERT(branch.looks == multiples(static_cast<std::size_t>(interval), thought));
}

}  // namespace
}  // namespace live
