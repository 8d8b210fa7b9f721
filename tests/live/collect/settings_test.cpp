// What a collection was asked for, as a question to a model and as an object of JSON.
#include "live/collect/settings.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace live {
namespace {

using nlohmann::json;

TEST(CollectSettings, WhatDecidesOverABranchIsToldApart) {
  const ReadingTask task({.task = "number"});
  const std::vector<CollectQuestion> questions = {{"1+1", "2"}};
  const Capabilities can{.model = "small", .completions = true};
  CollectSettings settings;
  const json first = settings_json(settings, task, can, questions);
  settings.branches = 3;  // can be enlarged
  EXPECT_EQ(settings_json(settings, task, can, questions), first);
  settings.sampling.temperature = 0.5;
  EXPECT_NE(settings_json(settings, task, can, questions), first);
  EXPECT_NE(settings_json({}, task, can, {{"1+1", "3"}})["questions"], first["questions"]);
  EXPECT_NE(settings_json({}, task, can, {{"1+12", ""}})["questions"], first["questions"]);
}

TEST(CollectSettings, AQuestionIsAskedAsItIsSaid) {
  const ReadingTask task({.task = "number", .prompt = "Q: {question}"});
  const Question chat = question_of({.system = "Be brief."}, task, "1+1");
  ASSERT_EQ(chat.messages.size(), 2U);
  EXPECT_EQ(chat.messages[0].content, "Be brief.");
  EXPECT_EQ(chat.messages[1].content, "Q: 1+1");
  EXPECT_EQ(question_of({.raw = true}, task, "1+1").text, "Q: 1+1");
}

}  // namespace
}  // namespace live
