// Episodes drawn as lanes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/command_line.hpp"

namespace experiments {
namespace {

using testing::HasSubstr;
using testing::Not;
using tests::Ran;

class TraceDrawTest : public tests::CommandLine {
 protected:
  Ran trace(std::vector<std::string> more, const tests::ProcessOptions& options = {}) const {
    more.insert(more.begin(),
                {"trace", "cmc", "--env", "synthetic:seed=5,questions=4,branches=16", "--question", "1"});
    return evotts(more, options);
  }
};

TEST_F(TraceDrawTest, ALaneForEachBranchWithItsTokens) {
  const Ran drawn = trace({"--draw"}), told = trace({"--format", "json"});
  ASSERT_EQ(drawn.exit_code, 0) << drawn.err;
  EXPECT_THAT(drawn.out, Not(HasSubstr("\033"))) << "colours go to terminals alone";
  std::map<int, std::pair<std::int64_t, std::int64_t>> branches;  // recorded, tokens
  std::istringstream lines(told.out);
  for (std::string line; std::getline(lines, line);) {
    const auto json = nlohmann::json::parse(line);
    if (!json.contains("action")) continue;
    auto& [recorded, tokens] = branches[json["branch"].get<int>()];
    recorded = json["recorded"].get<std::int64_t>();
    tokens += json["cost"].get<std::int64_t>();
  }
  ASSERT_GT(branches.size(), 1U);
  for (const auto& [lane, branch] : branches) {
    const std::string begins = "\nb" + std::to_string(lane) + "/" + std::to_string(branch.first) + " ";
    const std::size_t at = drawn.out.find(begins);
    ASSERT_NE(at, std::string::npos) << begins << drawn.out;
    const std::string line = drawn.out.substr(at + 1, drawn.out.find('\n', at + 1) - at - 1);
    EXPECT_THAT(line, testing::EndsWith(" " + std::to_string(branch.second)));
  }
}

TEST_F(TraceDrawTest, LinesFitTheWidth) {
  for (const char* columns : {"40", "100"}) {
    const Ran drawn = trace({"--draw"}, {.variables = {{"COLUMNS", columns}}});
    std::istringstream lines(drawn.out);
    for (std::string line; std::getline(lines, line);) {
      EXPECT_TRUE(!line.starts_with("b") || line.size() <= std::stoul(columns)) << line;
    }
  }
}

TEST_F(TraceDrawTest, ItIsForPeople) {
  rejects({"trace", "cmc", "--env", "synthetic:seed=5", "--draw", "--format", "json"}, {"--draw"});
}

}  // namespace
}  // namespace experiments
