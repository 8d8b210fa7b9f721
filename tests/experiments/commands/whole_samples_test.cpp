// Environments without probes are warned of wherever controllers are scored on them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

#include "tests/support/command_line.hpp"

namespace {

using testing::AllOf;
using testing::HasSubstr;

class WholeSamples : public tests::CommandLine {
 protected:
  void SetUp() override {
    CommandLine::SetUp();
    std::string questions, looked;
    for (int i = 0; i < 4; ++i) {
      const std::string head = R"({"question": "q)" + std::to_string(i) +
                               R"(", "gold_answer": "1", "probe_freq": 10, "each_branch": )";
      questions += (i == 0 ? "[" : ",") + head + R"([[[], 30, "1"], [[], 40, "2"], [[], 20, "1"]]})";
      looked += (i == 0 ? "[" : ",") + head + R"([[["1"], 15, "1"], [["2"], 18, "2"]]})";
    }
    write("whole.json", questions + "]");
    write("looked.json", looked + "]");
  }
};

TEST_F(WholeSamples, ScoringAndSearchingWarnOfThem) {
  EXPECT_THAT(evotts({"eval", "sc", "--env", "whole.json", "looked.json"}).err,
              AllOf(HasSubstr("without probes: "), HasSubstr("whole; there open reads a whole branch")));
  EXPECT_EQ(evotts({"eval", "sc", "--env", "looked.json"}).err, "");
  for (const char* const name : {"whole", "looked"}) {
    const std::string folder = std::string("new_") + name;
    const tests::Ran made = evotts({"new", folder, "--env", std::string(name) + ".json"});
    ASSERT_EQ(made.exit_code, 0) << made.err;
    const bool whole = folder == "new_whole";
    EXPECT_EQ(made.out.contains("no branch was looked into before its end"), whole) << made.out;
    EXPECT_EQ(read(folder + "/experiment.toml").contains("# The recordings have no probes"), whole);
    const tests::Ran ran =
        evotts({"run", folder + "/experiment.toml", "--out", folder + "/run", "--generations", "1", "--set",
                "population.size=20", "population.children=10", "population.founder_candidates=0",
                "evaluation.orderings=3", "variation.tuned=0"});
    ASSERT_EQ(ran.exit_code, 0) << ran.err;
    EXPECT_EQ(ran.err.contains("without probes: "), whole) << ran.err;
    const tests::Ran resumed = evotts({"resume", folder + "/run", "--generations", "2"});
    EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
    EXPECT_EQ(resumed.err.contains("without probes: "), whole) << resumed.err;
  }
}

}  // namespace
