// Where controllers come from, asked of a run as a user asks.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "tests/experiments/command_fixture.hpp"

namespace experiments {
namespace {

using testing::HasSubstr;
using Json = nlohmann::json;

class LineageTest : public tests::CommandLine {
 protected:
  void SetUp() override {
    CommandLine::SetUp();
    write("small.toml", R"(name = "small"
seed = 7
generations = 6
[environments]
search = ["synthetic:seed=5,questions=6,branches=24"]
[evaluation]
betas = [0, 0.5, 1]
orderings = 3
[objective]
budget_low = 20000
budget_high = 300000
[population]
size = 12
children = 16
)");
    ASSERT_EQ(evotts({"run", "small.toml", "--out", "r"}).exit_code, 0);
  }

  // Everyone ever born in the run, as recorded.
  std::map<std::string, Json> born() const {
    std::map<std::string, Json> all;
    for (const auto& [name, text] : files()) {
      if (name.find("/lineage/") == name.npos || !name.ends_with(".jsonl")) continue;
      std::istringstream lines(text);
      for (std::string line; std::getline(lines, line);) {
        Json json = Json::parse(line);
        all.emplace(json["id"].get<std::string>(), json);
      }
    }
    return all;
  }
};

TEST_F(LineageTest, TheMainLineGoesFromTheBestToAFounder) {
  const tests::Ran ran = evotts({"lineage", "r", "--format", "json"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  const Json line = Json::parse(ran.out);
  const auto all = born();
  ASSERT_FALSE(line.empty());
  for (std::size_t i = 0; i < line.size(); ++i) {
    const Json& recorded = all.at(line[i]["id"]);
    EXPECT_EQ(line[i]["operator"], recorded["operator"]);
    EXPECT_EQ(line[i]["parents"], recorded["parents"]);
    if (i + 1 < line.size()) {
      EXPECT_EQ(line[i]["parents"][0], line[i + 1]["id"]);
      EXPECT_NEAR(line[i]["gain"].get<double>(),
                  line[i]["score"].get<double>() - line[i + 1]["score"].get<double>(), 1e-9);
    }
  }
  EXPECT_TRUE(line.back()["parents"].empty());
  EXPECT_TRUE(line.back()["gain"].is_null());
}

TEST_F(LineageTest, AllAncestorsAreThereOnceAndParentsComeFirst) {
  const tests::Ran ran = evotts({"lineage", "r", "best", "--all", "--format", "json"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  std::set<std::string> seen;
  const auto all = born();
  for (const Json& one : Json::parse(ran.out)) {
    for (const Json& parent : one["parents"]) EXPECT_TRUE(seen.contains(parent)) << one;
    EXPECT_TRUE(seen.insert(one["id"]).second);
    EXPECT_TRUE(all.contains(one["id"]));
  }
  const tests::Ran dot = evotts({"lineage", "r", "--format", "dot"});
  EXPECT_EQ(dot.exit_code, 0);
  EXPECT_THAT(dot.out, testing::StartsWith("digraph lineage {"));
  for (const std::string& id : seen) EXPECT_THAT(dot.out, HasSubstr("\"" + id + "\" [label="));
}

// Whoever died is still found, by the beginning of its identity; and the lines that a step changed are shown.
TEST_F(LineageTest, AnybodyEverBornIsFound) {
  std::size_t index = 0;
  for (const auto& [id, json] : born()) {
    if (index++ % 8 != 0) continue;  // each is a process
    const tests::Ran ran = evotts({"lineage", "r", id.substr(0, 16), "--changes"});
    ASSERT_EQ(ran.exit_code, 0) << ran.err;
    EXPECT_THAT(ran.out, HasSubstr(id.substr(0, 10)));
    EXPECT_THAT(ran.out, HasSubstr(json["operator"].get<std::string>()));
  }
}

TEST_F(LineageTest, BlameNamesAStepForEveryLine) {
  const tests::Ran text = evotts({"export", "r"}), ran = evotts({"blame", "r"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  const auto all = born();
  std::istringstream lines(text.out), blamed(ran.out);
  std::string line, told;
  std::size_t compared = 0;
  while (std::getline(lines, line)) {
    ASSERT_TRUE(std::getline(blamed, told));
    if (line.empty()) continue;
    EXPECT_TRUE(told.ends_with(line)) << told;
    const std::string id = told.substr(8, 10);  // behind the generation
    const auto by = all.lower_bound(id);
    ASSERT_TRUE(by != all.end() && by->first.starts_with(id)) << told;
    EXPECT_EQ(std::stoi(told.substr(0, 6)), by->second["generation"].get<int>());
    ++compared;
  }
  EXPECT_GT(compared, 5U);
  EXPECT_FALSE(std::getline(blamed, told));
}

TEST_F(LineageTest, MistakesAreNamed) {
  const auto refused = [&](const std::vector<std::string>& arguments, const std::string& word) {
    const tests::Ran ran = evotts(arguments);
    EXPECT_EQ(ran.exit_code, 2) << ran.out;
    EXPECT_THAT(ran.err, HasSubstr(word));
  };
  refused({"lineage", "r", "0000000000"}, "nobody of identity 0000000000");
  refused({"lineage", "r", "xyz"}, "at least 4 digits");
  refused({"lineage", "nowhere"}, "nowhere");
  refused({"lineage", "r", "--format", "pdf"}, "text, json or dot");
  refused({"blame", "r", "0000000000"}, "nobody of identity");
}

}  // namespace
}  // namespace experiments
