// Experiment files that take their keys from another file, and the ablations that are shipped.
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <optional>
#include <string>
#include <unistd.h>
#include <vector>

#include "experiments/config/experiment_file.hpp"
#include "experiments/console/usage_error.hpp"
#include "experiments/sources/experiment_changes.hpp"
#include "tests/support/places.hpp"

namespace experiments {
namespace {

namespace fs = std::filesystem;
using evo::Experiment;
using Strings = std::vector<std::string>;

class BaseTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) / fmt::format("base_test_{}", ::getpid());
    fs::remove_all(folder_);
    fs::create_directories(folder_ / "below");
  }
  void TearDown() override { fs::remove_all(folder_); }

  void write(const std::string& name, std::string_view text) const { std::ofstream(folder_ / name) << text; }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  Experiment read(const std::string& name, const Strings& settings = {}) const {
    return read_experiment(folder_ / name, settings);
  }
  Strings problems(const std::string& name) const {
    try {
      read(name);
      return {};
    } catch (const UsageError& error) {
      return error.messages();
    }
  }

  fs::path folder_;
};

constexpr std::string_view kBottom =
    "name = \"bottom\"\nseed = 5\n[environments]\nsearch = [\"here.json\"]\n"
    "[evaluation]\nplayoff = 3\norderings = 4\n";

TEST_F(BaseTest, GivesTheKeysThatAreNotGiven) {
  write("here.json", "[]");
  write("bottom.toml", kBottom);
  write("below/middle.toml", "base = \"../bottom.toml\"\nevaluation.validation_orderings = 7\nseed = 6\n");
  write("below/top.toml", "base = \"middle.toml\"\nseed = 7\n");
  const Experiment e = read("below/top.toml", {"evaluation.orderings=9"});
  EXPECT_EQ(e.name, "bottom") << "a name is inherited as any key";
  EXPECT_EQ(e.seed, 7U);
  EXPECT_EQ(e.validation_orderings, 7) << "a new name overrides the old one of the base";
  EXPECT_EQ(e.orderings, 9);
  EXPECT_EQ(e.search, Strings{path("here.json")}) << "looked for beside the file that names it";
  EXPECT_EQ(to_toml(e).find("\nbase ="), std::string::npos);
}

TEST_F(BaseTest, ProblemsNameTheirFileAndLine) {
  write("bottom.toml", std::string(kBottom) + "[variation]\ntuned = -1\n");
  write("top.toml", "base = \"bottom.toml\"\nsed = 7\n");
  EXPECT_EQ(
      problems("top.toml"),
      (Strings{path("bottom.toml") + ":9:9: variation.tuned must be a whole number from 0 to 100, found -1",
               path("top.toml") + ":2:1: there is no key \"sed\"; did you mean \"seed\"?"}));
  write("top.toml", "seed = 7\nbase = \"none.toml\"\n");
  const Strings missing = problems("top.toml");
  ASSERT_EQ(missing.size(), 1U);  // the base may have the environments: that they are missing is not said
  EXPECT_TRUE(missing[0].starts_with(path("top.toml") + ":2:8: base: " + path("none.toml"))) << missing[0];
  for (const char* value : {"1", "\"\"", "[\"bottom.toml\"]"}) {
    write("top.toml", fmt::format("base = {}\n[environments]\nsearch = [\"synthetic:\"]\n", value));
    const Strings wrong = problems("top.toml");
    ASSERT_EQ(wrong.size(), 1U) << value;
    EXPECT_TRUE(wrong[0].starts_with(path("top.toml") + ":1:8: base must be the path of a file")) << wrong[0];
  }
}

TEST_F(BaseTest, CyclesAndLongChainsAreRefused) {
  write("a.toml", "base = \"b.toml\"\nenvironments.search = [\"synthetic:\"]\n");
  write("b.toml", "base = \"./below/../a.toml\"\n");
  EXPECT_EQ(problems("a.toml"),
            Strings{fmt::format("{}:1:8: base: {} is based on itself", path("b.toml"), path("a.toml"))});
  write("0.toml", "environments.search = [\"synthetic:\"]\n");
  for (int i = 1; i <= 9; ++i) write(fmt::format("{}.toml", i), fmt::format("base = \"{}.toml\"\n", i - 1));
  EXPECT_EQ(problems("8.toml"), Strings{});
  const Strings deep = problems("9.toml");
  ASSERT_EQ(deep.size(), 1U);
  EXPECT_NE(deep.back().find("at most 8 bases may be nested"), std::string::npos) << deep.back();
}

TEST_F(BaseTest, IsNotForSettingsNorRuns) {
  EXPECT_THROW(parse_run_experiment("base = \"a.toml\"\nenvironments.search = [\"synthetic:\"]\n", "run"),
               UsageError);
  write("bottom.toml", kBottom);
  EXPECT_THROW(read("bottom.toml", {"base=bottom.toml"}), UsageError);
}

// What differed between the main experiment and each ablation while they were written out in full.
const std::map<std::string, Strings> kAblations{
    {"even_operators", {"variation.constants=0", "variation.adaptive=false"}},
    {"folds", {"variation.folds=3"}},
    {"beta_tables", {"variation.beta_tables=true"}},
    {"library_only", {"population.founders=library", "population.founder_candidates=0"}},
    {"no_founder_search", {"population.founder_candidates=0"}},
    {"no_lower_bound", {"objective.lower_bound_errors=0"}},
    {"no_crossover", {"variation.crossover=0"}},
    {"no_habits", {"variation.without=[\"habit\"]"}},
    {"champion_errors", {"objective.champion_errors=0.5"}},
    {"no_niches", {"population.niche=0"}},
    {"islands", {"population.islands=4", "population.migration=10"}},
    {"islands_apart", {"population.islands=4"}},
    {"no_halving", {"evaluation.first_rung=0"}},
    {"no_simplification", {"variation.simplified=0"}},
    {"no_reweightings",
     {"environments.reweightings=[]", "evaluation.orderings=27", "evaluation.first_rung=3",
      "evaluation.validation_orderings=63"}},
    {"no_tuning", {"variation.tuned=0"}},
    {"random_only", {"population.founders=random"}},
    {"uneven", {"objective.baseline_regret=0"}}};

TEST(Ablations, DifferFromTheMainExperimentInWhatTheySay) {
  const fs::path folder = fs::path(tests::kSourceDir) / "experiments";
  const auto shared = [](const std::string&) { return std::optional<std::string>("/shared"); };
  std::size_t found = 0;
  for (const auto& entry : fs::directory_iterator(folder / "ablations")) {
    const std::string name = entry.path().stem().string();
    ASSERT_TRUE(kAblations.contains(name)) << name;
    Strings settings = kAblations.at(name);
    settings.push_back("name=ablation_" + name);
    EXPECT_EQ(read_experiment(entry.path(), {}, {}, shared),
              read_experiment(folder / "aime24_qwen3.toml", settings, {}, shared))
        << name;
    ++found;
  }
  EXPECT_EQ(found, kAblations.size());
}

}  // namespace
}  // namespace experiments
