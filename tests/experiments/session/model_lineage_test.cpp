// What lineage and status say of language models: whose idea a step was, what was spent; and that hostile
// text in it is harmless.
#include <algorithm>
#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/support/small_run.hpp"

namespace experiments {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using testing::HasSubstr;
using testing::Not;
using tests::Ran;

class ModelLineageTest : public tests::SmallRun {
 protected:
  // A run whose model says this of a controller that nobody else makes, another one each time.
  void run_with(const std::string& hypothesis) const {
    write("hypothesis.txt", "HYPOTHESIS: " + hypothesis + "\n");
    write("model.sh", fmt::format("#!/bin/sh\nHERE='{}'\n", folder_.string()) + R"(
n=$(cksum | tr -dc 0-9 | cut -c2-3 | sed 's/^0*//')
n=${n:-7}
cat "$HERE/hypothesis.txt"
echo '```'
printf 'controller model\n\nschedule\n  n rises round(%s + 9 * beta)\n\nstart\n  read n\n\nanswer\n  top(finished)\n' $n
echo '```'
)");
    fs::permissions(folder_ / "model.sh", fs::perms::owner_all);
    const Ran ran = evotts({"run", "small.toml", "--out", "a", "--set",
                            "models=[{kind=\"command\", name=\"my agent\", command=[\"./model.sh\"], "
                            "price={input=2, output=8}}]",
                            "model.share=0.5", "model.patience=0", "model.invent=0", "model.tuning_steps=0",
                            "model.budget=50"});
    ASSERT_EQ(ran.exit_code, 0) << ran.err;
  }

  // The identity of somebody born of the model.
  std::string born_of_model() const {
    for (const auto& [name, text] : files()) {
      if (name.find("/lineage/") == name.npos || !name.ends_with(".jsonl")) continue;
      std::istringstream lines(text);
      for (std::string line; std::getline(lines, line);) {
        const Json json = Json::parse(line);
        if (json.contains("exchange") && json.value("hypothesis", "") != "") return json["id"];
      }
    }
    return "";
  }

  // In all its forms.
  std::string lineage(const std::string& id, const std::string& format) const {
    const Ran ran = evotts({"lineage", "a", id, "--no-intervals", "--format", format});
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    return ran.out;
  }
};

TEST_F(ModelLineageTest, AStepSaysWhoseIdeaItWas) {
  run_with("fewer branches at first");
  const std::string id = born_of_model();
  ASSERT_NE(id, "");
  EXPECT_THAT(lineage(id, "text"), HasSubstr("\n         by my agent: fewer branches at first\n"));
  const Ran tree = evotts({"lineage", "a", id, "--no-intervals", "--all", "--brief"});
  EXPECT_THAT(tree.out, HasSubstr("         by my agent: fewer branches at first\n"));
  const Json line = Json::parse(lineage(id, "json"));
  EXPECT_EQ(line[0]["model"], "my agent");
  EXPECT_EQ(line[0]["hypothesis"], "fewer branches at first");
  EXPECT_EQ(line[0]["exchange"].get<std::string>().size(), 40U);
  EXPECT_TRUE(line.back()["model"].is_null());  // a founder
  EXPECT_TRUE(line.back()["hypothesis"].is_null());
  EXPECT_THAT(lineage(id, "dot"), HasSubstr("\\nby my agent\\nfewer branches at first\"];\n"));
}

TEST_F(ModelLineageTest, HostileHypothesesAreShownHarmlessly) {
  run_with("\x1b[2J \u202Eevil\u2066 \xC2\x9B\" ]; \\");
  const std::string id = born_of_model();
  ASSERT_NE(id, "");
  // As a run could hold it that something else wrote.
  std::string path, text;
  for (const auto& [name, content] : files()) {
    const bool records = content.find("\"id\":\"" + id) != content.npos;
    if (name.ends_with(".jsonl") && records) path = name, text = content;
  }
  std::istringstream lines(text);
  std::string changed;
  for (std::string line; std::getline(lines, line);) {
    Json json = Json::parse(line);
    if (json["id"] == id) json["hypothesis"] = "\x1b[2J\r\u202Eevil\u2066\xC2\x9B\n\" ]; \\";
    changed += json.dump() + "\n";
  }
  write(path, changed);
  git("a", {"commit", "-q", "-a", "--amend", "--no-edit"});
  const std::string shown = "\\x1b[2J\\r\\u202eevil\\u2066\\x9b\\n\" ]; \\";
  EXPECT_THAT(lineage(id, "text"), HasSubstr(": " + shown + "\n"));
  EXPECT_EQ(Json::parse(lineage(id, "json"))[0]["hypothesis"], shown);
  EXPECT_THAT(lineage(id, "dot"),
              HasSubstr("\\\\x1b[2J\\\\r\\\\u202eevil\\\\u2066\\\\x9b\\\\n\\\" ]; \\\\\"];\n"));
  for (const char* format : {"text", "json", "dot"}) {
    for (const char* bytes : {"\x1b", "\r", "\u202E", "\u2066", "\xC2\x9B"})
      EXPECT_THAT(lineage(id, format), Not(HasSubstr(bytes))) << format;
  }
}

TEST_F(ModelLineageTest, StatusSaysWhatWasSpent) {
  run_with("fewer branches");
  const Json status = Json::parse(evotts({"status", "a", "--format", "json"}).out);
  EXPECT_EQ(status["generation"], kGenerations);  // all of generation.json is there
  const Json& models = status["models"];
  EXPECT_GT(models["exchanges"], 10);
  EXPECT_EQ(models["answered"], models["exchanges"]);
  EXPECT_EQ(models["usage_unknown"], models["answered"]);  // a command reports none: taken at its worst
  EXPECT_GT(models["tokens"]["input"], 0);
  EXPECT_EQ(models["tokens"]["cached"], 0);
  EXPECT_TRUE(models["tokens"]["reasoning"].is_null());
  EXPECT_EQ(models["under_way"], 0);
  EXPECT_EQ(models["budget"]["money"], 50);
  EXPECT_NEAR(models["budget"]["money_left"].get<double>(), 50 - models["money"].get<double>(), 1e-9);
  EXPECT_TRUE(models["budget"]["tokens_left"].is_null());
  ASSERT_EQ(models["by_model"].size(), 1U);
  EXPECT_EQ(models["by_model"][0]["model"], "my agent");
  EXPECT_EQ(models["by_model"][0]["tokens"], models["tokens"]);
  EXPECT_NEAR(
      models["by_model"][0]["money"].get<double>(),
      (2 * models["tokens"]["input"].get<double>() + 8 * models["tokens"]["output"].get<double>()) / 1e6,
      1e-9);
  const std::string text = evotts({"status", "a"}).out;
  EXPECT_THAT(text, HasSubstr(fmt::format("\nmodels        {} exchanges", models["exchanges"].get<int>())));
  EXPECT_THAT(text, HasSubstr(" of 50 ("));
  EXPECT_THAT(text, HasSubstr("\nmodels\nmodel     exchanges  answered"));
  EXPECT_THAT(text, HasSubstr("\nmy agent  "));
}

TEST_F(ModelLineageTest, WithoutModelsNothingIsSaidOfThem) {
  run("b");
  EXPECT_FALSE(Json::parse(evotts({"status", "b", "--format", "json"}).out).contains("models"));
  EXPECT_THAT(evotts({"status", "b"}).out, Not(HasSubstr("\nmodels")));
  EXPECT_THAT(evotts({"lineage", "b", "--no-intervals"}).out, Not(HasSubstr("\n         by ")));
}

}  // namespace
}  // namespace experiments
