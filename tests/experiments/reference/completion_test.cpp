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

TEST_F(Completion, BashOffersCommandsControllersAndFilesWhereTheyAreTaken) {
  if (!installed("bash")) GTEST_SKIP() << "bash is not installed";
  EXPECT_EQ(offered({"evotts", "help", "r"}), "\nrun\nresume\nreport\n");
  EXPECT_EQ(offered({"evotts", "man", "env", "s"}), "\nsynth\n");
  EXPECT_EQ(offered({"evotts", "man", "env", "synth", ""}), "\n\n");
  write("two files.ctl", "");
  EXPECT_EQ(offered({"evotts", "check", "tw"}), "\ntwo_stage\ntwo files.ctl\n");
  EXPECT_EQ(offered({"evotts", "fmt", "tw"}), "\ntwo_stage\ntwo files.ctl\n");
}

TEST_F(Completion, BashOffersValuesBehindEqualSignsAndFurtherOnes) {
  if (!installed("bash")) GTEST_SKIP() << "bash is not installed";
  EXPECT_EQ(offered({"evotts", "eval", "--format", "=", "j"}), "\njson\n");
  EXPECT_EQ(offered({"evotts", "eval", "--format", "="}), "\ntable\ncsv\njson\n");
  EXPECT_EQ(offered({"evotts", "eval", "--format=j"}), "\n--format=json\n");
  EXPECT_EQ(offered({"evotts", "run", "--set", "seed", "=", "3", "objective.cov"}),
            "\nobjective.coverage_penalty=\n");
  EXPECT_EQ(offered({"evotts", "run", "--set", "seed", "=", "3"}), "\n\n")
      << "what a key may be is not known";
  EXPECT_EQ(offered({"evotts", "run", "--set", "seed", "=", "3", "--ou"}), "\n--out\n");
  EXPECT_EQ(offered({"evotts", "eval", "--env", "a.json", "st_"}), "\nst_bon\n");
}

// fish says itself what it would offer.
TEST_F(Completion, FishDescribesEachWordByItsMeaning) {
  if (!installed("fish")) GTEST_SKIP() << "fish is not installed";
  write("script", script("fish"));
  const auto offered_by_fish = [&](const std::string& line) {
    const Ran ran = tests::run_process(
        {"/usr/bin/env", "fish", "--no-config", "-c", fmt::format("source ./script; complete -C '{}'", line)},
        {.folder = folder_, .variables = {{"HOME", folder_.string()}}});
    EXPECT_EQ(ran.err, "");
    return "\n" + ran.out;
  };
  EXPECT_THAT(offered_by_fish("evotts help r"), HasSubstr("\nresume\tGo on with a run"));
  EXPECT_THAT(offered_by_fish("evotts man env s"), HasSubstr("\nsynth\tMake an environment"));
  EXPECT_THAT(offered_by_fish("evotts check tw"), HasSubstr("\ntwo_stage\tTwo stages: "));
  EXPECT_THAT(offered_by_fish("evotts eval --format=t"), HasSubstr("\n--format=table\tfor reading\n"));
  EXPECT_THAT(offered_by_fish("evotts run --set se"), HasSubstr("\nseed=\t"));
  EXPECT_THAT(offered_by_fish("evotts run --set seed=3 objective.cov"),
              HasSubstr("\nobjective.coverage_penalty=\t"));
  EXPECT_THAT(offered_by_fish("evotts language runn"), HasSubstr("\nrunner_up\tthe second largest"));
}

// What zsh asks its completion to show; in a terminal of its own, as zsh completes nowhere else.
constexpr const char* kZshSetup = R"zsh(
autoload -Uz compinit
compinit -u -d ./dump
source ./script
compadd() {
  if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then builtin compadd "$@"; return; fi
  local -a offered
  builtin compadd -A offered "$@"
  print -rl -- $offered >> ./offered
}
bindkey '^I' complete-word
ended() { exit }
comppostfuncs=(ended)
)zsh";
constexpr const char* kZshAsk = R"zsh(
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell 'source ./setup'
zpty -w -n shell "$1"$'\t'
while zpty -r shell line; do :; done
zpty -d shell
print -r -- "$(<offered)"
)zsh";

TEST_F(Completion, ZshOffersWhatFits) {
  if (!installed("zsh")) GTEST_SKIP() << "zsh is not installed";
  write("script", script("zsh"));
  write("setup", kZshSetup);
  write("ask", kZshAsk);
  const auto offered_by_zsh = [&](const std::string& line) {
    write("offered", "");
    const Ran ran = tests::run_process({"/usr/bin/env", "zsh", "-f", "ask", line}, {.folder = folder_});
    EXPECT_EQ(ran.err, "") << line;
    return "\n" + ran.out;
  };
  EXPECT_EQ(offered_by_zsh("evotts ev"), "\neval\n");
  EXPECT_EQ(offered_by_zsh("evotts env s"), "\nsynth\n");
  EXPECT_THAT(offered_by_zsh("evotts eval --ord"), HasSubstr("\n--orderings\n"));
  EXPECT_EQ(offered_by_zsh("evotts eval --format c"), "\ncsv\n");
  EXPECT_EQ(offered_by_zsh("evotts eval --format=t"), "\ntable\n");
  EXPECT_THAT(offered_by_zsh("evotts check tw"), HasSubstr("\ntwo_stage\n"));
  EXPECT_THAT(offered_by_zsh("evotts run --set objective.cov"), HasSubstr("\nobjective.coverage_penalty=\n"));
  EXPECT_THAT(offered_by_zsh("evotts language runn"), HasSubstr("\nrunner_up\n"));
}

TEST_F(Completion, AnUnknownShellIsRefused) {
  rejects({"completion", "tcsh"}, {"SHELL must be one of bash, zsh, fish, found \"tcsh\""});
  rejects({"completion"}, {"SHELL is required"});
}

}  // namespace
