// `evotts diagnose` as people and programs use it.
#include <algorithm>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <vector>

#include "tests/support/command_line.hpp"

namespace {

using tests::Ran;

constexpr const char* kOutcomes[] = {"right", "unrecorded", "unopened", "pruned", "early", "outvoted"};

class DiagnoseTest : public tests::CommandLine {
 protected:
  // The first question is always won by reading both branches, the second lost to a tie or won, the third
  // has no right branch.
  static constexpr std::string_view kRecorded =
      R"([{"question":"easy","gold_answer":"1","probe_freq":100,"each_branch":[[[],100,"1"],[[],100,"1"]]},)"
      R"({"question":"even","gold_answer":"1","probe_freq":100,"each_branch":[[[],100,"1"],[[],100,"2"]]},)"
      R"({"question":"hard","gold_answer":"1","probe_freq":100,"each_branch":[[[],100,"2"],[[],100,"3"]]}])";

  void SetUp() override {
    CommandLine::SetUp();
    write("one.json", kRecorded);
    write("reader.ctl", "controller reader\nstart\n  read 2\nanswer\n  top(finished)\n");
  }

  static double sum_of(const nlohmann::json& row) {
    double sum = 0;
    for (const char* outcome : kOutcomes) sum += row[outcome].get<double>();
    return sum;
  }
};

TEST_F(DiagnoseTest, TableTellsCausesAndTokens) {
  const Ran ran = evotts({"diagnose", "reader.ctl", "--env", "one.json", "--questions", "5"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(ran.err, "");
  EXPECT_TRUE(ran.out.starts_with(
      "environment  beta  right  unrecorded  unopened  pruned  early  outvoted  tokens  settled_tokens  "
      "pruned_tokens  unfinished_tokens\n"))
      << ran.out;
  EXPECT_EQ(ran.out.find("over "), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("\nquestions by the episodes lost though the right answer was recorded\n"),
            std::string::npos);
  EXPECT_NE(ran.out.find("even\n"), std::string::npos) << ran.out;
  EXPECT_EQ(ran.out.find("hard\n"), std::string::npos) << ran.out;
}

TEST_F(DiagnoseTest, CsvHasTheMeansOfSeveralEnvironments) {
  const Ran ran = evotts({"diagnose", "sc", "--env", "one.json", "synthetic:questions=3", "--format", "csv"});
  EXPECT_EQ(std::count(ran.out.begin(), ran.out.end(), '\n'), 4) << ran.out;
  EXPECT_NE(ran.out.find("\n(mean),0.5,"), std::string::npos) << ran.out;
}

TEST_F(DiagnoseTest, CsvGivesTheEnvironmentsOrTheQuestions) {
  const std::vector<std::string> arguments{"diagnose", "reader.ctl", "--env",    "one.json",
                                           "--beta",   "0,1",        "--format", "csv"};
  const Ran rows = evotts(arguments);
  EXPECT_EQ(rows.out,
            "environment,beta,right,unrecorded,unopened,pruned,early,outvoted,tokens,settled_tokens,"
            "pruned_tokens,unfinished_tokens\n"
            "one,0,49.00,33.33,0.00,0.00,0.00,17.67,200.0,50.00,0.00,0.00\n"
            "one,1,49.00,33.33,0.00,0.00,0.00,17.67,200.0,50.00,0.00,0.00\n");
  std::vector<std::string> worst = arguments;
  worst.insert(worst.end(), {"--questions", "1"});
  EXPECT_EQ(evotts(worst).out,
            "environment,beta,question,right,unrecorded,unopened,pruned,early,outvoted,tokens,settled_tokens,"
            "pruned_tokens,unfinished_tokens,text\n"
            "one,0,1,47.00,0.00,0.00,0.00,0.00,53.00,200.0,50.00,0.00,0.00,even\n");
}

TEST_F(DiagnoseTest, JsonHasEverythingAndOutcomesAddUp) {
  const Ran ran = evotts({"diagnose", "cmc", "--env", "synthetic:questions=8,branches=32", "one.json",
                          "--beta", "0,0.7", "--orderings", "10", "--questions", "3", "--format", "json"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  const auto report = nlohmann::json::parse(ran.out);
  EXPECT_EQ(report["controller"], "cmc");
  ASSERT_EQ(report["environments"].size(), 4U);
  ASSERT_EQ(report["total"].size(), 2U);
  ASSERT_EQ(report["questions"].size(), 3U);
  for (const char* part : {"environments", "total", "questions"}) {
    for (const auto& row : report[part]) EXPECT_NEAR(sum_of(row), 100, 0.05) << row;
  }
  const auto lost = [](const nlohmann::json& row) {
    return 100 - row["right"].get<double>() - row["unrecorded"].get<double>();
  };
  EXPECT_GE(lost(report["questions"][0]), lost(report["questions"][1]));
  EXPECT_GE(lost(report["questions"][1]), lost(report["questions"][2]));

  const Ran scored = evotts({"eval", "cmc", "--env", "synthetic:questions=8,branches=32", "--beta", "0.7",
                             "--orderings", "10", "--format", "json"});
  const auto cell = nlohmann::json::parse(scored.out)[0];
  EXPECT_EQ(report["environments"][1]["right"], cell["accuracy"]);
  EXPECT_NEAR(report["environments"][1]["tokens"].get<double>(), cell["tokens"].get<double>(), 0.051);
}

TEST_F(DiagnoseTest, TheTableEndsWithAllEnvironmentsTogether) {
  const Ran ran = evotts({"diagnose", "reader.ctl", "--env", "one.json", "synthetic:questions=2,branches=4"});
  EXPECT_NE(ran.out.find("\nmean over 2 environments\nbeta  right"), std::string::npos) << ran.out;
}

// One environment has three questions and the other one; both count the same.
TEST_F(DiagnoseTest, TheMeanCountsEnvironmentsTheSame) {
  write("lost.json", R"([{"question":"lost","gold_answer":"1","probe_freq":100,)"
                     R"("each_branch":[[[],300,"2"],[[],300,"3"]]}])");
  const Ran ran = evotts({"diagnose", "reader.ctl", "--env", "one.json", "lost.json", "--format", "json"});
  const auto report = nlohmann::json::parse(ran.out);
  const double right = report["environments"][0]["right"].get<double>();
  EXPECT_NEAR(report["total"][0]["right"].get<double>(), right / 2, 0.01);
  EXPECT_NEAR(report["total"][0]["unrecorded"].get<double>(), (100.0 / 3 + 100) / 2, 0.01);
  EXPECT_EQ(report["total"][0]["tokens"], (200 + 600) / 2);
}

TEST_F(DiagnoseTest, JsonListsAllQuestionsWithTheirWholeText) {
  const std::string words(60, 'w');
  write("long.json", R"([{"question":")" + words + R"(\n\"a\", b","gold_answer":"1","probe_freq":100,)" +
                         R"("each_branch":[[[],100,"1"],[[],100,"2"]]}])");
  const Ran ran = evotts({"diagnose", "reader.ctl", "--env", "long.json", "--format", "json"});
  const auto report = nlohmann::json::parse(ran.out);
  ASSERT_EQ(report["questions"].size(), 1U) << ran.out;
  EXPECT_EQ(report["questions"][0]["text"], words + "\n\"a\", b");
  const Ran none =
      evotts({"diagnose", "reader.ctl", "--env", "long.json", "--format", "json", "--questions", "0"});
  EXPECT_EQ(nlohmann::json::parse(none.out)["questions"].size(), 0U);
}

TEST_F(DiagnoseTest, ThreadsDoNotMatter) {
  const auto with = [&](const std::string& threads) {
    return evotts({"diagnose", "cmc", "--env", "synthetic:questions=6,branches=32", "--threads", threads,
                   "--questions", "4"})
        .out;
  };
  const std::string one = with("1");
  EXPECT_NE(one, "");
  EXPECT_EQ(with("3"), one);
}

TEST_F(DiagnoseTest, BadInputIsRefused) {
  const auto refuse = [&](const std::string& option, const std::string& value,
                          const std::vector<std::string>& words) {
    rejects({"diagnose", "sc", "--env", "one.json", option, value}, words);
  };
  refuse("--beta", "2", {"--beta must be numbers from 0 to 1"});
  refuse("--orderings", "0", {"--orderings must be"});
  refuse("--questions", "x", {"--questions must be a whole number", "\"x\""});
  refuse("--threads", "0", {"--threads must be"});
  refuse("--format", "text", {"--format must be table, csv or json"});
  rejects({"diagnose", "sc"}, {"diagnose: no environment is named"});
  rejects({"diagnose"}, {"diagnose: CONTROLLER is required"});
  rejects({"diagnose", "scc", "--env", "one.json"}, {"did you mean \"sc\""});
  rejects({"diagnose", "sc", "--env", "none.json"}, {"none.json"});
}

}  // namespace
