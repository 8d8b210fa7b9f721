// `evotts compare` as people and programs use it.
#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <vector>

#include "tests/support/command_line.hpp"

namespace {

using tests::Ran;

class CompareTest : public tests::CommandLine {
 protected:
  static constexpr std::string_view kRecorded =
      R"([{"question":"q","gold_answer":"1","probe_freq":100,)"
      R"("each_branch":[[["2","1"],250,"1"],[["2"],150,"1"],[["2","2"],250,"2"]]}])";

  void SetUp() override {
    CommandLine::SetUp();
    write("one.json", kRecorded);
    write(
        "short.ctl",
        "controller short\nstart\n  open 2\nround\n  advance active by 1\n  stop when round >= 0\nanswer\n  "
        "top(active)\n");
    write("long.ctl",
          "controller long\nstart\n  open 2\nround\n  advance active by 1\n  stop when round >= 2\nanswer\n  "
          "top(finished)\n");
    // short.ctl with other names and words
    write(
        "same.ctl",
        "controller same\nmemory\n  seen = 0\nstart\n  open 2\nround\n  seen = seen + 1\n  advance active by "
        "1\n  stop when seen > 0\nanswer\n  top(active)\n");
  }

  static std::string line_with(const std::string& text, const std::string& words) {
    const std::size_t at = text.find(words);
    if (at == std::string::npos) return "";
    const std::size_t begin = text.rfind('\n', at) + 1;
    return text.substr(begin, text.find('\n', at) - begin);
  }
};

TEST_F(CompareTest, EqualBehaviourIsSaid) {
  const Ran ran = evotts({"compare", "short.ctl", "same.ctl", "--env", "one.json", "synthetic:questions=3"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_TRUE(ran.out.starts_with("A  short.ctl\nB  same.ctl\n\n")) << ran.out;
  EXPECT_TRUE(ran.out.ends_with("\nA and B act alike: the same actions and answers in all 400 episodes\n"))
      << ran.out;
  const auto report = nlohmann::json::parse(
      evotts({"compare", "short.ctl", "same.ctl", "--env", "one.json", "--format", "json"}).out);
  EXPECT_EQ(report["episodes"], report["episodes_alike"]);
  EXPECT_EQ(report["parting"], nullptr);
  EXPECT_EQ(report["questions"].size(), 0U);
}

TEST_F(CompareTest, ShowsWhereEpisodesPart) {
  const Ran ran = evotts({"compare", "short.ctl", "long.ctl", "--env", "one.json", "--ordering", "0"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(
      ran.out.substr(ran.out.find("\nfirst parting: ")),
      "\nfirst parting: one, beta 0.5, question 0, ordering 0: the same 8 actions, then\n"
      "who   round     spent  action\n"
      "both      0       300  continue b0, 100 tokens\n"
      "both      0       300  probe b0=1*\n"
      "both      0       400  continue b1, 100 tokens\n"
      "both      0       400  probe b1=2\n"
      "A     ends  stopped in round 0 by \"stop when round >= 0\"\n"
      "A     ends  400 tokens, answer 1* (right), by the line \"top(active)\"\n"
      "B         1       450  continue b0#, 50 tokens\n"
      "B         1       450  probe b0=1*\n"
      "B         1       500  continue b1#, 50 tokens\n"
      "B         1       500  probe b1=2\n"
      "B     ends  stopped in round 2 by \"stop when round >= 2\"\n"
      "B     ends  500 tokens, answer 1* (right), by the line \"top(finished)\"\n"
      "b3/48 is the fourth branch opened, recorded as number 48; =42* an answer that it now gives, * when "
      "right;\n"
      "# its end\n");
}

TEST_F(CompareTest, PartingsAreChosen) {
  const Ran ran = evotts({"compare", "cmc", "asc", "--env", "synthetic:questions=4", "--orderings", "3",
                          "--question", "2", "--ordering", "9"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_NE(
      ran.out.find("\nfirst parting: synthetic-1, beta 0.5, question 2, ordering 9: the same 0 actions"),
      std::string::npos)
      << ran.out;
  EXPECT_NE(ran.out.find(" more actions\n"), std::string::npos);
  const Ran none = evotts({"compare", "short.ctl", "same.ctl", "--env", "one.json", "--ordering", "7"});
  EXPECT_TRUE(none.out.ends_with("\nfirst parting: none, the episodes asked for are alike\n")) << none.out;
}

TEST_F(CompareTest, JsonHasFiguresQuestionsAndTheParting) {
  const std::vector<std::string> common{"--env",    "synthetic:questions=9,branches=32",
                                        "one.json", "--beta",
                                        "0,0.6",    "--orderings",
                                        "10",       "--format",
                                        "json"};
  std::vector<std::string> arguments{"compare", "cmc", "sc", "--questions", "4"};
  arguments.insert(arguments.end(), common.begin(), common.end());
  const Ran ran = evotts(arguments);
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  const auto report = nlohmann::json::parse(ran.out);
  EXPECT_EQ(report["a"], "cmc");
  EXPECT_EQ(report["b"], "sc");
  EXPECT_EQ(report["episodes"], (9 + 1) * 10 * 2);
  ASSERT_EQ(report["environments"].size(), 4U);
  ASSERT_EQ(report["means"].size(), 2U);
  std::vector<std::string> score{"eval", "cmc", "sc"};
  score.insert(score.end(), common.begin(), common.end());
  const auto cells = nlohmann::json::parse(evotts(score).out);  // by environment, controller, beta
  for (const std::size_t e : {0U, 1U}) {
    for (const std::size_t b : {0U, 1U}) {
      const auto& row = report["environments"][e * 2 + b];
      EXPECT_EQ(row["accuracy_a"], cells[e * 4 + b]["accuracy"]);
      EXPECT_EQ(row["accuracy_b"], cells[e * 4 + 2 + b]["accuracy"]);
      EXPECT_NEAR(row["difference"].get<double>(),
                  row["accuracy_b"].get<double>() - row["accuracy_a"].get<double>(), 0.011);
      EXPECT_LE(row["low"].get<double>(), row["difference"].get<double>() + 0.01);
      EXPECT_GE(row["high"].get<double>(), row["difference"].get<double>() - 0.01);
      EXPECT_LE(row["tokens_low"].get<double>(), row["tokens_difference"].get<double>() + 0.1);
    }
  }
  const auto& questions = report["questions"];
  ASSERT_GE(questions.size(), 1U);
  EXPECT_LE(questions.size(), 4U);
  EXPECT_GE(report["changed_questions"], questions.size());
  for (std::size_t i = 0; i < questions.size(); ++i) {
    const double difference = questions[i]["difference"];
    EXPECT_EQ(difference, questions[i]["right_b"].get<double>() - questions[i]["right_a"].get<double>());
    EXPECT_NE(difference, 0);
    if (i > 0) {
      EXPECT_LE(std::abs(difference), std::abs(questions[i - 1]["difference"].get<double>()));
    }
  }
  const auto& parting = report["parting"];
  EXPECT_EQ(parting["common_actions"], 0);
  EXPECT_EQ(parting["a"]["next"][0]["action"], "branch");
  EXPECT_EQ(parting["b"]["next"][0]["action"], "read");
  EXPECT_TRUE(parting["a"]["right"].is_boolean());
}

TEST_F(CompareTest, TablesTellBothSides) {
  const Ran ran = evotts({"compare", "short.ctl", "long.ctl", "--env", "one.json", "synthetic:questions=3"});
  EXPECT_NE(line_with(ran.out, "environment  ").find("accuracy_a  accuracy_b  difference"), std::string::npos)
      << ran.out;
  EXPECT_NE(ran.out.find("\nmean over 2 environments\n"), std::string::npos);
  EXPECT_NE(ran.out.find("\nchanged sides: "), std::string::npos);
  const Ran csv = evotts({"compare", "short.ctl", "long.ctl", "--env", "one.json", "--format", "csv"});
  EXPECT_TRUE(csv.out.starts_with(
      "environment,beta,accuracy_a,accuracy_b,difference,low,high,tokens_a,tokens_b,tokens_difference,"
      "tokens_low,tokens_high,alike\none,0.5,"))
      << csv.out;
}

TEST_F(CompareTest, CsvHasMeansAndOnRequestTheQuestions) {
  const std::vector<std::string> arguments{"compare",
                                           "cmc",
                                           "sc",
                                           "--env",
                                           "synthetic:questions=9,branches=16",
                                           "synthetic:seed=2,questions=9",
                                           "--beta",
                                           "0.5",
                                           "--format",
                                           "csv"};
  const std::string means = evotts(arguments).out;
  EXPECT_EQ(std::count(means.begin(), means.end(), '\n'), 4) << means;
  EXPECT_NE(means.find("\n(mean),0.5,"), std::string::npos) << means;
  std::vector<std::string> listed = arguments;
  listed.insert(listed.end(), {"--questions", "2"});
  const std::string questions = evotts(listed).out;
  EXPECT_TRUE(questions.starts_with("environment,beta,question,right_a,right_b,")) << questions;
  EXPECT_EQ(std::count(questions.begin(), questions.end(), '\n'), 3) << questions;
}

TEST_F(CompareTest, QuestionsAreCountedOnceForEachBeta) {
  const std::vector<std::string> arguments{
      "compare", "cmc", "sc", "--env", "synthetic:questions=40,branches=32", "--orderings", "5"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), arguments.begin(), arguments.end());
    return evotts(more).out;
  };
  EXPECT_NE(with({"--beta", "0,0.5,1"}).find(" of 120 questions (40 at 3 betas), "), std::string::npos);
  EXPECT_NE(with({"--beta", "0.5"}).find(" of 40 questions, "), std::string::npos);
  const auto report = nlohmann::json::parse(with({"--beta", "0,0.5,1", "--format", "json"}));
  EXPECT_GT(report["questions"].size(), 10U);  // all, where the text lists ten
  EXPECT_EQ(report["changed_questions"], report["questions"].size());
}

TEST_F(CompareTest, ThreadsDoNotMatter) {
  const auto with = [&](const std::string& threads) {
    return evotts(
               {"compare", "cmc", "asc", "--env", "synthetic:questions=5,branches=32", "--threads", threads})
        .out;
  };
  const std::string one = with("1");
  EXPECT_NE(one, "");
  EXPECT_EQ(with("3"), one);
}

TEST_F(CompareTest, BadInputIsRefused) {
  const auto refuse = [&](const std::string& option, const std::string& value,
                          const std::vector<std::string>& words) {
    rejects({"compare", "sc", "asc", "--env", "one.json", option, value}, words);
  };
  refuse("--beta", "x", {"--beta must be numbers from 0 to 1"});
  refuse("--orderings", "0", {"--orderings must be"});
  refuse("--question", "1", {"--question must be a whole number from 0 to 0", "\"1\""});
  refuse("--ordering", "-1", {"--ordering must be"});
  refuse("--questions", "-1", {"--questions must be"});
  refuse("--bootstrap-seed", "x", {"--bootstrap-seed must be"});
  refuse("--format", "xml", {"--format must be table, csv or json"});
  rejects({"compare", "sc", "--env", "one.json"}, {"compare: B is required"});
  rejects({"compare", "sc", "asc"}, {"compare: no environment is named"});
  rejects({"compare", "sc", "ascc", "--env", "one.json"}, {"did you mean \"asc\""});
}

}  // namespace
