// tool_arguments.hpp: what an agent gave a tool, checked and made the command line that is run for it.
// Why:      an agent may have been told anything by what it read: no argument of its becomes an option, a
//           command, or a path outside the folder that the user gave it.
// Use:      Workspace workspace("/home/me/project");
//           const auto line = command_line(tool, call["arguments"], workspace);   // check --format json x
// Promises: throws UsageError, which names the parameter, for what is missing, unknown, of another type or
//           out of bounds. A text with a line end is a controller and becomes a file of the workspace, which
//           goes with it. Links are followed before a path is judged.
// Threads:  one thread an object.
// Tests:    tests/experiments/agent/tool_test.cpp
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "experiments/agent/tool.hpp"

namespace experiments {

class Workspace {
 public:
  // Throws UsageError when `root` is no folder. It becomes the folder of this process.
  explicit Workspace(const std::filesystem::path& root);
  ~Workspace();
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;

  const std::filesystem::path& root() const { return root_; }
  // Where texts of controllers lie until they are forgotten; empty while there are none.
  const std::filesystem::path& texts() const { return texts_; }

  // The path of that file or folder below the root; throws UsageError for what lies elsewhere.
  std::string inside(std::string_view parameter, const std::string& path) const;
  // The file of a new text.
  std::string keep(const std::string& text);
  void forget_texts();

 private:
  std::filesystem::path root_, texts_;
  int kept_ = 0;
};

// Behind the name of the program. REQUIRES: tool.kind is kCommand.
std::vector<std::string> command_line(const Tool& tool, const nlohmann::ordered_json& given,
                                      Workspace& workspace);

// The values of a tool that is no command are checked alike.
void expect_known_parameters(const Tool& tool, const nlohmann::ordered_json& given);
std::string text_given(const nlohmann::ordered_json& given, const Parameter& parameter);
std::int64_t integer_given(const nlohmann::ordered_json& given, const Parameter& parameter);

}  // namespace experiments
