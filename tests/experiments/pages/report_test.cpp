// Pages of runs: their figures are those of the commands, whatever state the run is in.
#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/support/small_run.hpp"

namespace experiments {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using testing::HasSubstr;
using tests::Ran;

class ReportTest : public tests::SmallRun {
 protected:
  void SetUp() override {
    SmallRun::SetUp();
    ::setenv("XDG_CACHE_HOME", (state_ / "cache").c_str(), 1);
  }

  Json page(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "report");
    arguments.insert(arguments.end(), {"-o", "page.html", "--force"});
    const Ran ran = evotts(arguments);
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    const std::string text = read("page.html"), open = "id=\"data\">";
    const std::size_t from = text.find(open) + open.size();
    return Json::parse(text.substr(from, text.find("</script>", from) - from));
  }

  std::string printed(const std::vector<std::string>& arguments) const {
    const Ran ran = evotts(arguments);
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    return ran.out;
  }

  // Each row of a table of the page, in CSV: what a command prints with --format csv, but for what is
  // missing.
  static std::string csv_of(const Json& table) {
    std::string text;
    const auto add = [&](const Json& cells) {
      for (std::size_t i = 0; i < cells.size(); ++i) {
        const std::string cell = cells[i].get<std::string>();
        text += (i == 0 ? "" : ",") + (cell == "-" ? "" : cell);
      }
      text += "\n";
    };
    add(table["columns"]);
    for (const Json& row : table["rows"]) add(row);
    return text;
  }
};

const std::vector<std::string> kSearch = {"--env", "synthetic:seed=5,questions=6,branches=24"};

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

TEST_F(ReportTest, ADamagedPartLeavesTheRest) {
  run("a");
  write("a/lineage/0000/000002.jsonl", "{\"id\": </script>\n");
  git("a", {"commit", "--quiet", "--all", "--message",
            "generation 4: damaged\n\nGeneration: 4\nBest-Score: 1.5\n"});
  const Json run = page({"a", "--no-episodes"})["runs"][0];
  ASSERT_EQ(run["problems"].size(), 1U) << run["problems"];
  EXPECT_THAT(run["problems"][0]["why"].get<std::string>(), HasSubstr("000002.jsonl line 1"));
  EXPECT_TRUE(run["progress"].is_object());
  EXPECT_TRUE(run["frontier"].is_object());
}

TEST_F(ReportTest, SeveralRunsHaveASpreadAndPairedDifferences) {
  run("a");
  printed({"run", "small.toml", "--out", "b", "--set", "seed=4"});
  const Json data = page({"a", "b"});
  ASSERT_EQ(data["runs"].size(), 2U);
  const Json& together = data["together"];
  EXPECT_EQ(together["problems"], Json::array());
  EXPECT_EQ(together["table"]["rows"].size(), 2U);
  EXPECT_EQ(together["spread"]["table"]["rows"].size(), 5U);
  EXPECT_EQ(together["paired"]["table"]["columns"][5], "difference");
  printed({"run", "small.toml", "--out", "c", "--set", "objective.parsimony=0.5"});
  EXPECT_TRUE(page({"a", "c", "--no-episodes"})["together"]["spread"].is_null());
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
