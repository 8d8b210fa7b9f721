// What a terminal shows of long work, and that nothing else does.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/places.hpp"
#include "tests/support/pseudo_terminal.hpp"
#include "tests/support/small_run.hpp"

namespace experiments {
namespace {

using testing::HasSubstr;
using testing::Not;
using tests::OnTerminal;

// Characters, which take one column each here.
std::size_t columns_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

class ProgressTest : public tests::SmallRun {
 protected:
  OnTerminal run_there(std::vector<std::string> more, const tests::TerminalOptions& options = {}) const {
    more.insert(more.begin(), tests::kEvotts);
    return tests::run_on_terminal(std::move(more), folder_, options);
  }
  // The last line that has the word; lines of generations begin alike, but for their blanks.
  static std::string line_with(const OnTerminal& ran, const std::string& word) {
    std::string found;
    for (const std::string& line : ran.lines()) {
      if (line.contains(word)) found = line;
    }
    return found;
  }
};

TEST_F(ProgressTest, LinesOfARunFitTheTerminal) {
  for (const unsigned short columns : std::initializer_list<unsigned short>{40, 60, 100}) {
    std::filesystem::remove_all(folder_ / "a");
    const OnTerminal ran =
        run_there({"run", "small.toml", "--out", "a", "--generations", "12"}, {.columns = columns});
    EXPECT_EQ(ran.exit_code, 0) << ran.shown;
    for (const std::string& line : ran.lines()) {
      if (line.starts_with("generation")) {
        EXPECT_LE(columns_of(line), columns) << line;
      }
    }
    EXPECT_THAT(ran.shown, HasSubstr("\rgeneration   12  best "));
    EXPECT_THAT(line_with(ran, "generation 12"), HasSubstr(" left")) << ran.shown;
  }
}

TEST_F(ProgressTest, ALineBelowHasBarsAndTheTimeLeft) {
  const OnTerminal ran =
      run_there({"run", "small.toml", "--out", "a", "--generations", "9"}, {.columns = 120});
  const std::string line = line_with(ran, "generation 9 of 9");
  EXPECT_THAT(line, testing::ContainsRegex("best [0-9.]+ [▁▂▃▄▅▆▇█]+, about [0-9]+ s left"));
  EXPECT_THAT(ran.shown, Not(HasSubstr("\033"))) << "nothing but text and carriage returns";
  // Of a run that goes on, bars of what was before are there.
  const OnTerminal on = run_there({"resume", "a", "--generations", "30"}, {.columns = 120});
  EXPECT_THAT(line_with(on, "generation 11 of 30"), HasSubstr("▁"));
  EXPECT_GE(columns_of(line_with(on, "generation 30 of 30")), columns_of("generation 30 of 30, best 1") + 24);
}

TEST_F(ProgressTest, MinutesCountAsTheTimeLeft) {
  const OnTerminal ran =
      run_there({"run", "small.toml", "--out", "a", "--generations", "1000000", "--minutes", "0.05"});
  EXPECT_EQ(ran.exit_code, 0) << ran.shown;
  EXPECT_THAT(ran.shown, testing::ContainsRegex(", about [0-3] s left"));
  EXPECT_THAT(ran.shown, HasSubstr("time is up after generation"));
}

TEST_F(ProgressTest, WithoutUtf8OrColourBarsAreSigns) {
  const OnTerminal ran =
      run_there({"run", "small.toml", "--out", "a"}, {.variables = {{"NO_COLOR", "1"}, {"TERM", "dumb"}}});
  EXPECT_THAT(line_with(ran, "generation 4 of 4"), HasSubstr("best "));
  for (const char c : ran.shown) EXPECT_TRUE(c == '\n' || c == '\r' || (c >= ' ' && c <= '~')) << int{c};
}

TEST_F(ProgressTest, WithoutATerminalLinesAreWholeAndNothingElseIsShown) {
  const tests::Ran ran = evotts({"run", "small.toml", "--out", "a"}, {.variables = {{"COLUMNS", "40"}}});
  EXPECT_EQ(ran.err, "");
  EXPECT_THAT(ran.out, HasSubstr(" scored  "));
  EXPECT_THAT(ran.out, Not(testing::AnyOf(HasSubstr("\r"), HasSubstr("\033"), HasSubstr(" left"))));
}

TEST_F(ProgressTest, LanesAreInColourOnATerminalUnlessNoColorIsSet) {
  const std::vector<std::string> trace = {
      "trace", "cmc", "--env", "synthetic:seed=5,questions=4,branches=16", "--question", "1", "--draw"};
  const OnTerminal coloured = run_there(trace, {.columns = 70});
  EXPECT_THAT(coloured.shown, testing::AllOf(HasSubstr("\033[32m*"), HasSubstr("\033[0m")));
  for (const auto& [name, value] : std::map<std::string, std::string>{{"NO_COLOR", "1"}, {"TERM", "dumb"}}) {
    const OnTerminal plain = run_there(trace, {.columns = 70, .variables = {{name, value}}});
    EXPECT_THAT(plain.shown, Not(HasSubstr("\033"))) << name;
    for (const std::string& line : plain.lines()) {
      if (line.starts_with("b0/")) {
        EXPECT_LE(line.size(), 70U);
      }
    }
  }
}

// The founders alone take longer than the time that is given.
TEST_F(ProgressTest, TheTimeMayBeUpBeforeTheFoundersAreScored) {
  write("long.toml",
        tests::SmallExperiment{.search = "synthetic:seed=5,questions=60,branches=64", .orderings = 5000}
            .toml());
  const auto begun = std::chrono::steady_clock::now();
  const tests::Ran ran = evotts({"run", "long.toml", "--out", "a", "--minutes", "0.01"});
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begun;
  EXPECT_EQ(ran.exit_code, 1) << ran.out;
  EXPECT_THAT(ran.err, HasSubstr("the time is up before the founders are scored"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "a"));
  EXPECT_LT(taken.count(), 0.6 + 10);
}

}  // namespace
}  // namespace experiments
