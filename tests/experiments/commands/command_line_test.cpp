// The program as people use it: help, exit codes, messages, and the commands about texts and environments.
#include "tests/support/command_line.hpp"

#include <CLI/CLI.hpp>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "evo/base/program_version.hpp"
#include "experiments/commands/commands.hpp"

namespace {

using tests::Ran;

class CommandLineTest : public tests::CommandLine {};

constexpr std::string_view kPlain =
    "controller one\n"
    "\n"
    "start\n"
    "  read 1\n"
    "\n"
    "answer\n"
    "  top(finished)\n";
constexpr std::string_view kUntidy = "controller one\nstart\n      read    1\nanswer\n top( finished )\n";
constexpr std::string_view kWrong = "controller one\nstart\n  read beta_ + 1\nanswer\n  top(finishd)\n";

// ---- help and usage ----

// All commands of the program, each with the words that name it.
using Named = std::pair<std::vector<std::string>, const CLI::App*>;
void collect(const CLI::App& command, const std::vector<std::string>& words, std::vector<Named>& all) {
  all.emplace_back(words, &command);
  for (const CLI::App* sub : command.get_subcommands([](const CLI::App*) { return true; })) {
    std::vector<std::string> longer = words;
    longer.push_back(sub->get_name());
    collect(*sub, longer, all);
  }
}

TEST_F(CommandLineTest, EveryCommandHasHelpWithAnExampleAndSaysWhatItsOptionsDo) {
  CLI::App app("", "evotts");
  experiments::Action action;
  experiments::add_all_commands(app, action);
  std::vector<Named> commands;
  collect(app, {}, commands);
  EXPECT_GE(commands.size(), 20U);
  for (auto& [words, command] : commands) {
    SCOPED_TRACE(fmt::format("evotts {}", fmt::join(words, " ")));
    for (const CLI::Option* option : command->get_options())
      EXPECT_FALSE(option->get_description().empty()) << option->get_name();
    EXPECT_TRUE(words.empty() || !command->get_description().empty());
    words.push_back("--help");
    const Ran ran = evotts(words);
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    EXPECT_EQ(ran.err, "");
    EXPECT_NE(ran.out.find("Usage:"), std::string::npos) << ran.out;
    const bool shown = ran.out.find("Example: evotts") != std::string::npos ||
                       ran.out.find("Examples: evotts") != std::string::npos;
    EXPECT_TRUE(shown) << ran.out;
    for (const CLI::Option* option : command->get_options()) {
      const std::string name =
          option->get_lnames().empty() ? option->get_name() : "--" + option->get_lnames().front();
      EXPECT_NE(ran.out.find(name), std::string::npos) << name;
    }
  }
}

TEST_F(CommandLineTest, VersionIsOneLine) {
  const Ran ran = evotts({"--version"});
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_EQ(ran.out, evo::program_version() + "\n");
  EXPECT_TRUE(ran.out.starts_with("evotts 0.") && ran.out.find(" (commit ") != std::string::npos) << ran.out;
}

TEST_F(CommandLineTest, NoCommandShowsHelpAndIsBadUsage) {
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{}, {"env"}}) {
    const Ran ran = evotts(arguments);
    EXPECT_EQ(ran.exit_code, 2);
    EXPECT_EQ(ran.out, "");
    EXPECT_NE(ran.err.find("Usage:"), std::string::npos) << ran.err;
  }
}

TEST_F(CommandLineTest, MisspeltWordsAreAnsweredWithTheNearestOnes) {
  rejects({"evall", "sc"}, {"no command \"evall\"", "did you mean \"eval\""});
  rejects({"env", "snth"}, {"env: there is no command \"snth\"", "did you mean \"synth\""});
  rejects({"eval", "sc", "--bta", "1"}, {"eval: there is no option \"--bta\"", "did you mean \"--beta\""});
  rejects({"env", "synth", "--sed=1", "-o", "x"}, {"no option \"--sed=1\"", "did you mean \"--seed\""});
  rejects({"--frobnicate"}, {"no option \"--frobnicate\"", "evotts --help"});
  rejects({"zebra"}, {"there is no command \"zebra\"; commands are new, run, resume,"});
  rejects({"eval", "sc", "--b"},
          {"there is no option \"--b\"; see evotts eval --help"});  // "--" is no likeness
  rejects({"list", "sc"}, {"list: does not take the argument \"sc\""});
}

