// agent_server.hpp: the Model Context Protocol over lines of text: what an agent says, and what it is told.
// Why:      coding agents speak this protocol to tools; so they read recordings and runs, and propose.
// Use:      AgentServer server(options, workspace, [](const std::string& line) { print(line); });
//           while (auto line = next_line()) server.take(*line);
//           server.finish();
// How:      JSON-RPC 2.0, a message a line. Calls of tools wait for each other in one thread; all else is
//           answered at once, so that a call can be cancelled and a server be seen to live.
// Promises: every request has one reply, unless it is cancelled. Nothing that is said ends the server.
// Source:   modelcontextprotocol.io, specification 2025-06-18; earlier versions are spoken likewise.
// Threads:  take() and finish() in one thread; `say` is called by one thread at a time.
// Tests:    tests/experiments/agent/agent_server_test.cpp
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include "experiments/agent/tool_calls.hpp"

namespace experiments {

class AgentServer {
 public:
  using Say = std::function<void(const std::string& line)>;
  static constexpr std::size_t kMostLine = 4U << 20U;  // bytes of a message
  static constexpr std::size_t kMostWaiting = 64;      // calls

  AgentServer(const ToolOptions& options, Workspace& workspace, Say say);
  ~AgentServer();  // ends the call under way
  AgentServer(const AgentServer&) = delete;
  AgentServer& operator=(const AgentServer&) = delete;

  void take(const std::string& line);
  // Of a line that is longer than kMostLine.
  void refuse_long_line();
  // Until all calls are answered.
  void finish();

 private:
  using Json = nlohmann::ordered_json;
  struct Call {
    Json id;
    const Tool* tool;
    Json arguments;
  };

  void answer(const Json& id, const std::string& method, const Json& parameters);
  void call_tool(const Json& id, const Json& parameters);
  void cancel(const Json& id);
  Json initialized(const Json& parameters) const;
  Json listed() const;
  void reply(const Json& id, const char* member, Json value);
  void refuse(const Json& id, int code, const std::string& message);
  void work();

  ToolCalls calls_;
  Say say_;
  std::mutex saying_;
  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::deque<Call> waiting_;
  Json under_way_;  // the id of the call; null when there is none
  bool working_ = false, cancelled_ = false, ended_ = false;
  std::thread worker_;
};

}  // namespace experiments
