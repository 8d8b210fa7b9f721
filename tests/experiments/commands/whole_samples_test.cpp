// Environments without probes are warned of wherever controllers are scored on them.
#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "tests/support/small_run.hpp"

namespace {

using testing::AllOf;
using testing::HasSubstr;

class WholeSamples : public tests::Runs {
 protected:
  void SetUp() override {
    Runs::SetUp();
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

  // Whether any controller of the run acts on unfinished branches.
  bool looks(const std::string& run) const {
    return std::ranges::any_of(files(), [&](const auto& file) {
      const auto& [name, text] = file;
      return name.starts_with(run + "/") && name.ends_with(".ctl") && text.contains("active");
    });
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
    // The search knows, in one line and in what the run keeps.
    for (const std::string& said : {ran.err, resumed.err}) {
      EXPECT_EQ(said.contains("so the search makes none (variation.whole_samples)\n"), whole) << said;
      EXPECT_EQ(std::ranges::count(said, '\n'), whole ? 1 : 0) << said;
    }
    EXPECT_EQ(read(folder + "/run/experiment.toml").contains("\nwhole_samples = true\n"), whole);
  }
}

// Whatever is stopped, goes on, is forked or begun again by --seeds keeps what its run wrote down.
TEST_F(WholeSamples, ARunKeepsWhatItBeganWith) {
  write("e.toml",
        "[environments]\nsearch = [\"whole.json\"]\n[evaluation]\norderings = 3\n[population]\nsize = 20\n"
        "children = 10\nfounder_candidates = 40\nfounder_stages = 2\n[variation]\ntuning_steps = 1\n");
  const auto made = [&](const std::string& folder, const std::string& generations, const std::string& whole) {
    std::vector<std::string> words = {"run", "e.toml", "--out", folder, "--generations", generations};
    if (!whole.empty()) words.insert(words.end(), {"--set", "variation.whole_samples=" + whole});
    const tests::Ran ran = evotts(words);
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
  };
  const auto resumed = [&](const std::string& folder) {
    const tests::Ran ran = evotts({"resume", folder, "--generations", "4"});
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    return ran.err;
  };
  made("by_data", "4", "");
  made("on", "4", "true");
  made("parts", "1", "");
  resumed("parts");
  EXPECT_EQ(trees("by_data"), trees("on"));
  EXPECT_EQ(trees("by_data"), trees("parts"));
  EXPECT_FALSE(looks("by_data"));
  // As programs before the key did: a run of theirs does not have it.
  made("off", "4", "false");
  made("off_parts", "1", "false");
  EXPECT_FALSE(read("off_parts/experiment.toml").contains("whole_samples"));
  EXPECT_FALSE(resumed("off_parts").contains("so the search makes none"));
  EXPECT_EQ(trees("off"), trees("off_parts"));
  EXPECT_TRUE(looks("off"));
  EXPECT_EQ(evotts({"verify", "off"}).exit_code, 0);
  EXPECT_EQ(evotts({"verify", "by_data"}).exit_code, 0);
  ASSERT_EQ(evotts({"fork", "off@1", "same"}).exit_code, 0);
  resumed("same");
  EXPECT_EQ(read("same/experiment.toml"), read("off/experiment.toml"));
  EXPECT_EQ(tree("same"), tree("off"));
  const tests::Ran other = evotts({"fork", "off@1", "other", "--set", "variation.whole_samples=\"auto\""});
  EXPECT_EQ(other.exit_code, 0) << other.err;
  EXPECT_TRUE(read("other/experiment.toml").contains("\nwhole_samples = true\n"));
  for (const char* const generations : {"1", "2"}) {
    const tests::Ran seeds =
        evotts({"run", "e.toml", "--out", "seeds", "--seeds", "1-2", "--generations", generations});
    EXPECT_EQ(seeds.exit_code, 0) << seeds.err;
  }
  const tests::Ran island = evotts({"run", "e.toml", "--out", "x", "--set", "population.islands=2",
                                    "islands.0.variation.whole_samples=true"});
  EXPECT_NE(island.exit_code, 0);
  EXPECT_THAT(island.err, HasSubstr("variation.whole_samples"));
}

}  // namespace