TEST_F(CommandLineTest, SlipsOfBeginnersAreAnsweredWithWhatIsMeant) {
  for (const char* set : {"--set", "--set=seed=3"})
    rejects({"resume", "a", set}, {"resume: there is no option \"--set", "a run keeps its experiment",
                                   "evotts fork RUN NEW --set ... starts another from it"});
  rejects({"eval", "sc", "--set", "seed=3"}, {"there is no option \"--set\"; see evotts eval --help"});
  rejects({"eval", "sc", "--env", "synthetic:", "asc"},
          {"asc: cannot be opened: ", "asc is a known controller: name it before --env"});
  rejects({"eval", "sc", "--env", "synthetic:", "zebra"}, {"zebra: cannot be opened: No such file"});
}

TEST_F(CommandLineTest, OptionsWantOneValue) {
  rejects({"eval", "sc", "--orderings"}, {"eval: --orderings needs a value"});
  rejects({"eval", "sc", "--env"}, {"eval: --env needs a value"});
  rejects({"eval", "sc", "--orderings", "1", "--orderings", "2"}, {"--orderings is given more than once"});
  rejects({"env", "synth"}, {"env synth: ", "--output is required"});
  rejects({"check"}, {"check: CONTROLLER is required"});
  rejects({"list", "--format", "xml"}, {"--format must be table, csv or json", "\"xml\""});
}

TEST_F(CommandLineTest, MessagesShowControlCharactersAsEscapes) {
  rejects({"check", "a\nb\033[2J"}, {"a\\nb\\x1b[2J"});
  rejects({"ev\nal"}, {"ev\\nal"});
}

TEST_F(CommandLineTest, FailingToPrintIsFailedWork) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "there is no /dev/full here";
  const Ran ran = evotts({"list"}, {.output = "/dev/full"});
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_TRUE(ran.err.starts_with("evotts: cannot write standard output")) << ran.err;
}

// ---- check ----

TEST_F(CommandLineTest, CheckTellsWhatIsGood) {
  write("one.ctl", kPlain);
  const Ran ran = evotts({"check", "one.ctl", "cmc"});
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_EQ(ran.err, "");
  EXPECT_TRUE(ran.out.starts_with("one.ctl: good (controller one, 5 nodes, id ")) << ran.out;
  EXPECT_NE(ran.out.find("\ncmc: good (controller cmc, "), std::string::npos) << ran.out;
}

TEST_F(CommandLineTest, CheckShowsEveryErrorWithItsPlace) {
  write("wrong.ctl", kWrong);
  write("one.ctl", kPlain);
  const Ran ran = evotts({"check", "wrong.ctl", "one.ctl"});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_TRUE(ran.out.starts_with("one.ctl: good")) << ran.out;
  const std::string_view problems =
      "wrong.ctl:3:8: error: expected a known name, found 'beta_' [unknown-name]\n"
      "    read beta_ + 1\n"
      "         ^~~~~\n"
      "  hint: did you mean 'beta'?\n"
      "wrong.ctl:5:7: error: expected a known name, found 'finishd' [unknown-name]\n"
      "    top(finishd)\n"
      "        ^~~~~~~\n"
      "  hint: did you mean 'finished'?\n";
  EXPECT_TRUE(ran.err.starts_with(problems)) << ran.err;
  EXPECT_TRUE(
      ran.err.substr(problems.size()).starts_with("what there is (evotts language WORD tells more):\n"))
      << "once, behind all problems: " << ran.err;
}

TEST_F(CommandLineTest, CheckShowsWarningsOfGoodTexts) {
  write("idle.ctl", "controller idle\n\nstart\n  let unused = 1\n  read 1\n\nanswer\n  top(finished)\n");
  const Ran ran = evotts({"check", "idle.ctl"});
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_NE(ran.err.find("idle.ctl:4:"), std::string::npos) << ran.err;
  EXPECT_NE(ran.err.find("warning"), std::string::npos) << ran.err;
  EXPECT_TRUE(ran.out.starts_with("idle.ctl: good")) << ran.out;
}

TEST_F(CommandLineTest, CheckReadsStandardInput) {
  const Ran ran = evotts({"check", "-"}, {.input = std::string(kPlain)});
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_TRUE(ran.out.starts_with("standard input: good")) << ran.out;
}

