#include "live/reading/regrade.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>
#include <unistd.h>
#include <vector>

#include "live/reading/texts_file.hpp"
#include "replay/environment/collected.hpp"
#include "replay/environment/input_error.hpp"
#include "replay/environment/reader.hpp"

namespace live {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using Json = nlohmann::json;

class RegradeTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) / fmt::format("evotts_regrade_{}", ::getpid());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    texts_ = folder_ / "e.texts.jsonl.zst";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  static replay::Environment environment(const std::string& collected =
                                             R"("collected":{"model":"m","task":"boxed",)"
                                             R"("look_task":"boxed"},)") {
    return replay::parse_environment(R"([{"question":"q",)" + collected +
                                         R"("gold_answer":"007","probe_freq":10,"each_branch":[)"
                                         R"([["7","ERR"],25,"7",{"b":[-0.5,-1.0,-2.0],"a":[1.0,2.0,3.0]}],)"
                                         R"([[],8,"ERR",{"b":[-4.0],"a":[0.5]}]]}])",
                                     "e", "e.json");
  }

  void write(const std::vector<BranchText>& texts) const {
    TextsWriter writer(texts_);
    for (const BranchText& each : texts) writer.add(each);
    writer.finish();
  }
  void write_usual() const {
    write({{.question = 0, .branch = 1, .text = "so 7", .looks = {}, .reason = "stop"},
           {.question = 0, .branch = 0, .text = "\\boxed{7} of 9", .looks = {"7}", "8"}, .reason = "stop"}});
  }

  std::string failure(const RegradeWords& words = {}, const replay::Environment& of = environment()) const {
    try {
      regraded(of, texts_, words);
    } catch (const replay::InputError& error) {
      return error.what();
    }
    return "";
  }
  // Answers of probes and the final answer of each branch.
  static std::vector<std::vector<std::string>> answers(const replay::Environment& of) {
    std::vector<std::vector<std::string>> all;
    for (const replay::Branch& branch : of.questions[0].branches) {
      const auto text = [&](replay::AnswerId id) {
        return of.questions[0].answers[static_cast<std::size_t>(id)];
      };
      std::vector<std::string>& answers = all.emplace_back();
      for (std::size_t i = 0; i < branch.probes; ++i)
        answers.push_back(text(of.questions[0].probes[branch.first_probe + i]));
      answers.push_back(text(branch.final_answer));
    }
    return all;
  }

  std::filesystem::path folder_, texts_;
};

using Answers = std::vector<std::vector<std::string>>;

TEST_F(RegradeTest, TheSameWordsGiveTheSameAnswers) {
  write_usual();
  const Regraded result = regraded(environment(), texts_, {});
  EXPECT_EQ(result.changed_finals, 0U);
  EXPECT_EQ(result.changed_looks, 0U);
  EXPECT_EQ(answers(result.environment), answers(environment()));
  EXPECT_EQ(result.environment.questions[0].gold, "7");  // in its normal form
  EXPECT_EQ(counts_of(environment()).right, 0U);
  EXPECT_EQ(counts_of(result.environment).right, 1U);
}

TEST_F(RegradeTest, AnotherTaskReadsAnewAndLeavesTheRest) {
  write_usual();
  const replay::Environment before = environment();
  const Regraded result = regraded(before, texts_, {.task = "number"});
  EXPECT_EQ(answers(result.environment), (Answers{{"7", "8", "9"}, {"7"}}));
  EXPECT_EQ(result.changed_finals, 2U);
  EXPECT_EQ(result.changed_looks, 1U);
  const GradeCounts counts = counts_of(result.environment);
  EXPECT_EQ(counts.finals, 2U);
  EXPECT_EQ(counts.looks, 2U);
  EXPECT_EQ(counts.right, 1U);
  EXPECT_EQ(counts.blank_finals + counts.blank_looks, 0U);
  EXPECT_EQ(counts_of(before).blank_finals, 1U);
  EXPECT_EQ(counts_of(before).blank_looks, 1U);

  Json old = Json::parse(replay::to_json(before)), now = Json::parse(replay::to_json(result.environment));
  EXPECT_EQ(now[0]["collected"], Json::parse(R"({"model":"m","task":"number","look_task":"number",)"
                                             R"("look_suffix":"\n</think>\n\nThe final answer is "})"));
  for (Json* each : {&old, &now}) {
    (*each)[0].erase("collected");
    (*each)[0].erase("gold_answer");
    for (Json& branch : (*each)[0]["each_branch"]) {
      branch[0] = branch[0].size();
      branch.erase(2);
    }
  }
  EXPECT_EQ(now, old);
  EXPECT_EQ(result.environment.questions[0].signals, before.questions[0].signals);
  EXPECT_EQ(result.environment.written_signals, (std::vector<std::string>{"b", "a"}));
}

