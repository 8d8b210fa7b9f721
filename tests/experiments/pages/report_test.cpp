// Pages of runs: their figures are those of the commands, whatever state the run is in.
#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/experiments/pages/report_page.hpp"

namespace experiments {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using testing::HasSubstr;

class ReportTest : public ReportPage {};

TEST_F(ReportTest, FiguresAreThoseOfTheCommands) {
  run("a");
  const Json run = page({"a"})["runs"][0];
  EXPECT_EQ(run["problems"], Json::array());
  EXPECT_EQ(csv_of(run["progress"]["table"]), printed({"log", "a", "--format", "csv"}));
  const std::string status = printed({"status", "a"});
  for (const Json& fact : run["facts"])
    EXPECT_THAT(status, HasSubstr(fact[1].get<std::string>())) << "of evotts status";
  EXPECT_EQ(run["controllers"][0]["text"], printed({"export", "a"}));

  std::vector<std::string> names = {"a:best"};
  for (const Json& row : run["episodes"]["means"]["rows"]) {
    if (row[0] != "best" && row[0] != names.back()) names.push_back(row[0]);
  }
  EXPECT_THAT(names, testing::Contains("asc"));
  std::vector<std::string> eval = {"eval"};
  eval.insert(eval.end(), names.begin(), names.end());
  eval.insert(eval.end(), kSearch.begin(), kSearch.end());
  eval.insert(eval.end(), {"--beta", "0,0.5,1", "--orderings", "3", "--format", "csv"});
  std::string evaluated = printed(eval);
  for (std::size_t at = 0; (at = evaluated.find("a:best")) != std::string::npos;)
    evaluated.replace(at, 6, "best");
  EXPECT_EQ(csv_of(run["episodes"]["environments"]), evaluated);

  for (const Json& one : run["episodes"]["diagnoses"]) {
    const std::string name = one["controller"] == "best" ? "a:best" : one["controller"].get<std::string>();
    std::vector<std::string> diagnose = {"diagnose",    name, "--beta",   "0,0.5,1",
                                         "--orderings", "3",  "--format", "csv"};
    diagnose.insert(diagnose.end(), kSearch.begin(), kSearch.end());
    std::string rows = printed(diagnose);  // which have the environment first
    for (std::size_t at = 0; at < rows.size(); at = rows.find('\n', at) + 1)
      rows.erase(at, rows.find(',', at) + 1 - at);
    EXPECT_EQ(csv_of(one["table"]), rows) << name;
  }

  const Json blame = Json::parse(printed({"blame", "a", "--format", "json"}));
  const Json& lines = run["episodes"]["blame"]["lines"];
  ASSERT_EQ(lines.size(), blame.size());
  const std::string words = printed({"blame", "a"});
  for (std::size_t i = 0; i < lines.size(); ++i) {
    EXPECT_EQ(lines[i]["text"], blame[i]["line"]);
    EXPECT_EQ(lines[i].value("id", ""), blame[i].value("id", ""));
    EXPECT_THAT(words, HasSubstr(lines[i].value("accuracy", "")));
  }
}

TEST_F(ReportTest, LineageLeadsFromTheChampionToAFounder) {
  run("a");
  const Json run = page({"a", "--no-episodes"})["runs"][0];
  EXPECT_FALSE(run.contains("episodes"));
  const Json line = Json::parse(printed({"lineage", "a", "--no-intervals", "--format", "json"}));
  std::map<std::string, Json> steps;
  for (const Json& step : run["lineage"]["steps"]) steps[step["id"]] = step;
  for (const Json& step : line) {
    ASSERT_TRUE(steps.contains(step["id"]));
    EXPECT_EQ(steps[step["id"]]["operator"], step["operator"]);
    EXPECT_EQ(steps[step["id"]]["parents"], step["parents"]);
  }
  std::string text;
  for (const Json& number : steps[line[0]["id"]]["text"])
    text += run["lineage"]["lines"][number.get<std::size_t>()].get<std::string>() + "\n";
  EXPECT_EQ(text, printed({"export", "a", "champion"}));
}

TEST_F(ReportTest, TheSecondPageComesFromTheCache) {
  run("a");
  const Json first = page({"a"});
  ASSERT_FALSE(fs::is_empty(state_ / "cache" / "evotts" / "pages"));
  EXPECT_EQ(page({"a"}), first);
  for (const auto& entry : fs::directory_iterator(state_ / "cache" / "evotts" / "pages"))
    std::ofstream(entry.path()) << "{\"damaged\": ";
  EXPECT_EQ(page({"a"}), first);
}

TEST_F(ReportTest, AMissingEnvironmentLeavesTheRest) {
  printed({"env", "synth", "-o", "world.json", "--questions", "6", "--branches", "24", "--seed", "5"});
  write("small.toml", tests::SmallExperiment{.generations = 2, .search = "world.json"}.toml());
  run("a");
  fs::remove(folder_ / "world.json");
  const Json run = page({"a"})["runs"][0];
  ASSERT_EQ(run["problems"].size(), 1U) << run["problems"];
  EXPECT_EQ(run["problems"][0]["part"], "episodes");
  EXPECT_THAT(run["problems"][0]["why"].get<std::string>(), HasSubstr("world.json"));
  EXPECT_TRUE(run["lineage"].is_object());
}

TEST_F(ReportTest, ADamagedFileOfBirthsLeavesTheOthers) {
  run("a");
  const Json before = page({"a", "--no-episodes"})["runs"][0];
  write("a/lineage/0000/000002.jsonl", "{\"id\": </script>\n");
  git("a", {"commit", "--quiet", "--all", "--message",
            "generation 4: damaged\n\nGeneration: 4\nBest-Score: 1.5\n"});
  const Json run = page({"a", "--no-episodes"})["runs"][0];
  ASSERT_EQ(run["problems"].size(), 1U) << run["problems"];
  EXPECT_EQ(run["problems"][0]["partly"], true);
  EXPECT_THAT(run["problems"][0]["why"].get<std::string>(), HasSubstr("000002.jsonl line 1"));
  EXPECT_TRUE(run["progress"].is_object());
  EXPECT_TRUE(run["frontier"].is_object());
  EXPECT_LT(run["births"], before["births"]);
  EXPECT_GT(run["births"], 0);
  EXPECT_FALSE(run["lineage"]["steps"].empty());
}

// Objects that are files of their own, of which some are removed.
class DamagedHistoryTest : public ReportTest {
 protected:
  void lose(const std::string& run, const std::vector<std::string>& objects) const {
    const std::string unpack =
        "cd .git/objects/pack && mkdir ../../../../packs && mv * ../../../../packs && cd ../../.. && "
        "for each in ../packs/*.pack; do git -c safe.directory='*' unpack-objects -q < $each || exit 1; done";
    ASSERT_EQ(tests::run_process({"/bin/sh", "-c", unpack}, {.folder = folder_ / run}).exit_code, 0);
    for (const std::string& object : objects) {
      const std::string id = git(run, {"rev-parse", object});
      ASSERT_TRUE(fs::remove(folder_ / run / ".git/objects" / id.substr(0, 2) / id.substr(2, 38))) << object;
    }
  }
};

TEST_F(DamagedHistoryTest, WhatCanBeReadIsShownAndWhatIsMissingIsTold) {
  run("a");
  const Json before = page({"a", "--no-episodes"})["runs"][0];
  lose("a", {"main:lineage/0000/000001.jsonl", "main~2"});
  for (const bool episodes : {false, true}) {
    std::vector<std::string> arguments = {"a"};
    if (!episodes) arguments.emplace_back("--no-episodes");
    const Json run = page(arguments)["runs"][0];
    const std::string problems = run["problems"].dump();
    EXPECT_THAT(problems, HasSubstr("what is before generation 3 cannot be read"));
    EXPECT_THAT(problems, HasSubstr("000001.jsonl"));
    const Json& rows = run["progress"]["table"]["rows"];
    ASSERT_EQ(rows.size(), 2U) << rows;
    EXPECT_EQ(rows[1], before["progress"]["table"]["rows"][4]);
    EXPECT_EQ(run["frontier"], before["frontier"]);
    EXPECT_EQ(run["controllers"], before["controllers"]);
    EXPECT_FALSE(run["facts"].is_null());
    EXPECT_EQ(run.contains("episodes") && run["episodes"]["means"].is_object(), episodes);
  }
  const std::string status = printed({"status", "a"});
  EXPECT_THAT(status, HasSubstr("damaged       what is before generation 3 cannot be read: "));
  EXPECT_EQ(evotts({"verify", "a"}).exit_code, 2);
}

TEST_F(ReportTest, BadUsageIsRefused) {
  run("a");
  write("there.html", "mine");
  rejects({"report", "a", "-o", "there.html"}, {"there.html", "--force"});
  rejects({"report", "a", "-o", "no/folder/x.html"}, {"no/folder"});
  rejects({"report", "nowhere", "-o", "x.html"}, {"nowhere"});
  rejects({"report", "a", "-o", "x.html", "--orderings", "0"}, {"--orderings"});
}

}  // namespace
}  // namespace experiments
