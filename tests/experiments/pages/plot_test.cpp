// Figures through gnuplot, with their data and scripts.
#include <cstdlib>
#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

#include "experiments/pages/gnuplot.hpp"
#include "tests/support/small_run.hpp"

namespace experiments {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::StartsWith;
using tests::Ran;

bool has_gnuplot() { return std::system("command -v gnuplot > /dev/null") == 0; }

class PlotTest : public tests::SmallRun {
 protected:
  void SetUp() override {
    SmallRun::SetUp();
    if (!has_gnuplot()) GTEST_SKIP() << "no gnuplot here (gnuplot-nox on Debian)";
  }
  void good(const std::vector<std::string>& arguments) const {
    const Ran ran = evotts(arguments);
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
  }
};

const std::vector<std::string> kWorld = {"--env", "synthetic:seed=5,questions=4,branches=16"};

TEST_F(PlotTest, ProgressHasTheScoresOfTheLog) {
  run("a");
  good({"plot", "progress", "a", "-o", "p.svg", "--script"});
  EXPECT_THAT(read("p.svg"), HasSubstr("<svg"));
  EXPECT_THAT(read("p.svg.gp"), HasSubstr("set output 'p.svg'"));
  const Ran log = evotts({"log", "a", "--format", "csv"});
  std::istringstream data(read("p.svg.csv")), printed(log.out);
  std::string row, line;
  std::getline(data, row), std::getline(printed, line);
  EXPECT_EQ(row, "series,generation,best,hypervolume,run");
  while (std::getline(data, row)) {
    std::getline(printed, line);
    std::istringstream cells(line);
    std::string generation, commit, best;
    std::getline(cells, generation, ','), std::getline(cells, commit, ','), std::getline(cells, best, ',');
    EXPECT_THAT(row, StartsWith("0," + generation + "," + best + ","));
  }
}

TEST_F(PlotTest, EveryKindAndFormatIsDrawn) {
  std::vector<std::string> curve = {"plot", "curve",  "asc",     "sc", "--orderings",
                                    "2",    "--beta", "0,0.5,1", "-o", "c.png"};
  curve.insert(curve.end(), kWorld.begin(), kWorld.end());
  good(curve);
  EXPECT_THAT(read("c.png"), StartsWith("\x89PNG"));
  std::vector<std::string> branches = {"plot", "branches", "asc", "--question", "1", "-o", "b.pdf"};
  branches.insert(branches.end(), kWorld.begin(), kWorld.end());
  good(branches);
  EXPECT_THAT(read("b.pdf"), StartsWith("%PDF"));
  EXPECT_FALSE(fs::exists(folder_ / "b.pdf.gp"));
}

TEST_F(PlotTest, TheScriptMakesTheFigureAgain) {
  run("a");
  good({"plot", "progress", "a", "-o", "p.svg", "--script"});
  const std::string first = read("p.svg");
  fs::remove(folder_ / "p.svg");
  const Ran ran = tests::run_process({"/usr/bin/env", "gnuplot", "p.svg.gp"}, {.folder = folder_});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(read("p.svg"), first);
}

TEST_F(PlotTest, HostileNamesAreNoCommands) {
  run("a");
  const std::string name = "x'.system(\"touch hurt\").'`touch hurt`\n";
  fs::rename(folder_ / "a", folder_ / name);
  good({"plot", "progress", name, "-o", "p.svg"});
  EXPECT_FALSE(fs::exists(folder_ / "hurt"));
}

TEST_F(PlotTest, BadUsageIsRefused) {
  write("there.svg", "mine");
  rejects({"plot", "progress", "a", "-o", "p.jpg"}, {"p.jpg", ".svg, .pdf or .png"});
  rejects({"plot", "progress", "a", "-o", "there.svg"}, {"there.svg", "--force"});
  rejects({"plot", "progress", "nowhere", "-o", "p.svg"}, {"nowhere"});
  rejects({"plot", "branches", "asc", "-o", "p.svg"}, {"--env"});
}

class NoGnuplotTest : public tests::SmallRun {};

TEST_F(NoGnuplotTest, ThatItIsNotInstalledIsSaid) {
  run("a");
  fs::create_directories(folder_ / "empty");
  const std::map<std::string, std::string> nothing = {{"PATH", (folder_ / "empty").string()}};
  const Ran ran = evotts({"plot", "progress", "a", "-o", "p.svg", "--script"}, {.variables = nothing});
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_THAT(ran.err, HasSubstr("gnuplot-nox"));
  EXPECT_TRUE(fs::exists(folder_ / "p.svg.csv"));
  EXPECT_FALSE(fs::exists(folder_ / "p.svg"));
}

TEST(Gnuplot, TextsAreQuoted) {
  EXPECT_EQ(in_gnuplot("it's\n"), "'it''s\\n'");
  EXPECT_NE(line_style(0, true), line_style(1, true));
  EXPECT_EQ(line_style(0, false).find("point"), std::string::npos);
}

}  // namespace
}  // namespace experiments
