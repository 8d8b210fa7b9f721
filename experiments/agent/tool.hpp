// tool.hpp: what an agent may ask of this program: a command with the parameters that it may set.
// Why:      one table gives what the protocol lists, what is checked, and the command line that is run.
// Use:      for (const Tool& tool : all_tools()) list.push_back(description_of(tool));
// Promises: no tool writes a file, asks a server or runs a program of somebody else. Those that propose are
//           marked, and are the only ones that change what a run does.
// Threads:  constants.
// Tests:    tests/experiments/agent/tool_test.cpp
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

namespace experiments {

enum class ParameterKind : std::uint8_t {
  kController,   // a text, a known name, a file, or RUN:ID
  kControllers,  // several of them
  kEnvironments,
  kEnvironment,  // one of them
  kRun,          // RUN or RUN@GENERATION
  kMember,       // the beginning of an identity, "best" or "champion"
  kNumbers,
  kNumber,
  kInteger,
  kWord,  // letters, digits and the marks _ . * -
  kText,  // a line
};

struct Parameter {
  std::string_view name;
  ParameterKind kind;
  std::string_view option;  // "--env"; empty: it stands in the command by its place
  std::string_view meaning;
  bool required = false;
  std::int64_t least = 0, most = 0;  // of an integer
};

enum class ToolKind : std::uint8_t { kCommand, kQuestions, kPropose };

struct Tool {
  std::string_view name;
  std::string_view about;
  std::vector<std::string_view> command;  // "check", "--format", "json"
  std::vector<Parameter> parameters;
  ToolKind kind = ToolKind::kCommand;
  bool evaluates = false;     // it takes --threads
  bool tells_faults = false;  // faults in what it was given are its answer, and no failure
};

// In the order in which they are listed. Those that propose come last.
const std::vector<Tool>& all_tools();

// As tools/list of the protocol tells it: name, description, inputSchema, annotations.
nlohmann::ordered_json description_of(const Tool& tool);

}  // namespace experiments