TEST_F(RegradeTest, TheWordsOfLooksMayDiffer) {
  write_usual();
  EXPECT_EQ(answers(regraded(environment(), texts_, {.look_task = "number"}).environment),
            (Answers{{"7", "8", "7"}, {"ERR"}}));
  EXPECT_EQ(answers(regraded(environment(), texts_, {.look_suffix = "\\boxed{1"}).environment),
            (Answers{{"17", "ERR", "7"}, {"ERR"}}));
}

TEST_F(RegradeTest, WhatIsNotGivenStaysAsItWasCollected) {
  const auto words = [](const std::string& collected, const RegradeWords& given) {
    return words_of(environment(collected), given);
  };
  const std::string same = R"("collected":{"task":"boxed","look_task":"boxed","look_suffix":"\\boxed{"},)";
  EXPECT_EQ(words(same, {}).task, "boxed");
  EXPECT_EQ(words(same, {}).look_suffix, "\\boxed{");
  EXPECT_EQ(words(same, {.task = "letter"}).look_task, std::nullopt);  // it follows
  EXPECT_EQ(words(same, {.task = "letter"}).look_suffix, "\\boxed{");
  const std::string differs = R"("collected":{"task":"boxed","look_task":"after:!"},)";
  EXPECT_EQ(words(differs, {.task = "number"}).look_task, "after:!");
  EXPECT_EQ(words(differs, {.look_task = "number"}).look_task, "number");
  EXPECT_EQ(words("", {.task = "letter"}).task, "letter");
  EXPECT_EQ(
      words(R"("collected":{"task":1,"look_task":[],"look_suffix":null},)", {.task = "letter"}).look_suffix,
      std::nullopt);
}

TEST_F(RegradeTest, WithoutATaskItIsRefused) {
  write_usual();
  EXPECT_EQ(failure({}, environment("")),
            "e.json: does not tell the task it was collected with; name one with --task");
  EXPECT_EQ(failure({.task = "boxed"}, environment("")), "");
  EXPECT_THAT(failure({.task = "box"}), HasSubstr("extractor \"box\": must be"));
  EXPECT_THAT(failure({}, environment(R"("collected":{"task":"regex:("},)")),
              HasSubstr("no regular expression"));
}

TEST_F(RegradeTest, TextsMustBeThoseOfTheEnvironment) {
  const BranchText first{.question = 0, .branch = 0, .text = "", .looks = {"", ""}, .reason = ""};
  const BranchText second{.question = 0, .branch = 1, .text = "", .looks = {}, .reason = ""};
  write({first});
  EXPECT_THAT(failure(),
              AllOf(HasSubstr("e.texts.jsonl.zst: has no text of question 0, branch 1 of e.json")));
  write({first, second, {.question = 0, .branch = 2, .text = "", .looks = {}, .reason = ""}});
  EXPECT_THAT(failure(), HasSubstr("e.texts.jsonl.zst: has question 0, branch 2, which e.json has not"));
  write({first, second, {.question = 1, .branch = 0, .text = "", .looks = {}, .reason = ""}});
  EXPECT_THAT(failure(), HasSubstr("has question 1, branch 0, which e.json has not"));
  write({{.question = 0, .branch = 0, .text = "", .looks = {""}, .reason = ""}, second});
  EXPECT_THAT(failure(), HasSubstr("question 0, branch 0 has 1 looks there and 2 probes in e.json"));
  std::filesystem::remove(texts_);
  EXPECT_THAT(failure(), HasSubstr("e.texts.jsonl.zst: cannot be opened"));
}

TEST_F(RegradeTest, AHostileCollectedIsRefusedOrKept) {
  write_usual();
  std::string deep = "1";
  for (int i = 0; i < 900; ++i) deep = "[" + deep + "]";
  EXPECT_EQ(failure({.task = "boxed"}, environment("\"collected\":{\"a\":" + deep + "},")),
            "e.json: question 0: collected is nested too deep, or has too many values");
  const std::string full(replay::kMaxCollectedBytes - 30, 'x');
  EXPECT_EQ(failure({.task = "boxed"}, environment("\"collected\":{\"a\":\"" + full + "\"},")),
            "e.json: question 0: collected has no room for the words of the task");
  EXPECT_EQ(failure({.task = "after:\xff"}), "");
  const Regraded result = regraded(environment(), texts_, {.task = "after:\xff"});
  EXPECT_THAT(replay::to_json(result.environment), HasSubstr("after:\xEF\xBF\xBD"));
}

TEST_F(RegradeTest, AGoldAnswerWithNothingInItIsTold) {
  write_usual();
  replay::Environment empty = environment();
  empty.questions[0].gold = "$$";
  EXPECT_EQ(failure({}, empty), "e.json: question 0: gold answer \"$$\": holds no answer");
}

}  // namespace
}  // namespace live
