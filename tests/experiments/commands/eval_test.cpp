// `evotts eval` as people use it: its three formats, everything it must refuse, and the published numbers.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <vector>

#include "tests/support/command_line.hpp"
#include "tests/support/shared_data.hpp"

namespace {

using tests::Ran;

class EvalTest : public tests::CommandLine {
 protected:
  // One question of two branches: the first is right, the second gives up.
  static constexpr std::string_view kRecorded =
      R"([{"question":"q","gold_answer":"1","probe_freq":500,)"
      R"("each_branch":[[["2","1"],1200,"1"],[["ERR"],700,"ERR"]]}])";

  void SetUp() override {
    CommandLine::SetUp();
    write("good.json", kRecorded);
    write("reader.ctl",
          "controller reader\nstart\n  read 2\nanswer\n  top(finished and not blank(answer))\n");
  }

  // The environment must be refused, with these words.
  void rejects_environment(std::string_view json, const std::vector<std::string>& words) {
    write("bad.json", json);
    std::vector<std::string> all = words;
    all.push_back("bad.json");
    rejects({"eval", "sc", "--env", "bad.json"}, all);
    rejects({"env", "info", "bad.json"}, all);
  }

  static std::string question(std::string_view interval, std::string_view branches) {
    return fmt::format(R"([{{"question":"q","gold_answer":"1","probe_freq":{},"each_branch":{}}}])", interval,
                       branches);
  }
};

// ---- formats ----

TEST_F(EvalTest, CsvHasTheFixedColumnsAndDigits) {
  const Ran ran =
      evotts({"eval", "reader.ctl", "sc", "--env", "good.json", "--beta", "0,0.5", "--format", "csv"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(ran.err, "");
  EXPECT_TRUE(ran.out.starts_with(
      "environment,controller,beta,accuracy,accuracy_low,accuracy_high,tokens,latency_tokens\n"))
      << ran.out;
  EXPECT_NE(
      ran.out.find("\ngood,reader.ctl,0,100.00,100.00,100.00,1900.000,1200.000\ngood,reader.ctl,0.5,100.00,"),
      std::string::npos)
      << ran.out;
  EXPECT_EQ(std::count(ran.out.begin(), ran.out.end(), '\n'), 5);
}

TEST_F(EvalTest, JsonIsAnArrayOfObjectsWithRoundedNumbers) {
  const Ran ran = evotts({"eval", "cmc", "--env", "synthetic:questions=3,branches=16", "--beta", "0,1",
                          "--orderings", "7", "--format", "json"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  const auto rows = nlohmann::json::parse(ran.out);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0]["environment"], "synthetic-1");
  EXPECT_EQ(rows[0]["controller"], "cmc");
  EXPECT_EQ(rows[1]["beta"], 1.0);
  for (const char* key : {"accuracy", "accuracy_low", "accuracy_high", "tokens", "latency_tokens"}) {
    const double value = rows[1][key];
    const int digits = std::string(key).find("tokens") == std::string::npos ? 2 : 3;
    EXPECT_EQ(value, std::stod(fmt::format("{:.{}f}", value, digits))) << key;
  }
}

TEST_F(EvalTest, MeansOverEnvironmentsAreInEveryFormat) {
  const std::vector<std::string> arguments{"eval",   "sc", "--env", "synthetic:questions=3,branches=8",
                                           "--beta", "0.5"};
  const Ran one = evotts(arguments);
  EXPECT_EQ(one.exit_code, 0) << one.err;
  EXPECT_EQ(one.out.find("mean over"), std::string::npos) << one.out;
  std::vector<std::string> both = arguments;
  both.insert(both.begin() + 4, "good.json");
  EXPECT_NE(evotts(both).out.find("\nmean over 2 environments\n"), std::string::npos);
  both.insert(both.end(), {"--format", "json"});
  const auto rows = nlohmann::json::parse(evotts(both).out);
  ASSERT_EQ(rows.size(), 3U);
  const auto& mean = rows[2];
  EXPECT_EQ(mean["environment"], "(mean)");
  EXPECT_EQ(mean["controller"], "sc");
  for (const char* figure : {"accuracy", "tokens", "latency_tokens"}) {
    const double expected = (rows[0][figure].get<double>() + rows[1][figure].get<double>()) / 2;
    EXPECT_NEAR(mean[figure].get<double>(), expected, 0.01) << figure;
  }
  EXPECT_LE(mean["accuracy_low"], mean["accuracy"]);
  EXPECT_GE(mean["accuracy_high"], mean["accuracy"]);
  both.back() = "csv";
  const std::string csv = evotts(both).out;
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 4);
  EXPECT_NE(csv.find("\n(mean),sc,0.5,"), std::string::npos) << csv;
}

TEST_F(EvalTest, QuestionsAreListedInEveryFormat) {
  const std::vector<std::string> arguments{
      "eval",      "sc",          "--env", "synthetic:questions=5,branches=8",
      "good.json", "--beta",      "0.5",   "--orderings",
      "4",         "--questions", "3",     "--format"};
  const auto in = [&](const std::string& format) {
    std::vector<std::string> all = arguments;
    all.push_back(format);
    const Ran ran = evotts(all);
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    return ran.out;
  };
  const auto rows = nlohmann::json::parse(in("json"));
  ASSERT_EQ(rows.size(), 7U);  // two environments, their mean, three questions and one
  for (std::size_t i = 0; i < 3; ++i) EXPECT_TRUE(rows[i]["question"].is_null());
  for (std::size_t i = 3; i < 7; ++i) {
    EXPECT_TRUE(rows[i]["question"].is_number_integer());
    EXPECT_TRUE(rows[i]["accuracy_low"].is_null());
    EXPECT_TRUE(rows[i]["text"].is_string());
  }
  EXPECT_LE(rows[3]["accuracy"], rows[4]["accuracy"]);
  EXPECT_LE(rows[4]["accuracy"], rows[5]["accuracy"]);
  EXPECT_EQ(rows[6]["text"], "q");
  EXPECT_EQ(rows[6]["tokens"], rows[1]["tokens"]);
  const std::string csv = in("csv"), table = in("table");
  EXPECT_TRUE(csv.starts_with("environment,controller,beta,question,accuracy,")) << csv;
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 8);
  EXPECT_NE(table.find("\nquestions by the episodes answered wrong\n"), std::string::npos) << table;
  rejects({"eval", "sc", "--env", "good.json", "--questions", "-1"}, {"--questions must be a whole number"});
}

// Native code or not, in vectors or not: the very same bytes; and a slip in the choice is told.
TEST_F(EvalTest, HowControllersAreRunDoesNotMatter) {
  const std::vector<std::string> command = {
      "eval",   "cmc",   "parallel_probe", "--env", "synthetic:seed=3,questions=8",
      "--beta", "0,0.7", "--format",       "csv"};
  const Ran here = evotts(command);
  ASSERT_EQ(here.exit_code, 0) << here.err;
  const Ran interpreted = evotts(command, {.variables = {{"EVOTTS_NATIVE", "off"}}});
  EXPECT_EQ(interpreted.out, here.out) << interpreted.err;
  const Ran portable = evotts(command, {.variables = {{"EVOTTS_SIMD", "portable"}}});
  EXPECT_EQ(portable.out, here.out) << portable.err;
  for (const char* variable : {"EVOTTS_NATIVE", "EVOTTS_SIMD"}) {
    const Ran slip = evotts(command, {.variables = {{variable, "fast"}}});
    EXPECT_EQ(slip.exit_code, 2);
    EXPECT_THAT(slip.err, testing::HasSubstr(std::string(variable) + " must be "));
  }
}

TEST_F(EvalTest, ThreadsDoNotMatterAndSeedsDo) {
  const auto with = [&](std::vector<std::string> more) {
    std::vector<std::string> arguments{"eval",     "cmc", "esc", "--env", "synthetic:questions=6,branches=32",
                                       "--format", "csv"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Ran ran = evotts(arguments);
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    return ran.out;
  };
  const std::string usual = with({});
  EXPECT_EQ(with({"--threads", "1"}), usual);
  EXPECT_EQ(with({"--threads=4"}), usual);
  EXPECT_EQ(with({"--beta", "0,0.2,0.4,0.6,0.8,1", "--orderings", "100", "--seed-first", "0"}), usual);
  EXPECT_NE(with({"--seed-first", "100"}), usual);
  EXPECT_NE(with({"--bootstrap-seed", "1"}), usual);
  EXPECT_NE(with({"--budget", "20000"}), usual);
  EXPECT_NE(with({"--probe-cost", "10"}), usual);
}

// ---- refusals ----

TEST_F(EvalTest, BadOptionValuesAreRefused) {
  const auto refuse = [&](const std::string& option, const std::string& value,
                          const std::vector<std::string>& words) {
    rejects({"eval", "sc", "--env", "good.json", option, value}, words);
  };
  for (const char* beta : {"nan", "-0.1", "1.5", "inf", "", "x", "0.5x", "1e400", " 0"}) {
    refuse("--beta", fmt::format("0,{}", beta),
           {"--beta must be numbers from 0 to 1", fmt::format("found \"{}\"", beta)});
  }
  for (const char* number : {"0", "-1", "nan", "1.5", "", "99999999999999999999", "10001", "+1", "0x10"}) {
    refuse("--orderings", number, {"--orderings must be a whole number from 1 to 10000", number});
  }
  refuse("--seed-first", "-1", {"--seed-first must be", "\"-1\""});
  refuse("--budget", "-5", {"--budget must be", "\"-5\""});
  refuse("--budget", "", {"--budget must be"});
  refuse("--probe-cost", "-5", {"--probe-cost must be", "\"-5\""});
  refuse("--bootstrap-seed", "x", {"--bootstrap-seed must be", "\"x\""});
  refuse("--threads", "0", {"--threads must be a whole number from 1 to 1024", "\"0\""});
  refuse("--threads", "1025", {"--threads must be"});
  refuse("--format", "xml", {"--format must be table, csv or json"});
}

TEST_F(EvalTest, ControllersAndEnvironmentsMustBeNamed) {
  rejects({"eval", "--env", "good.json", "sc"}, {"eval: no controller is named"});
  rejects({"eval", "sc"}, {"eval: no environment is named", "--env FILE"});
  rejects({"eval", "sc", "--env", "none.json"}, {"none.json"});
  rejects({"eval", "sc", "--env", ""}, {"empty text"});
  rejects({"eval", "sc", "--env", "good.json", "good.json"}, {"good.json: is given twice"});
  rejects({"eval", "sc", "--env", "synthetic:qestions=3"}, {"there is no key \"qestions\""});
  rejects({"eval", "sc", "--env", "synthetic:questions=-3"}, {"questions must be"});
  rejects({"eval", "none.ctl", "--env", "good.json"}, {"none.ctl: no such file"});
}

TEST_F(EvalTest, ControllersThatDoNotCheckAreRefusedWithTheirDiagnostics) {
  write("wrong.ctl", "controller one\nstart\n  read beta_ + 1\nanswer\n  top(finished)\n");
  const auto before = files();
  const Ran ran = evotts({"eval", "wrong.ctl", "none.ctl", "--env", "good.json"});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_EQ(ran.out, "");
  const std::string begin =
      "evotts: wrong.ctl: is not a valid controller:\n"
      "wrong.ctl:3:8: error: expected a known name, found 'beta_' [unknown-name]\n"
      "    read beta_ + 1\n"
      "         ^~~~~\n"
      "  hint: did you mean 'beta'?\n"
      "what there is (evotts language WORD tells more):\n"
      "  observed      beta, round, ";
  EXPECT_TRUE(ran.err.starts_with(begin)) << ran.err;
  EXPECT_TRUE(ran.err.ends_with("\nevotts: none.ctl: no such file\n")) << ran.err;
  EXPECT_EQ(files(), before);
}

TEST_F(EvalTest, BrokenEnvironmentsAreRefused) {
  rejects_environment("", {});
  rejects_environment("[{\"question\": ", {"line 1"});
  rejects_environment(kRecorded.substr(0, kRecorded.size() / 2), {"not valid JSON"});
  rejects_environment("{}", {"array"});
  rejects_environment("[]", {"no questions"});
  rejects_environment(question("500", "[]"), {"question 0"});
  rejects_environment(question("0", R"([[["1"],5,"1"]])"), {"question 0", "probe_freq"});
  rejects_environment(question("-500", R"([[["1"],5,"1"]])"), {"question 0", "probe_freq"});
  rejects_environment(question("NaN", R"([[["1"],5,"1"]])"), {"not valid JSON"});
  rejects_environment(question("500", R"([[["1"],-5,"1"]])"), {"question 0", "branch 0", "-5"});
  rejects_environment(question("500", R"([[["1"],NaN,"1"]])"),
                      {"question 0, branch 0", "NaN is not a finite number"});
  rejects_environment(question("500", R"([[["1"],5]])"), {"question 0", "branch 0"});
  std::filesystem::create_directories(folder_ / "empty");
  rejects({"eval", "sc", "--env", "empty"}, {"empty: no *.json"});
}

// ---- the published numbers ----

std::vector<std::vector<std::string>> rows_of(const std::string& csv) {
  std::vector<std::vector<std::string>> rows;
  std::istringstream lines(csv);
  for (std::string line; std::getline(lines, line);) {
    std::vector<std::string>& row = rows.emplace_back();
    std::istringstream fields(line);
    for (std::string field; std::getline(fields, field, ',');) row.push_back(field);
  }
  rows.erase(rows.begin());
  return rows;
}

// The knob n of a baseline as a beta: n = 2^(1 + 5 beta).
std::string beta_of(const std::string& controller, const std::string& knob) {
  const double value = std::stod(knob);
  return fmt::format("{}", controller == "cmc" ? value : (std::log2(value) - 1) / 5);
}

TEST_F(EvalTest, MeetsThePublishedNumbers) {
  const auto expected = tests::shared_data("expected/parity.csv");
  const auto recorded = tests::shared_data("replay");
  if (!expected || !recorded) GTEST_SKIP() << tests::kNoSharedData;
  const Ran ran = evotts({"eval", "sc", "asc", "esc", "parallel_probe", "cmc", "--env",
                          std::filesystem::absolute(*recorded).string(), "--beta", "0,0.2,0.4,0.5,0.6,0.8,1",
                          "--format", "csv"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  std::map<std::vector<std::string>, std::vector<std::string>> ours;
  for (const auto& row : rows_of(ran.out)) ours[{row[0], row[1], row[2]}] = row;

  std::ifstream file(*expected);
  const auto published = rows_of(std::string(std::istreambuf_iterator<char>(file), {}));
  EXPECT_GE(published.size(), 224U);
  for (const auto& row : published) {
    const std::vector<std::string> place{row[0] + "/" + row[1], row[2], beta_of(row[2], row[3])};
    SCOPED_TRACE(fmt::format("{} {} {}", place[0], place[1], place[2]));
    ASSERT_TRUE(ours.contains(place));
    EXPECT_EQ(ours[place][3], row[4]);
    EXPECT_NEAR(std::stod(ours[place][6]), std::stod(row[5]), 0.01 + 1e-6);
  }
}

}  // namespace
