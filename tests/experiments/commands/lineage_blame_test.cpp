// Where controllers come from, asked of a run as a user asks.
#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "tests/support/small_run.hpp"

namespace experiments {
namespace {

using testing::HasSubstr;
using Json = nlohmann::json;

class LineageTest : public tests::Runs {
 protected:
  void SetUp() override {
    Runs::SetUp();
    write("small.toml", tests::SmallExperiment{.seed = 7, .generations = 6, .children = 16}.toml());
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
  // Gains are those of a comparison on the same episodes.
  const std::string parent = line[1]["id"], child = line[0]["id"];
  const tests::Ran compared =
      evotts({"compare", "r:" + parent, "r:" + child, "--env", "synthetic:seed=5,questions=6,branches=24",
              "--beta", "0,0.5,1", "--orderings", "3", "--format", "csv"});
  if (compared.exit_code == 0) {  // both still live
    const auto mean_of = [&](std::size_t column) {
      std::istringstream rows(compared.out);
      std::string row, cell;
      std::getline(rows, row);
      double sum = 0;
      while (std::getline(rows, row)) {
        std::istringstream cells(row);
        for (std::size_t i = 0; i <= column; ++i) std::getline(cells, cell, ',');
        sum += std::stod(cell) / 3;
      }
      return sum;
    };
    EXPECT_NEAR(line[0]["accuracy"]["gain"].get<double>(), mean_of(4), 0.01) << compared.out;
  }
  for (std::size_t i = 0; i + 1 < line.size(); ++i) {
    const Json& accuracy = line[i]["accuracy"];
    const Json& tokens = line[i]["tokens"];
    EXPECT_LE(accuracy["low"], accuracy["gain"]);
    EXPECT_GE(accuracy["high"], accuracy["gain"]);
    EXPECT_LE(tokens["low"], tokens["percent"]);
    EXPECT_GE(tokens["high"], tokens["percent"]);
    EXPECT_FALSE(line[i]["changes"].empty());
  }
  EXPECT_TRUE(line.back()["accuracy"].is_null());
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
    const tests::Ran ran = evotts({"lineage", "r", id.substr(0, 16), "--no-intervals"});
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

TEST_F(LineageTest, TheTreeShowsEveryAncestorOnceAndTheChanges) {
  const tests::Ran tree = evotts({"lineage", "r", "--all"});
  ASSERT_EQ(tree.exit_code, 0) << tree.err;
  for (const Json& one :
       Json::parse(evotts({"lineage", "r", "--all", "--format", "json", "--no-intervals"}).out)) {
    const std::string id = one["id"].get<std::string>().substr(0, 10);
    std::size_t steps = 0;
    std::istringstream lines(tree.out);
    for (std::string line; std::getline(lines, line);) {
      const bool is_of = line.find("  " + id + "  ") != line.npos && line.find("(shown above)") == line.npos;
      steps += is_of ? 1 : 0;
    }
    EXPECT_EQ(steps, 1U) << id << "\n" << tree.out;
  }
  const tests::Ran brief = evotts({"lineage", "r", "--brief"}), whole = evotts({"lineage", "r"});
  EXPECT_LT(std::count(brief.out.begin(), brief.out.end(), '\n'),
            std::count(whole.out.begin(), whole.out.end(), '\n'));
  EXPECT_THAT(whole.out, HasSubstr("accuracy [95%]"));
}

TEST_F(LineageTest, BlameForProgramsSaysTheSameWithIntervals) {
  const auto all = born();
  const Json lines = Json::parse(evotts({"blame", "r", "--format", "json"}).out);
  std::string text;
  for (const Json& line : lines) {
    text += line["line"].get<std::string>() + "\n";
    if (!line.contains("id")) continue;
    EXPECT_EQ(line["operator"], all.at(line["id"])["operator"]);
    EXPECT_EQ(line["accuracy"].is_null(), all.at(line["id"])["parents"].empty());
  }
  EXPECT_EQ(text, evotts({"export", "r"}).out);
}

TEST_F(LineageTest, MistakesAreNamed) {
  const auto refused = [&](const std::vector<std::string>& arguments, const std::string& word) {
    const tests::Ran ran = evotts(arguments);
    EXPECT_EQ(ran.exit_code, 2) << ran.out;
    EXPECT_THAT(ran.err, HasSubstr(word));
  };
  refused({"lineage", "r", "0000000000"}, "no individual 0000000000");
  refused({"lineage", "r", "xyz"}, "at least 4 digits");
  refused({"lineage", "nowhere"}, "nowhere");
  refused({"lineage", "r", "--format", "pdf"}, "text, json or dot");
  refused({"blame", "r", "0000000000"}, "no individual 0000000000 was born");
}

}  // namespace
}  // namespace experiments
