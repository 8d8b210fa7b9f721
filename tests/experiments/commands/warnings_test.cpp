// What people are warned of in the controllers they write: where it goes, and that it changes nothing.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/support/command_line.hpp"

namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using tests::Ran;
using Json = nlohmann::json;

class WarningsTest : public tests::CommandLine {
 protected:
  static constexpr std::string_view kDoubtful =
      "controller doubtful\n\nstart\n  open 4\n\nround\n  open 0\n  advance active by 1\n\nanswer\n"
      "  top(finished)\n";
  static constexpr std::string_view kWarning =
      "doubtful.ctl:7:8: warning: the count of 'open' is always 0, so nothing is opened [count]\n"
      "    open 0\n"
      "         ^\n"
      "  hint: ";

  void SetUp() override {
    CommandLine::SetUp();
    write("doubtful.ctl", kDoubtful);
  }
};

TEST_F(WarningsTest, EveryCommandThatReadsAFileGivesThem) {
  const std::vector<std::string> env{"--env", "synthetic:seed=1,questions=2,branches=4", "--beta", "0.5"};
  for (std::vector<std::string> command :
       std::vector<std::vector<std::string>>{{"eval", "doubtful.ctl"},
                                             {"curve", "doubtful.ctl"},
                                             {"trace", "doubtful.ctl"},
                                             {"diagnose", "doubtful.ctl"},
                                             {"compare", "sc", "doubtful.ctl"},
                                             {"diff", "sc", "doubtful.ctl", "--behaviour"}}) {
    command.insert(command.end(), env.begin(), env.end());
    const Ran ran = evotts(command);
    EXPECT_EQ(ran.exit_code, 0) << command[0];
    EXPECT_TRUE(ran.err.starts_with(kWarning)) << command[0] << "\n" << ran.err;
  }
  const Ran checked = evotts({"check", "doubtful.ctl"});
  EXPECT_EQ(checked.exit_code, 0);
  EXPECT_TRUE(checked.err.starts_with(kWarning)) << checked.err;
  EXPECT_THAT(checked.out, HasSubstr("doubtful.ctl: good (controller doubtful"));
  const Ran formatted = evotts({"fmt", "doubtful.ctl"});
  EXPECT_TRUE(formatted.err.starts_with(kWarning)) << formatted.err;
  EXPECT_EQ(formatted.out, kDoubtful);
  const Ran piped = evotts({"eval", "-", "--env", env[1]}, {.input = std::string(kDoubtful)});
  EXPECT_THAT(piped.err, HasSubstr("standard input:7:8: warning"));
}

TEST_F(WarningsTest, KnownControllersAreScoredWithoutAny) {
  const Ran scored = evotts({"eval", "two_stage", "--env", "synthetic:seed=1,questions=2,branches=4"});
  EXPECT_EQ(scored.exit_code, 0);
  EXPECT_EQ(scored.err, "");
  const Ran checked = evotts({"check", "two_stage"});
  EXPECT_EQ(checked.exit_code, 0);
  EXPECT_THAT(checked.err, HasSubstr("up to 125 branches can be asked for at beta = 1"));
}

TEST_F(WarningsTest, ErrorsSayWhatWasMeantInEveryCommand) {
  write("wrong.ctl",
        "controller wrong\nstart\n  open 4\nround\n  advance active by 1\n  stop when finished > 3\n"
        "  stop when top(finished) == 42\nanswer\n  top(finished)\n");
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"check", "wrong.ctl"}, {"eval", "wrong.ctl", "--env", "synthetic:seed=1"}}) {
    const Ran ran = evotts(command);
    EXPECT_EQ(ran.exit_code, 2);
    EXPECT_THAT(ran.err, HasSubstr("as in count(finished) > 3"));
    EXPECT_THAT(ran.err, HasSubstr("answers are opaque"));
  }
}

