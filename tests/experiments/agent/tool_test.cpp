// What an agent gives a tool becomes a command line, or is refused with the name of the parameter.
#include "experiments/agent/tool.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>

#include "experiments/agent/tool_arguments.hpp"
#include "genome/base/error.hpp"
#include "genome/base/file.hpp"
#include "tests/support/temporary_folder.hpp"

namespace experiments {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Json = nlohmann::ordered_json;

const Tool& tool(std::string_view name) {
  const auto found = std::ranges::find(all_tools(), name, [](const Tool& each) { return each.name; });
  EXPECT_NE(found, all_tools().end()) << name;
  return *found;
}

class ToolTest : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directory(folder_.path() / "root");
    std::ofstream(folder_.path() / "outside.json") << "{}";
    std::filesystem::create_symlink(folder_.path() / "outside.json", folder_.path() / "root" / "link.json");
    workspace_.emplace(folder_.path() / "root");
    std::ofstream("env.json") << "{}";
    std::filesystem::create_directory("run");
  }
  void TearDown() override { std::filesystem::current_path(before_); }

  std::vector<std::string> line(std::string_view name, const Json& given) {
    return command_line(tool(name), given, *workspace_);
  }
  std::string refused(std::string_view name, const Json& given) {
    try {
      for (const std::string& each : line(name, given)) ADD_FAILURE() << each;
    } catch (const genome::base::Error& error) {
      return error.what();
    }
    return "";
  }

  std::filesystem::path before_ = std::filesystem::current_path();
  tests::TemporaryFolder folder_;
  std::optional<Workspace> workspace_;
};

TEST_F(ToolTest, ArgumentsStandInTheirPlacesAndOptionsBehindThem) {
  EXPECT_THAT(line("eval", {{"environments", {"env.json", "synthetic:seed=3"}},
                            {"controllers", {"cmc", "run@3:best"}},
                            {"betas", {0, 0.25}},
                            {"orderings", 7}}),
              ElementsAre("eval", "--format", "csv", "cmc", "run@3:best", "--env", "env.json",
                          "synthetic:seed=3", "--beta", "0,0.25", "--orderings", "7"));
  EXPECT_THAT(line("lineage", {{"run", "run"}, {"id", "champion"}}),
              ElementsAre("lineage", "--no-intervals", "run", "champion"));
  EXPECT_THAT(line("language", Json::object()), ElementsAre("language"));
}

TEST_F(ToolTest, ATextIsAFileUntilItIsForgotten) {
  const std::vector<std::string> arguments = line("check", {{"controller", "controller a\n\nstart\n"}});
  const std::string path = arguments.back();
  EXPECT_EQ(genome::base::content_of(path), "controller a\n\nstart\n");
  workspace_->forget_texts();
  EXPECT_FALSE(std::filesystem::exists(std::filesystem::path(path).parent_path()));
}

TEST_F(ToolTest, NothingBecomesAnOptionOrLeavesTheFolder) {
  for (const char* path : {"/etc/passwd", "../outside.json", "link.json", "run/../../outside.json"}) {
    EXPECT_THAT(refused("check", {{"controller", path}}), HasSubstr("outside the folder")) << path;
    EXPECT_THAT(refused("eval", {{"controllers", {"cmc"}}, {"environments", {path}}}),
                HasSubstr("outside the folder"))
        << path;
  }
  EXPECT_THAT(refused("status", {{"run", "../elsewhere@3"}}), HasSubstr("outside the folder"));
  EXPECT_THAT(refused("check", {{"controller", "../run:best"}}), HasSubstr("outside the folder"));
  EXPECT_THAT(refused("check", {{"controller", "-"}}), HasSubstr("must be a path"));
  EXPECT_THAT(refused("status", {{"run", "--help"}}), HasSubstr("must be a path"));
  EXPECT_THAT(refused("lineage", {{"run", "run"}, {"id", "--all"}}), HasSubstr("id: "));
  EXPECT_THAT(refused("language", {{"word", "--format"}}), HasSubstr("must be a word"));
}

TEST_F(ToolTest, NeitherFoldersNorRunsLeadOut) {
  std::filesystem::create_directory("envs");
  std::filesystem::create_symlink(folder_.path() / "outside.json", "envs/s.json");
  EXPECT_THAT(refused("eval", {{"controllers", {"cmc"}}, {"environments", {"envs"}}}),
              HasSubstr("outside the folder"));
  std::filesystem::create_directories(folder_.path() / "elsewhere");
  std::filesystem::create_directory_symlink(folder_.path() / "elsewhere", "run/.git");
  EXPECT_THAT(refused("status", {{"run", "run"}}), HasSubstr("outside the folder"));
  EXPECT_THAT(refused("check", {{"controller", "run@3:best"}}), HasSubstr("outside the folder"));
  std::filesystem::remove("run/.git");
  std::ofstream("run/.git") << "gitdir: /elsewhere\n";
  EXPECT_THAT(refused("export", {{"run", "run"}}), HasSubstr("in another folder"));
}

TEST_F(ToolTest, WhatIsWrongIsNamed) {
  EXPECT_THAT(refused("eval", {{"controllers", {"cmc"}}}), HasSubstr("eval needs environments"));
  EXPECT_THAT(refused("eval", {{"controler", 1}}), HasSubstr("it has: controllers, environments"));
  EXPECT_THAT(refused("eval", Json::array()), HasSubstr("must be an object"));
  const Json good = {{"controllers", {"cmc"}}, {"environments", {"env.json"}}};
  const auto with = [&](const char* name, const Json& value) {
    Json given = good;
    given[name] = value;
    return refused("eval", given);
  };
  EXPECT_THAT(with("orderings", 0), HasSubstr("orderings: must be a whole number from 1 to 1000"));
  EXPECT_THAT(with("orderings", 1.5), HasSubstr("whole number"));
  EXPECT_THAT(with("orderings", "3"), HasSubstr("must be a number, found string"));
  EXPECT_THAT(with("betas", Json::array()), HasSubstr("betas: must be a list"));
  EXPECT_THAT(with("controllers", "cmc"), HasSubstr("controllers: must be a list"));
  EXPECT_THAT(with("environments", Json::array({3})), HasSubstr("must be a string"));
  EXPECT_THAT(refused("check", {{"controller", std::string(2'000'000, 'a')}}), HasSubstr("more than"));
}

TEST(Tools, AreDescribedAsTheProtocolAsks) {
  std::set<std::string> names;
  for (const Tool& each : all_tools()) {
    const Json told = description_of(each);
    EXPECT_TRUE(names.insert(told["name"]).second) << each.name;
    EXPECT_EQ(told["inputSchema"]["type"], "object");
    EXPECT_EQ(told["annotations"]["readOnlyHint"], each.name != "propose");
    for (const Parameter& parameter : each.parameters)
      EXPECT_TRUE(told["inputSchema"]["properties"][std::string(parameter.name)].contains("type"))
          << each.name;
  }
}

}  // namespace
}  // namespace experiments
