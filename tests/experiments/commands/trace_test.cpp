// `evotts trace` as people and programs use it.
#include <algorithm>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/command_line.hpp"

namespace {

using tests::Ran;

class TraceTest : public tests::CommandLine {
 protected:
  // Interval 100; the first branch dealt under ordering 0 (which is 2 0 1) is the last one recorded.
  static constexpr std::string_view kRecorded =
      R"([{"question":"What is\n1?","gold_answer":"1","probe_freq":100,"each_branch":[)"
      R"([["2","1","1"],350,"1"],[["ERR","2"],250,"2"],[["2","2"],220,"2"]]},)"
      R"({"question":"never","gold_answer":"7","probe_freq":100,"each_branch":[[["3"],130,"3"]]}])";
  static constexpr std::string_view kController =
      "controller small\nstart\n  open 2\nround\n"
      "  advance active by 1\n  prune active and depth >= 3\n  open 1 when round == 0\n"
      "  stop when count(finished) >= 2\nanswer\n  top(finished and depth > 2)\n  top(finished)\n";

  void SetUp() override {
    CommandLine::SetUp();
    write("one.json", kRecorded);
    write("small.ctl", kController);
  }

  std::string traced(std::vector<std::string> more) const {
    std::vector<std::string> arguments{"trace", "small.ctl", "--env", "one.json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Ran ran = evotts(arguments);
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    EXPECT_EQ(ran.err, "");
    return ran.out;
  }
};

std::vector<nlohmann::json> objects_of(const std::string& text) {
  std::vector<nlohmann::json> all;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) all.push_back(nlohmann::json::parse(line));
  return all;
}

TEST_F(TraceTest, TextTellsTheWholeEpisode) {
  EXPECT_EQ(
      traced({}),
      "small.ctl at beta 0.5 on one, question 0, ordering 0\n"
      "question  What is\\n1?\n"
      "gold      1: 1 of 3 recorded branches end with it\n"
      "tokens    100 an interval\n"
      "\n"
      "round        spent  votes                     actions\n"
      "start          200  2:2                       open b0/0=2 b1/2=2\n"
      "0              400  1*:1 2:1                  advance b0=1* b1\n"
      "               500  1*:1 2:1                  open b2/1=ERR\n"
      "1              720  2:2 1*:1                  advance b0 b1# b2=2\n"
      "               720  2:2                       prune b0\n"
      "2              770  2:2                       advance b2#\n"
      "\n"
      "b3/48 is the fourth branch opened, recorded as number 48; =42* an answer that it now gives, * when "
      "right;\n"
      "# its end, x2 twice in a row; a branch without an answer gave the one it gave before. Votes are\n"
      "those of the branches not pruned, by their latest answers.\n"
      "\n"
      "ended     stopped in round 2 by \"stop when count(finished) >= 2\"\n"
      "answer    2 (wrong), by the line \"top(finished)\"\n"
      "cause     pruned: every opened branch that ends with the right answer was pruned\n"
      "total     770 tokens, latency 350, rounds 3, actions 19\n"
      "branches  3 opened: 2 finished, 1 pruned, 0 left unfinished\n"
      "spent     50 after the decision was settled, 300 on pruned, 0 on unfinished branches\n");
}

TEST_F(TraceTest, JsonIsAnObjectForEachActionAndOneForTheResult) {
  const std::vector<nlohmann::json> all = objects_of(traced({"--format", "json", "--probe-cost", "7"}));
  ASSERT_GT(all.size(), 10U);
  std::int64_t cost = 0;
  for (std::size_t i = 0; i + 1 < all.size(); ++i) {
    cost += all[i]["cost"].get<std::int64_t>();
    EXPECT_EQ(all[i]["spent"], cost);
    EXPECT_FALSE(all[i].contains("result"));
    EXPECT_EQ(all[i]["answer"].is_null(), all[i]["action"] != "probe") << all[i];
    EXPECT_EQ(all[i]["right"].is_null(), all[i]["answer"].is_null());
  }
  EXPECT_EQ(all[0]["round"], nullptr);
  EXPECT_EQ(all[0]["action"], "branch");
  EXPECT_EQ(all[2]["recorded"], 2);
  const nlohmann::json& result = all.back();
  EXPECT_EQ(result["result"], "wrong");
  EXPECT_EQ(result["tokens"], cost);
  EXPECT_EQ(result["cause"], "pruned");
  EXPECT_EQ(result["answer"], "2");
  EXPECT_EQ(result["stop_line"], "stop when count(finished) >= 2");
  EXPECT_EQ(result["answer_line"], "top(finished)");
  EXPECT_EQ(result["budget"], nullptr);
  EXPECT_EQ(result["controller"], "small.ctl");
}

TEST_F(TraceTest, StepsShowTheirSignals) {
  write("signals.json",
        R"([{"question": "q", "gold_answer": "7", "probe_freq": 100, "each_branch":
             [[["6", "7"], 250, "7", {"s": [0.5, -1.5, 2]}]]}])");
  write("x.ctl",
        "controller x\nstart\n  open 1\nround\n  advance active by 1\n  stop when not any(active)\nanswer\n  "
        "top(finished)\n");
  const Ran ran = evotts({"trace", "x.ctl", "--env", "signals.json", "--format", "json"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  std::vector<double> shown;
  std::istringstream lines(ran.out);
  for (std::string line; std::getline(lines, line);) {
    const auto object = nlohmann::json::parse(line);
    if (object.contains("signals")) shown.push_back(object["signals"]["s"]);
    if (object.contains("action")) {
      EXPECT_EQ(object.contains("signals"), object["action"] != "probe");
    }
  }
  EXPECT_EQ(shown, (std::vector<double>{0.5, -1.5, 2}));
  EXPECT_EQ(evotts({"trace", "cmc", "--env", "synthetic:seed=2", "--format", "json"}).out.find("signals"),
            std::string::npos);
}

TEST_F(TraceTest, TokensAreThoseThatEvalCounts) {
  const Ran scored = evotts({"eval", "cmc", "--env", "synthetic:questions=1", "--beta", "0.4", "--orderings",
                             "1", "--seed-first", "5", "--format", "json"});
  const Ran told = evotts({"trace", "cmc", "--env", "synthetic:questions=1", "--beta", "0.4", "--ordering",
                           "5", "--format", "json"});
  const double tokens = nlohmann::json::parse(scored.out)[0]["tokens"];
  EXPECT_EQ(objects_of(told.out).back()["tokens"], tokens);
}

TEST_F(TraceTest, RoundsThatDoTheSameShareALine) {
  write(
      "patient.ctl",
      "controller patient\nrounds 9\nstart\n  open 1\nround\n  advance active by 1\nanswer\n  top(active)\n");
  write("long.json", R"([{"question":"q","gold_answer":"1","probe_freq":10,"each_branch":[)"
                     R"([["1","1","1","1","2","2","2","2","2","2","2","2"],150,"2"]]}])");
  const Ran ran = evotts({"trace", "patient.ctl", "--env", "long.json"});
  EXPECT_NE(ran.out.find("\n0-2             40  1*:1                      advance b0\n"
                         "3               50  2:1                       advance b0=2\n"
                         "4-8            100  2:1                       advance b0\n"),
            std::string::npos)
      << ran.out;
  EXPECT_NE(ran.out.find("ended     after all 9 rounds that the controller allows\n"), std::string::npos);
  EXPECT_NE(ran.out.find("answer    2 (wrong), by the line \"top(active)\"\n"), std::string::npos);
}

// Answers are cut short in the text, but rounds that revealed different ones are different.
TEST_F(TraceTest, RoundsThatOnlyLookTheSameDoNotShareALine) {
  const std::string same(20, 'x');
  write("alike.json", R"([{"question":"q","gold_answer":"1","probe_freq":100,"each_branch":[[[")" + same +
                          R"(1",")" + same + R"(2",")" + same + R"(3"],300,"1"]]}])");
  const Ran ran = evotts({"trace", "small.ctl", "--env", "alike.json"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_NE(ran.out.find("\n0              200 "), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("\n1              300 "), std::string::npos) << ran.out;
}

TEST_F(TraceTest, AnswersThatCouldBeMarksAreInQuotes) {
  write("marks.json", R"([{"question":"q","gold_answer":"42","probe_freq":100,"each_branch":[)"
                      R"([["42*","24 or 7"],200,"42"],[["a\"b","-"],200,"-"]]}])");
  const Ran ran = evotts({"trace", "small.ctl", "--env", "marks.json", "--ordering", "1"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  for (const char* shown : {"=\"42*\"", "=\"24 or 7\"", "=\"a\\\"b\"", "=\"-\"", "=42*#"})
    EXPECT_NE(ran.out.find(shown), std::string::npos) << shown << " in\n" << ran.out;
}

TEST_F(TraceTest, LongEpisodesAreCutInTheMiddle) {
  const auto lines_with = [&](const std::string& most) {
    const Ran ran = evotts({"trace", "cmc", "--env", "synthetic:", "--beta", "1", "--lines", most});
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    return std::pair(std::count(ran.out.begin(), ran.out.end(), '\n'),
                     ran.out.find("lines left out") != std::string::npos);
  };
  const auto [all, cut] = lines_with("0");
  EXPECT_GT(all, 50);
  EXPECT_FALSE(cut);
  const auto [few, cut_few] = lines_with("10");
  EXPECT_TRUE(cut_few);
  EXPECT_EQ(few, 6 + 10 + 1 + 11);  // head, actions, what is left out, foot
}

TEST_F(TraceTest, QuestionsAndOrderingsAreChosen) {
  const std::string second = traced({"--question", "1", "--ordering", "3"});
  EXPECT_TRUE(second.starts_with("small.ctl at beta 0.5 on one, question 1, ordering 3\nquestion  never\n"));
  EXPECT_NE(second.find("cause     unrecorded: "), std::string::npos) << second;
  EXPECT_NE(traced({"--ordering", "1"}), traced({"--ordering", "2"}));
  const std::string poor = traced({"--budget", "250"});
  EXPECT_NE(poor.find("tokens    100 an interval, at most 250\n"), std::string::npos) << poor;
  EXPECT_NE(poor.find("ended     in round 0: less than an interval is left of the budget of 250 tokens\n"),
            std::string::npos)
      << poor;
}

TEST_F(TraceTest, BadInputIsRefused) {
  const auto refuse = [&](const std::string& option, const std::string& value,
                          const std::vector<std::string>& words) {
    rejects({"trace", "small.ctl", "--env", "one.json", option, value}, words);
  };
  refuse("--question", "2", {"--question must be a whole number from 0 to 1", "\"2\""});
  refuse("--question", "-1", {"--question must be"});
  refuse("--ordering", "x", {"--ordering must be", "\"x\""});
  refuse("--beta", "2", {"--beta must be numbers from 0 to 1"});
  refuse("--beta", "0,1", {"trace: --beta takes one number, found 2"});
  refuse("--lines", "-1", {"--lines must be"});
  refuse("--budget", "-1", {"--budget must be"});
  refuse("--format", "csv", {"--format must be text or json", "\"csv\""});
  rejects({"trace", "small.ctl"}, {"trace: no environment is named"});
  rejects({"trace", "--env", "one.json"}, {"trace: name a CONTROLLER, or a FILE with --recorded"});
  rejects({"trace", "smal.ctl", "--env", "one.json"}, {"no such file", "did you mean \"small.ctl\""});
  rejects({"trace", "sc", "--env", "one.json", "synthetic:"},
          {"trace: --env takes one environment, found 2 (one, synthetic-1)"});
}

}  // namespace