TEST_F(WarningsTest, JsonHasEverythingWithLineAndColumn) {
  write("wrong.ctl", "controller wrong\nstart\n  open # β\n  open π + 2\nanswer\n  top(finishd)\n");
  const Ran ran = evotts({"check", "doubtful.ctl", "wrong.ctl", "none.ctl", "sc", "--format", "json"});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_EQ(ran.err, "");
  const Json all = Json::parse(ran.out);
  ASSERT_EQ(all.size(), 4U);
  EXPECT_EQ(all[0]["file"], "doubtful.ctl");
  EXPECT_EQ(all[0]["good"], true);
  EXPECT_EQ(all[0]["controller"], "doubtful");
  EXPECT_EQ(all[0]["id"].get<std::string>().size(), 40U);
  ASSERT_EQ(all[0]["diagnostics"].size(), 1U);
  const Json warning = all[0]["diagnostics"][0];
  EXPECT_EQ(warning["severity"], "warning");
  EXPECT_EQ(warning["code"], "count");
  EXPECT_EQ(warning["line"], 7);
  EXPECT_EQ(warning["column"], 8);
  EXPECT_EQ(warning["message"], "the count of 'open' is always 0, so nothing is opened");
  EXPECT_TRUE(warning["hint"].is_string());
  EXPECT_EQ(all[1]["good"], false);
  EXPECT_FALSE(all[1].contains("id"));
  const Json& last = all[1]["diagnostics"].back();
  EXPECT_EQ(last["severity"], "error");
  EXPECT_EQ(last["line"], 6);
  EXPECT_EQ(last["column"], 7);
  EXPECT_EQ(all[2]["good"], false);
  EXPECT_TRUE(all[2]["diagnostics"][0]["line"].is_null());
  EXPECT_THAT(all[2]["diagnostics"][0]["message"].get<std::string>(), HasSubstr("none.ctl: no such file"));
  EXPECT_EQ(all[3]["good"], true);
  EXPECT_THAT(all[3]["diagnostics"], IsEmpty());
  EXPECT_EQ(evotts({"check", "doubtful.ctl", "--format", "json"}).exit_code, 0);
  rejects({"check", "sc", "--format", "xml"}, {"--format must be text or json", "\"xml\""});
}

TEST_F(WarningsTest, AFileThatHidesAKnownControllerIsNamed) {
  write("sc", "controller mine\nstart\n  read 3\nanswer\n  top(finished)\n");
  const Ran hidden = evotts({"check", "sc"});
  EXPECT_EQ(hidden.exit_code, 0);
  EXPECT_THAT(hidden.err,
              HasSubstr("sc: warning: this file hides the known controller 'sc' [hidden-name]\n"));
  EXPECT_THAT(hidden.err, HasSubstr("./sc"));
  EXPECT_THAT(evotts({"eval", "sc", "--env", "synthetic:seed=1,questions=2"}).err,
              HasSubstr("[hidden-name]"));
  const Json json = Json::parse(evotts({"check", "sc", "--format", "json"}).out);
  EXPECT_EQ(json[0]["diagnostics"][0]["code"], "hidden-name");
  EXPECT_EQ(evotts({"check", "./sc"}).err, "");
  EXPECT_EQ(evotts({"check", "asc"}).err, "");
  // The known controller's own text hides nothing, however it is laid out.
  write("esc", evotts({"fmt", "esc"}).out + "\n\n# mine\n");
  EXPECT_EQ(evotts({"check", "esc"}).err, "");
  // A folder hides nothing.
  std::filesystem::create_directories(folder_ / "asc");
  EXPECT_EQ(evotts({"check", "asc"}).err, "");
}

TEST_F(WarningsTest, AnEmptyFileIsCalledEmpty) {
  write("mine.ctl", "\n");
  write("sc", "");
  const Ran mine = evotts({"check", "mine.ctl"}), known = evotts({"fmt", "sc"});
  EXPECT_EQ(mine.exit_code, 2);
  EXPECT_THAT(mine.err, HasSubstr("the file is empty"));
  EXPECT_THAT(mine.err, testing::Not(HasSubstr("shell")));
  EXPECT_EQ(known.exit_code, 2);
  EXPECT_THAT(known.err,
              testing::AllOf(HasSubstr("the file is empty"), HasSubstr("a shell that is told '> sc'")));
  EXPECT_THAT(evotts({"eval", "./sc", "--env", "synthetic:seed=1,questions=2"}).err,
              HasSubstr("a shell that is told '> ./sc'"));
}

}  // namespace
