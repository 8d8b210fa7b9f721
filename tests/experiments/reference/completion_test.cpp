// Scripts of completion: shells can read them, and bash offers what fits.
#include "experiments/reference/completion.hpp"

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "experiments/commands/commands.hpp"
#include "tests/support/command_line.hpp"

namespace {

using experiments::CommandInfo;
using experiments::OptionInfo;
using testing::HasSubstr;
using testing::Not;
using tests::Ran;

bool installed(const std::string& shell) {
  return std::system(fmt::format("command -v {} >/dev/null 2>&1", shell).c_str()) == 0;
}

class Completion : public tests::CommandLine {
 protected:
  std::string script(const std::string& shell) const {
    const Ran ran = evotts({"completion", shell});
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    return ran.out;
  }

  // That the shell reads the script without complaint; it is not run.
  void expect_readable(const std::string& shell) const {
    if (!installed(shell)) GTEST_SKIP() << shell << " is not installed";
    write("script", script(shell));
    const Ran ran = tests::run_process({"/usr/bin/env", shell, "-n", "script"}, {.folder = folder_});
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    EXPECT_EQ(ran.err, "");
  }

  // What bash offers for the last of these words.
  std::string offered(const std::vector<std::string>& words) const {
    write("script", script("bash"));
    std::string line;
    for (const std::string& word : words) line += fmt::format(" '{}'", word);
    write("ask", fmt::format("compopt() {{ :; }}\nsource ./script\nCOMP_WORDS=({})\nCOMP_CWORD={}\n_evotts\n"
                             "printf '%s\\n' \"${{COMPREPLY[@]}}\"\n",
                             line, words.size() - 1));
    const Ran ran = tests::run_process({"/usr/bin/env", "bash", "ask"}, {.folder = folder_});
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    EXPECT_EQ(ran.err, "");
    return "\n" + ran.out;
  }
};

TEST_F(Completion, BashCanReadItsScript) { expect_readable("bash"); }
TEST_F(Completion, ZshCanReadItsScript) { expect_readable("zsh"); }
TEST_F(Completion, FishCanReadItsScript) { expect_readable("fish"); }

TEST_F(Completion, EveryScriptHasEveryCommandAndOption) {
  CLI::App app;
  experiments::Action action;
  experiments::add_all_commands(app, action);
  const CommandInfo program = experiments::command_info(app);
  for (const std::string& shell : experiments::shell_names()) {
    const std::string text = script(shell);
    for (const CommandInfo* command : experiments::all_commands(program)) {
      EXPECT_THAT(text, HasSubstr(command->name.substr(command->name.rfind(' ') + 1))) << shell;
      for (const OptionInfo& option : command->options) {
        const std::string name = option.names.back().substr(2);
        EXPECT_THAT(text, HasSubstr((shell == "fish" ? "-l " : "--") + name)) << shell;
      }
    }
  }
}

TEST_F(Completion, BashOffersWhatFits) {
  if (!installed("bash")) GTEST_SKIP() << "bash is not installed";
  EXPECT_EQ(offered({"evotts", "ev"}), "\neval\n");
  EXPECT_THAT(offered({"evotts", ""}), HasSubstr("\nlanguage\n"));
  EXPECT_EQ(offered({"evotts", "env", "s"}), "\nsynth\n");
  EXPECT_THAT(offered({"evotts", "env", "synth", "--se"}), HasSubstr("\n--seed\n"));
  EXPECT_THAT(offered({"evotts", "eval", "--"}), HasSubstr("\n--orderings\n"));
  EXPECT_EQ(offered({"evotts", "eval", "--format", "c"}), "\ncsv\n");
  EXPECT_EQ(offered({"evotts", "eval", "cmc", "st_"}), "\nst_bon\n");
  EXPECT_EQ(offered({"evotts", "run", "--set", "objective.cov"}), "\nobjective.coverage_penalty=\n");
  EXPECT_EQ(offered({"evotts", "keys", "objective.cov"}), "\nobjective.coverage_penalty\n");
  EXPECT_EQ(offered({"evotts", "language", "runn"}), "\nrunner_up\n");
  EXPECT_EQ(offered({"evotts", "completion", ""}), "\nbash\nzsh\nfish\n");
  EXPECT_EQ(offered({"evotts", "run", "--out", "x"}), "\n\n") << "files, which bash offers by itself";
}

TEST_F(Completion, AnUnknownShellIsRefused) {
  rejects({"completion", "tcsh"}, {"SHELL must be one of bash, zsh, fish, found \"tcsh\""});
  rejects({"completion"}, {"SHELL is required"});
}

}  // namespace
