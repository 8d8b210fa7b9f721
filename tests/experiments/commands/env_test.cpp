// What is said of environments and done with them: env info, env check, env convert, env regrade, env synth.
#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "live/reading/texts_file.hpp"
#include "tests/support/command_line.hpp"

namespace {

using testing::HasSubstr;
using testing::Not;
using tests::Ran;
using Json = nlohmann::json;

class EnvTest : public tests::CommandLine {
 protected:
  static constexpr std::string_view kSeen =
      R"([{"question":"q","gold_answer":"7","probe_freq":10,"each_branch":[)"
      R"([["7"],15,"7",{"logprob":[-0.25,-0.0],"entropy":[0.5,1e-05]}],)"
      R"([[],8,"8",{"logprob":[-2.0],"entropy":[1.5]}]]}])";
};

TEST_F(EnvTest, ConvertWritesTheCanonicalForm) {
  write("seen.json", kSeen);
  EXPECT_EQ(evotts({"env", "convert", "seen.json", "-o", "-"}).out, kSeen);
  const Ran written = evotts({"env", "convert", "seen.json", "-o", "same.json"});
  EXPECT_EQ(written.out, "same.json: written, 1 questions, signals: entropy, logprob\n");
  EXPECT_EQ(read("same.json"), kSeen);
  rejects({"env", "convert", "seen.json", "-o", "same.json"}, {"same.json: exists already", "--force"});
  const Ran plain = evotts({"env", "convert", "seen.json", "-o", "same.json", "--force", "--drop-signals"});
  EXPECT_EQ(plain.out, "same.json: written, 1 questions, signals: none\n");
  EXPECT_THAT(read("same.json"), Not(HasSubstr("logprob")));
  const Json branches = Json::parse(read("same.json"))[0]["each_branch"];
  EXPECT_EQ(branches, Json::parse(R"([[["7"], 15, "7"], [[], 8, "8"]])"));
}

TEST_F(EnvTest, ConvertRefusesWhatIsNoSingleFile) {
  write("a/one.json", kSeen);
  write("a/two.json", kSeen);
  rejects({"env", "convert", "a", "-o", "x.json"}, {"a: holds 2 environments"});
  rejects({"env", "convert", "nowhere.json", "-o", "x.json"}, {"nowhere.json: cannot be opened"});
  rejects({"env", "convert", "a/one.json"}, {"--output is required"});
  rejects({"env", "convert", "a/one.json", "-o", "b/x.json"}, {"the folder b does not exist"});
}

TEST_F(EnvTest, InfoTellsSignals) {
  write("seen.json", kSeen);
  const std::vector<std::string> both{"env", "info", "seen.json", "synthetic:questions=2"};
  EXPECT_THAT(
      evotts(both).out,
      HasSubstr("signal entropy        AUC 1.000 over 1 questions; its mean is smaller when right\n"));
  std::vector<std::string> as_json = both;
  as_json.insert(as_json.end(), {"--format", "json"});
  const Json rows = Json::parse(evotts(as_json).out);
  EXPECT_EQ(rows[0]["logprob_auc"], 1);
  EXPECT_EQ(rows[0]["logprob_when_right"], "larger");
  EXPECT_TRUE(rows[1]["logprob_auc"].is_null());
  EXPECT_FALSE(
      Json::parse(evotts({"env", "info", "synthetic:questions=2", "--format", "json"}).out)[0].contains(
          "logprob_auc"));
}

TEST_F(EnvTest, InfoTellsHowItWasCollected) {
  const auto told = [&](const std::string& collected) {
    write("told.json", R"([{"question":"q","gold_answer":"7","probe_freq":10,"each_branch":[[["7"],15,"7"]],)"
                       R"("collected":)" +
                           collected + "}]");
    return evotts({"env", "info", "told.json"});
  };
  EXPECT_THAT(
      told(R"({"model":"small","server":{"name":"vLLM","version":"0.8"},"sampling":{"temperature":0.6,)"
           R"("top_p":0.95},"interval":10,"max_tokens":4096,"task":"boxed","date":"2026-11-28"})")
          .out,
      HasSubstr("\n  collected\n"
                "    model               small\n"
                "    server              name vLLM, version 0.8\n"
                "    sampling            temperature 0.6, top_p 0.95\n"
                "    interval            10\n"
                "    most tokens         4096\n"
                "    task                boxed\n"
                "    date                2026-11-28\n"));
  const Ran hostile =
      told(R"({"model":"a\u001b[31m\nb\u202e","server":[1],"sampling":{"x":{}},"task":null,"date":1e99})");
  EXPECT_EQ(hostile.exit_code, 0) << hostile.err;
  EXPECT_THAT(hostile.out, HasSubstr("  collected\n    model               a\\x1b[31m\\nb\\u202e\n"
                                     "    date                1e+99\n  tokens"));
  std::string deep = "1";
  for (int i = 0; i < 900; ++i) deep = "[" + deep + "]";
  for (const std::string& nothing :
       {std::string("{}"), R"({"model":{},"other":1})" + std::string(), "{\"model\":" + deep + "}"}) {
    const Ran ran = told(nothing);
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    EXPECT_THAT(ran.out, Not(HasSubstr("collected")));
  }
}

TEST_F(EnvTest, ConvertKeepsHowItWasCollected) {
  const std::string told = std::string(kSeen.substr(0, kSeen.size() - 2)) + R"(,"collected":{"model":"m"}}])";
  write("told.json", told);
  EXPECT_EQ(evotts({"env", "convert", "told.json", "-o", "-"}).out, told);
  EXPECT_THAT(evotts({"env", "convert", "told.json", "-o", "-", "--drop-signals"}).out,
              HasSubstr("\"collected\": {\"model\":\"m\"}\n  }\n]"));
  write("told.json", std::string(kSeen.substr(0, kSeen.size() - 2)) + R"(,"collected":[]}])");
  ASSERT_EQ(evotts({"env", "convert", "told.json", "-o", "x.json"}).exit_code, 0);
  EXPECT_EQ(read("x.json").find("collected"), std::string::npos);
}

TEST_F(EnvTest, RegradeReadsTheTextsAnew) {
  write("e.json",
        R"([{"question":"q","gold_answer":"7","probe_freq":10,"each_branch":[[["7"],15,"7"],[[],8,"ERR"]],)"
        R"("collected":{"task":"boxed"}}])");
  live::TextsWriter texts(folder_ / "e.texts.jsonl.zst");
  texts.add({.question = 0, .branch = 0, .text = "\\boxed{7}", .looks = {"8}"}, .reason = "stop"});
  texts.add({.question = 0, .branch = 1, .text = "so 7", .looks = {}, .reason = "length"});
  texts.finish();
  const Ran ran = evotts({"env", "regrade", "e.json", "--task", "number", "-o", "n.json"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(ran.out,
            "n.json: written, 1 questions\n"
            "finals  1 of 2 changed\n"
            "looks   1 of 1 changed\n"
            "right   50.00% before, 100.00% after\n"
            "ERR     finals 50.00% before, 0.00% after; looks 0.00% before, 0.00% after\n");
  EXPECT_EQ(Json::parse(read("n.json"))[0]["each_branch"],
            Json::parse(R"([[["8"], 15, "7"], [[], 8, "7"]])"));
  rejects({"env", "regrade", "n.json", "-o", "x.json"}, {"n.texts.jsonl.zst: cannot be opened"});
  EXPECT_EQ(evotts({"env", "regrade", "n.json", "--texts", "e.texts.jsonl.zst", "-o", "-"}).out,
            read("n.json"));
  rejects({"env", "regrade", "e.json", "-o", "n.json"}, {"n.json: exists already", "--force"});
  rejects({"env", "regrade", "e.json", "--task", "box", "-o", "x.json"}, {"\"box\": must be boxed, number"});
  EXPECT_EQ(evotts({"env", "regrade", "e.json", "-o", "e.json", "--force"}).exit_code, 0);
  write("e.texts.jsonl.zst", read("e.texts.jsonl.zst").substr(0, 40));
  rejects({"env", "regrade", "e.json", "-o", "x.json"}, {"e.texts.jsonl.zst: is cut off"});
}

// Texts of other tools stay in their files.
TEST_F(EnvTest, RegradeSaysHowAnImportIsReadAnew) {
  write("rows.jsonl", R"({"question": "A?", "gold": "4", "output": "so 4 or \\boxed{5}"})");
  ASSERT_EQ(evotts({"env", "import", "auto", "rows.jsonl", "-o", "e.json"}).exit_code, 0);
  rejects({"env", "regrade", "e.json", "--task", "number", "-o", "x.json"},
          {"e.json: was imported", "evotts env import", "--extract"});
}

TEST_F(EnvTest, CheckWarnsAndIsStrictWhenAsked) {
  write("good.json",
        R"([{"question":"q","gold_answer":"7","probe_freq":10,"each_branch":[[["7"],15,"7"],[[],8,"8"]]}])");
  write("bad.json",
        R"([{"question":"q","gold_answer":"9","probe_freq":10,"each_branch":[[["7"],15,"7"],[[],8,"8"]]}])");
  const Ran good = evotts({"env", "check", "good.json", "--strict"});
  EXPECT_EQ(good.exit_code, 0);
  EXPECT_THAT(good.out, HasSubstr("good\n  1 question: what gain can be shown is not known\n"));
  EXPECT_EQ(evotts({"env", "check", "good.json", "bad.json"}).exit_code, 0);
  const Ran bad = evotts({"env", "check", "bad.json", "--strict", "--format", "json"});
  EXPECT_EQ(bad.exit_code, 1);
  const Json found = Json::parse(bad.out);
  EXPECT_EQ(found["environments"][0]["gold_absent"], Json::parse("[0]"));
  EXPECT_THAT(found["environments"][0]["warnings"].dump(), HasSubstr("have no right branch"));
  EXPECT_TRUE(found["together"]["smallest_gain"].is_null());
  rejects({"env", "check", "bad.json", "--format", "csv"}, {"--format must be table or json"});
}

TEST_F(EnvTest, CheckTakesTheQuestionsOfSeveralModels) {
  const auto recorded = [&](const std::string& file, const std::string& end, const std::string& model = {}) {
    std::filesystem::create_directories((folder_ / file).parent_path());
    write(file,
          R"([{"question":"q","gold_answer":"7","probe_freq":10,"each_branch":[[["7"],15,"7"],[[],8,")" +
              end + "\"]]" + (model.empty() ? "" : R"(,"collected":{"model":")" + model + "\"}") + "}]");
    return file;
  };
  const std::string one = recorded("m/one.json", "8"), two = recorded("n/one.json", "9");
  const Ran models = evotts({"env", "check", one, two, "--strict"});
  EXPECT_EQ(models.exit_code, 0);
  EXPECT_THAT(models.out,
              HasSubstr("n/one\n  good\n  1 of 1 questions are in m/one too, which is of another model\n"));
  EXPECT_EQ(evotts({"env", "check", "m/../m/one.json", recorded("m/two.json", "9"), "--strict"}).exit_code, 1)
      << "a folder is of one model";
  EXPECT_EQ(evotts({"env", "check", one, recorded("n/copy.json", "8"), "--strict"}).exit_code, 1);
  const std::string told = recorded("m/three.json", "8", "x");
  EXPECT_EQ(evotts({"env", "check", told, recorded("m/four.json", "9", "y"), "--strict"}).exit_code, 0);
  EXPECT_EQ(evotts({"env", "check", told, recorded("n/five.json", "9", "x"), "--strict"}).exit_code, 1);
  const Json found = Json::parse(evotts({"env", "check", one, two, "--format", "json"}).out);
  EXPECT_EQ(found["environments"][1]["shared"],
            Json::parse(R"([{"environment":"m/one","questions":1,"recordings":0,"other_model":true}])"));
}

TEST_F(EnvTest, SynthMakesSignals) {
  const Ran made =
      evotts({"env", "synth", "-o", "s.json", "--questions", "2", "--signals", "entropy+logprob"});
  EXPECT_THAT(made.out, HasSubstr("(synthetic:seed=1,questions=2,signals=entropy+logprob)"));
  EXPECT_THAT(read("s.json"), HasSubstr("{\"entropy\":["));
  rejects({"env", "synth", "-o", "x.json", "--signals", "a,b"}, {"--signals must be one list"});
  rejects({"env", "synth", "-o", "x.json", "--signals", "a b"}, {"--signals: ", "letters, digits and _"});
  rejects({"env", "synth", "-o", "x.json", "--options", "1"}, {"--options: ", "at least 2"});
}

}  // namespace
