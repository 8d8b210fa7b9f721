// tool_calls.hpp: a call of a tool carried out: a command of this program is run, or a question replied to.
// Why:      each call is a process of its own, so that whatever an agent asks for can be bounded in time and
//           length, and ended; and its answer is what the command line would have printed.
// Use:      ToolCalls calls({.seconds = 120}, workspace);
//           const ToolResult result = calls.call("eval", arguments, stop);
// Promises: what is wrong with a call is a result, not an exception. Proposals are counted and end at their
//           number; one that does not check, or that nobody asked for, does not count.
// Threads:  one call at a time.
// Tests:    tests/experiments/agent/agent_server_test.cpp
#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "experiments/agent/inbox.hpp"
#include "experiments/agent/tool_arguments.hpp"

namespace experiments {

struct ToolOptions {
  double seconds = 120;  // for a call
  std::string threads;   // as --threads of a command; empty: all cores
  bool may_propose = false;
  int proposals = 100;  // in all
  std::filesystem::path inbox = "agent-inbox";
};

struct ToolResult {
  std::string text;
  bool failed = false;
};

class ToolCalls {
 public:
  using Stop = std::function<bool()>;

  ToolCalls(ToolOptions options, Workspace& workspace)
      : options_(std::move(options)), workspace_(workspace), inbox_(options_.inbox) {}

  // Whether it is among those that are offered.
  bool offers(const Tool& tool) const { return options_.may_propose || tool.kind == ToolKind::kCommand; }
  ToolResult call(const Tool& tool, const nlohmann::ordered_json& given, const Stop& stop);

 private:
  ToolResult run(const Tool& tool, const nlohmann::ordered_json& given, const Stop& stop);
  ToolResult questions() const;
  ToolResult propose(const Tool& tool, const nlohmann::ordered_json& given, const Stop& stop);

  ToolOptions options_;
  Workspace& workspace_;
  Inbox inbox_;
  int proposed_ = 0;
};

}  // namespace experiments
