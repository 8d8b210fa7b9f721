#include "replay/environment/info.hpp"

#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "replay/environment/reader.hpp"
#include "tests/support/shared_data.hpp"

namespace replay {
namespace {

TEST(EnvironmentInfo, CountsWhatIsThere) {
  const Environment env = parse_environment(
      R"([{"question":"a","gold_answer":"1","probe_freq":10,
           "each_branch":[[["1","ERR"],100,"1"], [[""],200,"2"], [[],300,"1"]]},
          {"question":"b","gold_answer":"9","probe_freq":20,
           "each_branch":[[["2"],400,"ERR"], [[],500,"2"]]}])",
      "x", "x.json");
  const EnvironmentInfo info = describe(env);
  EXPECT_EQ(info.questions, 2U);
  EXPECT_EQ(info.fewest_branches, 2U);
  EXPECT_EQ(info.most_branches, 3U);
  EXPECT_EQ(info.branches, 5U);
  EXPECT_EQ(info.answers, 9U);
  EXPECT_EQ(info.smallest_interval, 10);
  EXPECT_EQ(info.largest_interval, 20);
  EXPECT_EQ(info.right_lengths, (LengthSummary{2, 200, 120, 200, 280}));
  EXPECT_EQ(info.wrong_lengths.branches, 3U);
  EXPECT_DOUBLE_EQ(info.lengths.mean, 300);
  EXPECT_DOUBLE_EQ(info.lengths.median, 300);
  EXPECT_DOUBLE_EQ(info.right_percent, 40);
  EXPECT_DOUBLE_EQ(info.ceiling_percent, 50);
  EXPECT_DOUBLE_EQ(info.blank_probe_percent, 50);
  EXPECT_DOUBLE_EQ(info.blank_end_percent, 20);
  ASSERT_EQ(info.self_consistency.size(), 1U);  // no question has 4 branches
  EXPECT_EQ(info.self_consistency[0].branches, 1U);
}

TEST(EnvironmentInfo, NothingIsRightAndNothingIsProbed) {
  const Environment env = parse_environment(
      R"([{"question":"a","gold_answer":"1","probe_freq":10,"each_branch":[[[],100,"2"]]}])", "x", "x.json");
  const EnvironmentInfo info = describe(env);
  EXPECT_EQ(info.right_lengths, LengthSummary{});
  EXPECT_EQ(info.blank_probe_percent, 0);
  EXPECT_EQ(info.ceiling_percent, 0);
  EXPECT_EQ(info.self_consistency, (std::vector<SelfConsistency>{{1, 0}}));
}

// A right branch at 2 against wrong ones at 1, 2 and 3: one pair, half a pair, none; then two pairs of two.
TEST(EnvironmentInfo, SaysHowWellTheMeansOfSignalsTellRightFromWrong) {
  const Environment env = parse_environment(
      R"([{"question":"a","gold_answer":"1","probe_freq":10,
           "each_branch":[[["1"],30,"1",{"s":[4,1],"t":[1,1]}], [[],5,"2",{"s":[1],"t":[2]}],
                          [[],5,"2",{"s":[2],"t":[2]}], [[],5,"ERR",{"s":[3],"t":[2]}]]},
          {"question":"b","gold_answer":"1","probe_freq":10,
           "each_branch":[[[],5,"1",{"s":[4],"t":[1]}], [[],5,"2",{"s":[3],"t":[2]}]]},
          {"question":"c","gold_answer":"9","probe_freq":10,
           "each_branch":[[[],5,"1",{"s":[4],"t":[1]}], [[],5,"2",{"s":[3],"t":[2]}]]}])",
      "x", "x.json");
  EXPECT_EQ(describe(env).signals, (std::vector<SignalSummary>{{"s", 0.75, 2}, {"t", 0, 2}}));
  const Environment hopeless = parse_environment(
      R"([{"question":"a","gold_answer":"9","probe_freq":10,"each_branch":[[[],5,"2",{"s":[1]}]]}])", "x",
      "x");
  EXPECT_EQ(describe(hopeless).signals, (std::vector<SignalSummary>{{"s", 0.5, 0}}));
}

// accuracy by (model, benchmark, knob) of the controller sc
std::map<std::pair<std::string, std::size_t>, std::string> published_self_consistency(
    const std::filesystem::path& table) {
  std::map<std::pair<std::string, std::size_t>, std::string> published;
  std::ifstream stream(table);
  for (std::string line; std::getline(stream, line);) {
    std::istringstream fields(line);
    std::string model, benchmark, controller, knob, accuracy;
    for (std::string* field : {&model, &benchmark, &controller, &knob, &accuracy})
      std::getline(fields, *field, ',');
    if (controller == "sc") published[{model + "/" + benchmark, std::stoul(knob)}] = accuracy;
  }
  return published;
}

TEST(EnvironmentInfo, SelfConsistencyEqualsThePublishedNumbers) {
  const auto table = tests::shared_data("expected/parity.csv");
  const auto folder = tests::shared_data("replay");
  if (!table || !folder) GTEST_SKIP() << tests::kNoSharedData;
  const auto published = published_self_consistency(*table);
  int compared = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(*folder)) {
    if (entry.path().extension() != ".json") continue;
    const Environment env = read_environment(entry.path());
    for (const SelfConsistency& sc : describe(env).self_consistency) {
      const auto row = published.find({env.name, sc.branches});
      if (row == published.end()) continue;
      EXPECT_EQ(fmt::format("{:.2f}", sc.percent), row->second) << env.name << " " << sc.branches;
      ++compared;
    }
  }
  EXPECT_EQ(compared, 8 * 3);  // 4, 16 and 64 branches of each environment
}

}  // namespace
}  // namespace replay
