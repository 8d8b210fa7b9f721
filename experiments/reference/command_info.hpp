// command_info.hpp: the commands of the program as plain data: names, options, defaults, texts and examples.
// Why:      docs/cli.md, man pages and completion are all made from what the commands themselves declare.
// Use:      CLI::App app;  add_all_commands(app, action);
//           const CommandInfo program = command_info(app);
//           for (const CommandInfo* each : all_commands(program)) ...
// Promises: in the order in which commands and options were added; options that every command has (--help)
//           are there too. Lines of a footer that begin with two blanks are a list.
// Threads:  values.
// Tests:    tests/experiments/reference/command_pages_test.cpp
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace experiments {

struct OptionInfo {
  std::vector<std::string> names;  // "-o", "--out"; of an argument its name alone: "RUN"
  std::string value;               // "FILE", "table|csv|json"; empty for what takes none, and for arguments
  std::string standard;            // its default; may be empty
  std::string meaning;
  bool required = false;
  bool many = false;  // takes as many values as are given

  // The words that a value is one of; none where it may be anything.
  std::vector<std::string> words() const;
};

// "  pruned  all right branches that were opened were pruned", in the text behind a command's options.
struct Definition {
  std::string words;  // "pruned"; "opened, finished"; empty for an item that defines nothing
  std::string meaning;
};

// A paragraph, or a list; the other is empty.
struct Passage {
  std::string text;
  std::vector<Definition> list;
};

struct CommandInfo {
  std::string name;   // "evotts env synth"
  std::string about;  // in a line
  std::vector<OptionInfo> arguments;
  std::vector<OptionInfo> options;
  std::vector<Passage> passages;
  std::vector<std::string> examples;  // command lines
  std::vector<CommandInfo> commands;

  // Behind the name of the program: "env synth"; empty for the program itself.
  std::string short_name() const;
  // "evotts run [OPTIONS] EXPERIMENT"
  std::string usage() const;
};

CommandInfo command_info(const CLI::App& app);

// The program and all commands below it, each before its own.
std::vector<const CommandInfo*> all_commands(const CommandInfo& program);

// The command of that short name; nullptr when there is none.
const CommandInfo* find_command(const CommandInfo& program, const std::string& short_name);

}  // namespace experiments
