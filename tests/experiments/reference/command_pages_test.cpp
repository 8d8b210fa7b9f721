// The page and the manual pages of the command line, and `evotts help`.
#include <CLI/CLI.hpp>
#include <cstdlib>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/commands/commands.hpp"
#include "experiments/reference/command_page.hpp"
#include "experiments/reference/man_page.hpp"
#include "tests/support/command_line.hpp"

namespace {

using experiments::CommandInfo;
using experiments::OptionInfo;
using testing::HasSubstr;
using tests::Ran;

class CommandPages : public tests::CommandLine {
 protected:
  CommandPages() {
    experiments::Action action;
    experiments::describe_program(app_);
    experiments::add_all_commands(app_, action);
    program_ = experiments::command_info(app_);
  }

  CLI::App app_;
  CommandInfo program_;
};

TEST_F(CommandPages, ThePageHasEveryCommandOptionAndExample) {
  const std::string page = experiments::command_page(program_);
  EXPECT_GE(experiments::all_commands(program_).size(), 25U);
  for (const CommandInfo* command : experiments::all_commands(program_)) {
    if (command == &program_) continue;
    EXPECT_FALSE(command->examples.empty()) << command->name;
    const std::size_t begin = page.find(fmt::format("\n## {}\n", command->name));
    ASSERT_NE(begin, std::string::npos) << command->name;
    const std::string section = page.substr(begin, page.find("\n## ", begin + 1) - begin);
    EXPECT_THAT(section, HasSubstr(command->usage()));
    for (const OptionInfo& option : command->options) EXPECT_THAT(section, HasSubstr(option.names.back()));
    for (const OptionInfo& argument : command->arguments)
      EXPECT_THAT(section, HasSubstr("| `" + argument.names.front()));
    for (const std::string& example : command->examples) EXPECT_THAT(section, HasSubstr(example));
  }
  for (const experiments::ExitCode& each : experiments::exit_codes())
    EXPECT_THAT(page, HasSubstr(fmt::format("| {} | {} |", each.code, each.meaning)));
}

// The words of a line of a shell, up to what is no argument.
std::vector<std::string> arguments_of(std::string_view line) {
  std::vector<std::string> words;
  std::string word;
  bool quoted = false;
  for (const char c : line) {
    if (c == '\'') {
      quoted = !quoted;
    } else if (quoted || c != ' ') {
      word += c;
    } else if (!word.empty()) {
      if (word == "#" || word == ">" || word == "|") return words;
      words.push_back(word);
      word.clear();
    }
  }
  if (!word.empty()) words.push_back(word);
  return words;
}

TEST_F(CommandPages, EveryExampleIsACommandLineThatParses) {
  int parsed = 0;
  for (const CommandInfo* command : experiments::all_commands(program_)) {
    for (const std::string& example : command->examples) {
      std::vector<std::string> words = arguments_of(example);
      ASSERT_TRUE(!words.empty() && words.front() == "evotts") << example;
      CLI::App app;
      experiments::Action action;
      experiments::describe_program(app);
      experiments::add_all_commands(app, action);
      std::vector<std::string> reversed(words.rbegin(), words.rend() - 1);
      EXPECT_NO_THROW(app.parse(reversed)) << example;
      EXPECT_TRUE(action) << example;
      ++parsed;
    }
  }
  EXPECT_GE(parsed, 25);
}

TEST_F(CommandPages, HelpShowsWhatTheOptionHelpShows) {
  EXPECT_EQ(evotts({"help"}).out, evotts({"--help"}).out);
  EXPECT_EQ(evotts({"help", "run"}).out, evotts({"run", "--help"}).out);
  EXPECT_EQ(evotts({"help", "env", "synth"}).out, evotts({"env", "synth", "--help"}).out);
  const Ran section = evotts({"help", "env", "synth", "--format", "markdown"});
  EXPECT_TRUE(section.out.starts_with("## evotts env synth\n")) << section.out;
  rejects({"help", "evall"}, {"there is no command \"evotts evall\"; did you mean \"eval\"?"});
  rejects({"help", "zebra"}, {"commands are new, run, resume,"});
  rejects({"help", "env", "zebra"},
          {"\"evotts env zebra\"; commands are info, check, convert, regrade, import, synth"});
  rejects({"help", "run", "zebra"}, {"there is no command \"evotts run zebra\""});
  rejects({"help", "--format", "xml"}, {"--format must be text or markdown"});
}

// What groff has to say of a page; nothing where it is not installed.
std::string complaints(const std::string& page) {
  if (std::system("command -v groff >/dev/null 2>&1") != 0) return "";
  const Ran ran = tests::run_process({"/bin/sh", "-c", "groff -k -man -ww -z -Tutf8 2>&1"},
                                     {.input = page, .variables = {{"LC_ALL", "C.UTF-8"}}});
  return ran.out + ran.err;
}

TEST_F(CommandPages, ManualPagesAreWholeAndGroffHasNothingToSay) {
  const std::string all = experiments::man_page(program_);
  for (const char* section : {".TH EVOTTS 1", ".SH NAME", ".SH SYNOPSIS", ".SH COMMANDS", ".SH EXIT STATUS"})
    EXPECT_THAT(all, HasSubstr(section));
  EXPECT_EQ(complaints(all), "");
  for (const CommandInfo* command : experiments::all_commands(program_)) {
    if (command == &program_) continue;
    std::string name = command->name;  // a hyphen of a name is one, and no minus
    for (std::size_t at = 0; (at = name.find('-', at)) != name.npos; at += 2) name.insert(at, "\\");
    EXPECT_THAT(all, HasSubstr("\n.SS " + name)) << command->name;
    EXPECT_EQ(complaints(experiments::man_page_of(*command)), "") << command->name;
  }
  EXPECT_EQ(evotts({"man"}).out, all);
  EXPECT_TRUE(evotts({"man", "env", "synth"}).out.starts_with(".TH EVOTTS\\-ENV\\-SYNTH 1"));
  rejects({"man", "evall"}, {"did you mean \"eval\"?"});
}

TEST_F(CommandPages, WhatRoffWouldObeyIsText) {
  CommandInfo odd{.name = "evotts odd", .about = "about"};
  odd.passages = {{".so /etc/motd", {}}, {"'tis \\n(.g", {}}, {"", {{".TH", "\"x\" → ü …"}}}};
  odd.examples = {".TH X"};
  const std::string page = experiments::man_page_of(odd);
  EXPECT_EQ(page.find("\n.so"), std::string::npos);
  EXPECT_EQ(page.find("\n'"), std::string::npos);
  EXPECT_EQ(page.find("\n.TH X"), std::string::npos);
  EXPECT_THAT(page, HasSubstr("\\&.so /etc/motd"));
  EXPECT_THAT(page, HasSubstr("\\(aqtis \\en(.g"));
  EXPECT_THAT(page, HasSubstr("\\fB\\&.TH\\fR\n\\(dqx\\(dq \\(-> \\[u00FC] ...\n"));
}

TEST_F(CommandPages, ManualPagesAreAscii) {
  for (const CommandInfo* command : experiments::all_commands(program_)) {
    for (const char c : experiments::man_page_of(*command)) ASSERT_GT(c, 0) << command->name;
  }
}

// What a command with such a footer says of itself.
CommandInfo with_footer(const std::string& footer) {
  CLI::App app("about", "evotts");
  app.footer(footer);
  return experiments::command_info(app);
}

TEST(Footer, LinesThatBeginWithTwoBlanksAreAList) {
  const CommandInfo info = with_footer(
      "Of these, in\npercent:\n  right   the answer\n          is right\n  a_b, c  others\n  one, two, "
      "three\n"
      "          told below\nAnd so on.\n\n  plain item\n\nLast.\n\nExamples: evotts x\n          evotts y");
  ASSERT_EQ(info.passages.size(), 5U);
  EXPECT_EQ(info.passages[0].text, "Of these, in percent:");
  ASSERT_EQ(info.passages[1].list.size(), 3U);
  EXPECT_EQ(info.passages[1].list[0].words, "right");
  EXPECT_EQ(info.passages[1].list[0].meaning, "the answer is right");
  EXPECT_EQ(info.passages[1].list[2].words, "one, two, three");
  EXPECT_EQ(info.passages[1].list[2].meaning, "told below");
  EXPECT_EQ(info.passages[2].text, "And so on.");
  EXPECT_EQ(info.passages[3].list.at(0).words, "");
  EXPECT_EQ(info.passages[4].text, "Last.");
  EXPECT_EQ(info.examples, (std::vector<std::string>{"evotts x", "evotts y"}));
  const std::string page = experiments::command_section(info), manual = experiments::man_page_of(info);
  EXPECT_THAT(page, HasSubstr("percent:\n\n- `right`: the answer is right\n- `a_b`, `c`: others\n"));
  EXPECT_THAT(page, HasSubstr("\n- plain item\n\nLast.\n"));
  EXPECT_THAT(manual, HasSubstr("percent:\n.TP\n\\fBright\\fR\nthe answer is right\n.TP\n\\fBa_b, c\\fR\n"));
  EXPECT_THAT(manual, HasSubstr("\n.IP \\(bu 2\nplain item\n.PP\nLast.\n"));
}

TEST_F(CommandPages, ListsOfTheCommandsAreLists) {
  const std::string page = experiments::command_page(program_);
  for (const char* item : {"\n- `outvoted`: ", "\n- `{+ y}`: ", "\n- `result`: ", "\n- `severity`: "})
    EXPECT_THAT(page, HasSubstr(item));
  const Ran man = evotts({"man", "diagnose"});
  EXPECT_THAT(man.out, HasSubstr("\n.TP\n\\fBright\\fR\n"));
}

}  // namespace