TEST_F(CommandLineTest, CheckRefusesWhatIsNoText) {
  write("mine.ctl", kPlain);
  write("nul.ctl", std::string("controller one\n\0", 16));
  write("latin.ctl", "controller one\n# caf\xE9\n");
  write("huge.ctl", std::string(70'000, ' '));
  std::filesystem::create_directories(folder_ / "folder");
  rejects({"check", "missing.ctl"}, {"missing.ctl: no such file"});
  rejects({"check", "mne.ctl"}, {"mne.ctl: no such file", "did you mean \"mine.ctl\""});
  rejects({"check", "cmmc"}, {"cmmc: neither a file nor a known controller", "did you mean \"cmc\""});
  rejects({"check", "folder"}, {"folder: is a folder"});
  rejects({"check", "nul.ctl"}, {"nul.ctl: line 2: must be UTF-8 text, found a NUL byte"});
  rejects({"check", "latin.ctl"}, {"latin.ctl: line 2: must be UTF-8 text, found the byte 0xe9"});
  rejects({"check", "huge.ctl"}, {"huge.ctl: must have at most 65536 bytes"});
  rejects({"check", ""}, {"a controller is named by an empty text"});
}

TEST_F(CommandLineTest, WhatPeopleNameIsShownWithoutControlCharacters) {
  const std::string odd = "zz\x1b[31m\nevotts: \u202e";
  const std::string shown = "zz\\x1b[31m\\nevotts: \\u202e";
  rejects({"status", odd}, {shown + ": there is no such run"});
  rejects({"log", odd}, {shown});
  rejects({"verify", odd}, {shown});
  rejects({"resume", odd}, {shown});
  rejects({"compare", odd + ":best", "cmc", "--env", "synthetic:seed=1"}, {shown});
  std::filesystem::create_directories(folder_ / odd);
  rejects({"status", odd}, {shown + ": not a run"});
}

TEST_F(CommandLineTest, UnreadableFilesAreNamed) {
  if (::geteuid() == 0) GTEST_SKIP() << "root reads everything";
  write("secret.ctl", kPlain);
  std::filesystem::permissions(folder_ / "secret.ctl", std::filesystem::perms::none);
  const Ran ran = evotts({"check", "secret.ctl"});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_EQ(ran.err, "evotts: secret.ctl: cannot be read: Permission denied\n");
}

// ---- fmt and list ----

TEST_F(CommandLineTest, FmtPrintsTheCanonicalText) {
  write("untidy.ctl", kUntidy);
  const Ran ran = evotts({"fmt", "untidy.ctl"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(ran.out, kPlain);
  EXPECT_EQ(read("untidy.ctl"), kUntidy);
}

TEST_F(CommandLineTest, FmtOfAFormattedLibraryControllerIsItself) {
  const Ran once = evotts({"fmt", "cmc"});
  const Ran twice = evotts({"fmt", "-"}, {.input = once.out});
  EXPECT_EQ(once.exit_code, 0);
  EXPECT_EQ(twice.exit_code, 0);
  EXPECT_EQ(once.out, twice.out);
}

TEST_F(CommandLineTest, FmtWriteRewritesAndKeepsPermissionsAndLinks) {
  write("real/untidy.ctl", kUntidy);
  const auto mode = std::filesystem::perms::owner_read | std::filesystem::perms::owner_write;
  std::filesystem::permissions(folder_ / "real/untidy.ctl", mode);
  std::filesystem::create_symlink("real/untidy.ctl", folder_ / "link.ctl");
  const Ran ran = evotts({"fmt", "--write", "link.ctl"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(ran.out, "");
  EXPECT_TRUE(std::filesystem::is_symlink(folder_ / "link.ctl"));
  EXPECT_EQ(read("real/untidy.ctl"), kPlain);
  EXPECT_EQ(std::filesystem::status(folder_ / "real/untidy.ctl").permissions(), mode);
  EXPECT_EQ(files().size(), 3U);  // the folder, the file and the link: nothing left over
}

TEST_F(CommandLineTest, FmtWriteTouchesNothingUnlessAllIsGood) {
  write("untidy.ctl", kUntidy);
  write("wrong.ctl", kWrong);
  write("commented.ctl", "# Mine.\n" + std::string(kUntidy));
  const auto before = files();
  const Ran ran = evotts({"fmt", "--write", "untidy.ctl", "wrong.ctl"});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_NE(ran.err.find("wrong.ctl:3:8: error"), std::string::npos) << ran.err;
  EXPECT_EQ(files(), before);
  rejects({"fmt", "--write", "untidy.ctl", "cmc"}, {"cmc: is no file"});
  rejects({"fmt", "--write", "untidy.ctl", "-"}, {"standard input: is no file"},
          {.input = std::string(kPlain)});
  rejects({"fmt", "--write", "untidy.ctl", "commented.ctl"},
          {"commented.ctl: has comments", "--drop-comments"});
  rejects({"fmt", "--drop-comments", "untidy.ctl"}, {"--drop-comments needs --write"});
  EXPECT_EQ(evotts({"fmt", "--write", "--drop-comments", "commented.ctl"}).exit_code, 0);
  EXPECT_EQ(read("commented.ctl"), kPlain);
}

TEST_F(CommandLineTest, ListNamesTheLibrary) {
  const Ran ran = evotts({"list", "--format", "csv"});
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_TRUE(ran.out.starts_with("name,description\n")) << ran.out;
  EXPECT_NE(ran.out.find("\nsc,\"Self-consistency (Wang et al., ICLR 2023): "), std::string::npos) << ran.out;
}

TEST_F(CommandLineTest, DescriptionsInTheListAreWholeSentences) {
  const std::string csv = evotts({"list", "--format", "csv"}).out;
  EXPECT_THAT(csv, testing::HasSubstr("each weighed by its length beside the mean.\"\n"));
  EXPECT_THAT(csv, testing::HasSubstr("go on that give the most common answer at the same depth.\"\n"));
  std::istringstream lines(evotts({"list"}).out);
  std::size_t wrapped = 0;
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(line.size(), 110U);
    wrapped += line.starts_with("                    ") ? 1 : 0;
  }
  EXPECT_GE(wrapped, 2U) << "below the beginning of the description";
}

// ---- environments ----

TEST_F(CommandLineTest, SynthWritesWhatInfoReads) {
  const std::vector<std::string> knobs{"--questions", "3", "--branches",     "8",
                                       "--seed",      "5", "--wrong-length", "2"};
  std::vector<std::string> synth{"env", "synth", "-o", "made.json"};
  synth.insert(synth.end(), knobs.begin(), knobs.end());
  const Ran made = evotts(synth);
  EXPECT_EQ(made.exit_code, 0) << made.err;
  EXPECT_EQ(made.out,
            "made.json: written, 3 questions of 8 branches "
            "(synthetic:seed=5,questions=3,branches=8,wrong_length=2)\n");

  const std::string written = read("made.json");
  rejects(synth, {"-o made.json: exists already", "--force"});
  synth.push_back("--force");
  EXPECT_EQ(evotts(synth).exit_code, 0);
  EXPECT_EQ(read("made.json"), written);
  synth[3] = "-";
  EXPECT_EQ(evotts(synth).out, written);

  const Ran info = evotts({"env", "info", "made.json", "--format", "csv"});
  EXPECT_EQ(info.exit_code, 0) << info.err;
  EXPECT_TRUE(info.out.starts_with("environment,source,digest,questions,branches,")) << info.out;
  EXPECT_NE(info.out.find(",3,24,8,8,"), std::string::npos) << info.out;
  EXPECT_EQ(evotts({"env", "info", "made.json"}).exit_code, 0);
}

TEST_F(CommandLineTest, SynthRefusesBadKnobsAndPaths) {
  write("file", "");
  std::filesystem::create_directories(folder_ / "folder");
  rejects({"env", "synth", "-o", "x.json", "--questions", "0"}, {"--questions: ", "from 1 to", "found 0"});
  rejects({"env", "synth", "-o", "x.json", "--stay", "nan"}, {"--stay: ", "from 0 to 1"});
  rejects({"env", "synth", "-o", "x.json", "--seed", "-1"}, {"--seed: ", "\"-1\""});
  rejects({"env", "synth", "-o", "x.json", "--seed", ""}, {"--seed: "});
  rejects({"env", "synth", "-o", "x.json", "--wrong-length", "1,err=0"},
          {"--wrong-length must be one number"});
  rejects({"env", "synth", "-o", "none/x.json"}, {"-o none/x.json: the folder none does not exist"});
  rejects({"env", "synth", "-o", "file/x.json"}, {"-o file/x.json: file is not a folder"});
  rejects({"env", "synth", "-o", "folder", "--force"}, {"-o folder: is a folder"});
  rejects({"env", "synth", "-o", ""}, {"-o must name a file"});
  rejects({"env", "synth", "-o", "/dev/null", "--force"}, {"-o /dev/null: is no ordinary file"});
  rejects({"env", "info", "none.json"}, {"none.json"});
  rejects({"env", "info", "folder"}, {"folder", "no *.json"});
  rejects({"env", "info"}, {"env info: SPEC is required"});
}

// ---- keys ----

TEST_F(CommandLineTest, KeysAreListedWithDefaultUnitMeaningAndOldName) {
  const Ran ran = evotts({"keys", "--format", "csv"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_TRUE(ran.out.starts_with("key,default,unit,meaning,old_name,values,when_to_change\n")) << ran.out;
  EXPECT_NE(ran.out.find("\nevaluation.first_rung,0,orderings,"), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find(",evaluation.first_slice,a whole number from 0 to 10000,"), std::string::npos);
  EXPECT_NE(ran.out.find("\nmodels.kind,"), std::string::npos);
  EXPECT_EQ(evotts({"keys"}).exit_code, 0);
}

}  // namespace
