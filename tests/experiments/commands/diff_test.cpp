// `evotts diff` as people and programs use it.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/support/command_line.hpp"

namespace {

using tests::Ran;

class DiffTest : public tests::CommandLine {
 protected:
  static constexpr std::string_view kOne =
      "controller one\nschedule\n  n rises round(2 + 6 * beta)\n  level rises 0.5 + 0.4 * beta\n"
      "memory\n  calm = 0\nstart\n  open n\nround\n  calm = calm + 1\n  advance active by 1\n"
      "  stop when calm > 9 and confidence(finished) > level\n  stop when not any(active)\n"
      "answer\n  top(finished)\n";

  void SetUp() override {
    CommandLine::SetUp();
    write("one.ctl", kOne);
    write("two.ctl", edited("calm > 9", "calm > 7", edited("0.5 + 0.4", "0.6 + 0.3", std::string(kOne))));
    write("names.ctl", edited("calm", "still", std::string(kOne)));
  }

  static std::string edited(std::string_view from, std::string_view to, std::string text) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
      text.replace(at, from.size(), to);
    return text;
  }

  std::string told(const std::vector<std::string>& arguments) const {
    std::vector<std::string> all{"diff"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    const Ran ran = evotts(all);
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    EXPECT_EQ(ran.err, "");
    return ran.out;
  }
};

TEST_F(DiffTest, TellsWhatChanged) {
  const std::string text = told({"one.ctl", "two.ctl"});
  EXPECT_TRUE(text.starts_with("A  one.ctl  ")) << text;
  EXPECT_EQ(text.substr(text.find("\n\n") + 2),
            "schedule\n"
            "  ~ level: rises 0.5…0.9 → 0.6…0.9, {0.5 → 0.6} + {0.4 → 0.3} * beta\n"
            "round\n"
            "    calm = calm + 1\n"
            "    advance active by 1\n"
            "  ~ stop when calm > {9 → 7} and confidence(finished) > level\n"
            "    stop when not any(active)\n"
            "the same: memory, branch, start, answer\n");
}

TEST_F(DiffTest, WordsAreNoDifference) {
  EXPECT_TRUE(told({"one.ctl", "one.ctl"}).starts_with("no difference: both are "));
  const std::string text = told({"one.ctl", "names.ctl"});
  EXPECT_TRUE(text.ends_with(
      "\n\nno difference but in words: names, the order of independent lines, or what nothing reads\n"
      "renamed: calm → still\n"))
      << text;
}

TEST_F(DiffTest, JsonHasTheSame) {
  const auto diff = nlohmann::json::parse(told({"one.ctl", "two.ctl", "--format", "json"}));
  EXPECT_EQ(diff["a"], "one.ctl");
  EXPECT_EQ(diff["id_a"].get<std::string>().size(), 40U);
  EXPECT_FALSE(diff["equivalent"].get<bool>());
  ASSERT_EQ(diff["schedule"].size(), 1U);
  EXPECT_EQ(diff["schedule"][0]["name"], "level");
  EXPECT_EQ(diff["schedule"][0]["from"]["at_0"], 0.5);
  EXPECT_EQ(diff["schedule"][0]["to"]["at_0"], 0.6);
  ASSERT_EQ(diff["round"].size(), 1U);
  EXPECT_EQ(diff["round"][0]["change"], "changed");
  EXPECT_EQ(diff["round"][0]["to"], "stop when calm > 7 and confidence(finished) > level");
  EXPECT_EQ(diff["rounds"], nullptr);
  const auto same = nlohmann::json::parse(told({"one.ctl", "names.ctl", "--format", "json"}));
  EXPECT_TRUE(same["equivalent"].get<bool>());
  EXPECT_FALSE(same["same_text"].get<bool>());
  EXPECT_EQ(same["renamed"][0]["to"], "still");
}

TEST_F(DiffTest, BehaviourIsThatOfCompare) {
  const std::vector<std::string> where{"--env", "synthetic:questions=3,branches=16", "--orderings", "4"};
  std::vector<std::string> compare{"compare", "one.ctl", "two.ctl"},
      diff{"one.ctl", "two.ctl", "--behaviour"};
  compare.insert(compare.end(), where.begin(), where.end());
  diff.insert(diff.end(), where.begin(), where.end());
  const std::string compared = evotts(compare).out;
  EXPECT_NE(compared, "");
  EXPECT_TRUE(told(diff).ends_with("\nbehaviour\n\n" + compared));
  diff.insert(diff.end(), {"--format", "json"});
  const auto both = nlohmann::json::parse(told(diff));
  EXPECT_EQ(both["difference"]["b"], "two.ctl");
  EXPECT_EQ(both["behaviour"]["episodes"], 12);
  const std::string alike = told({"one.ctl", "names.ctl", "--behaviour", "--env", "synthetic:questions=2"});
  EXPECT_NE(alike.find("A and B act alike: "), std::string::npos) << alike;
}

TEST_F(DiffTest, TextIsTheLineDifference) {
  const std::string text = told({"one.ctl", "two.ctl", "--text"});
  EXPECT_TRUE(text.starts_with("--- one.ctl\n+++ two.ctl\n@@ ")) << text;
  EXPECT_NE(text.find("\n+  stop when calm > 7 and confidence(finished) > level\n"), std::string::npos);
  EXPECT_TRUE(told({"one.ctl", "one.ctl", "--text"}).starts_with("no difference: both are "));
}

TEST_F(DiffTest, BadInputIsRefused) {
  rejects({"diff", "one.ctl"}, {"diff: B is required"});
  rejects({"diff", "one.ctl", "thre.ctl"}, {"thre.ctl: no such file"});
  rejects({"diff", "one.ctl", "two.ctl", "--format", "csv"}, {"--format must be text or json", "\"csv\""});
  rejects({"diff", "one.ctl", "two.ctl", "--behaviour"}, {"diff --behaviour: no environment is named"});
  rejects({"diff", "one.ctl", "two.ctl", "--env", "synthetic:"}, {"diff: --env is for --behaviour"});
  rejects({"diff", "one.ctl", "two.ctl", "--text", "--format", "json"}, {"--text goes with neither"});
  rejects({"diff", "one.ctl", "two.ctl", "--behaviour", "--env", "synthetic:", "--beta", "2"},
          {"--beta must be"});
}

}  // namespace
