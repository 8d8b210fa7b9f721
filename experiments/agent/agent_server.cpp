#include "experiments/agent/agent_server.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <fmt/format.h>
#include <string_view>
#include <utility>

#include "evo/base/program_version.hpp"
#include "experiments/console/json_text.hpp"
#include "genome/base/json.hpp"
#include "genome/base/text.hpp"

namespace experiments {
namespace {

using Json = nlohmann::ordered_json;
using genome::base::visible;

constexpr int kNoJson = -32700, kNoRequest = -32600, kNoMethod = -32601, kBadParameters = -32602;
constexpr int kBusy = -32000;
// Not 2025-03-26, which wants several messages in one.
constexpr std::array<std::string_view, 2> kVersions = {"2025-06-18", "2024-11-05"};

constexpr const char* kInstructions =
    "evotts evolves controllers: programs that decide, while a language model reasons in many branches, when "
    "to "
    "open, advance, look, prune and stop, and what to answer. Read `language` first, look at "
    "`known_controllers` "
    "with `show`, and judge ideas with `check`, `eval`, `curve` and `diagnose` on recorded branches.";
constexpr const char* kHowToPropose =
    " `questions` shows what a running experiment asks; `propose` replies with a controller, which the run "
    "judges "
    "and may breed from.";

bool is_id(const Json& id) { return id.is_string() || id.is_number(); }

std::string text_in(const Json& object, const char* name) {
  const auto found = object.is_object() ? object.find(name) : object.end();
  return object.is_object() && found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

Json told(const ToolResult& result) {
  Json content = Json::array();
  content.push_back({{"type", "text"}, {"text", result.text}});
  return {{"content", content}, {"isError", result.failed}};
}

}  // namespace

AgentServer::AgentServer(const ToolOptions& options, Workspace& workspace, Say say)
    : calls_(options, workspace), say_(std::move(say)), worker_([this] { work(); }) {}

AgentServer::~AgentServer() {
  {
    const std::scoped_lock lock(mutex_);
    ended_ = cancelled_ = true;
    waiting_.clear();
  }
  changed_.notify_all();
  worker_.join();
}

// ---- what comes

void AgentServer::take(const std::string& line) {
  if (genome::base::trimmed(line).empty()) return;
  const auto message = genome::base::read_json<Json>(line);
  if (message.is_discarded()) return refuse(nullptr, kNoJson, "this is no JSON, or too large or deep");
  const std::string method = text_in(message, "method");
  const Json id = message.is_object() && message.contains("id") ? message["id"] : Json();
  if (!message.is_object() || text_in(message, "jsonrpc") != "2.0")
    return refuse(is_id(id) ? id : Json(), kNoRequest, "a message is an object with \"jsonrpc\": \"2.0\"");
  if (method.empty()) {
    if (message.contains("result") || message.contains("error")) return;  // nothing was asked of the client
    return refuse(is_id(id) ? id : Json(), kNoRequest, "\"method\" is missing");
  }
  const Json parameters = message.contains("params") ? message["params"] : Json::object();
  if (!message.contains("id")) {
    if (method == "notifications/cancelled" && parameters.is_object() && parameters.contains("requestId"))
      cancel(parameters["requestId"]);
    return;
  }
  if (!is_id(id)) return refuse(nullptr, kNoRequest, "\"id\" must be a string or a number");
  if (!parameters.is_object()) return refuse(id, kBadParameters, "\"params\" must be an object");
  answer(id, method, parameters);
}

void AgentServer::refuse_long_line() {
  refuse(nullptr, kNoRequest, fmt::format("a message of more than {} bytes", kMostLine));
}

void AgentServer::answer(const Json& id, const std::string& method, const Json& parameters) {
  if (method == "initialize") return reply(id, "result", initialized(parameters));
  if (method == "ping") return reply(id, "result", Json::object());
  if (method == "tools/list") return reply(id, "result", listed());
  if (method == "tools/call") return call_tool(id, parameters);
  refuse(id, kNoMethod, fmt::format("there is no method \"{}\"", visible(method, 100)));
}

AgentServer::Json AgentServer::initialized(const Json& parameters) const {
  const std::string asked = text_in(parameters, "protocolVersion");
  const auto* const known = std::ranges::find(kVersions, asked);
  const bool may_propose = std::ranges::any_of(
      all_tools(), [&](const Tool& each) { return each.kind == ToolKind::kPropose && calls_.offers(each); });
  return {{"protocolVersion", known == kVersions.end() ? kVersions.front() : *known},
          {"capabilities", {{"tools", Json::object()}}},
          {"serverInfo", {{"name", "evotts"}, {"version", evo::program_version()}}},
          {"instructions", std::string(kInstructions) + (may_propose ? kHowToPropose : "")}};
}

AgentServer::Json AgentServer::listed() const {
  Json tools = Json::array();
  for (const Tool& each : all_tools()) {
    if (calls_.offers(each)) tools.push_back(description_of(each));
  }
  return {{"tools", tools}};
}

// ---- calls

void AgentServer::call_tool(const Json& id, const Json& parameters) {
  const std::string name = text_in(parameters, "name");
  const auto tool = std::ranges::find(all_tools(), name, [](const Tool& each) { return each.name; });
  if (tool == all_tools().end())
    return refuse(id, kBadParameters, fmt::format("there is no tool \"{}\"", visible(name, 100)));
  if (!calls_.offers(*tool))
    return refuse(id, kBadParameters,
                  fmt::format("{} is not allowed here: evotts mcp --allow-propose", name));
  const Json arguments = parameters.contains("arguments") ? parameters["arguments"] : Json();
  bool full = false;
  {
    const std::scoped_lock lock(mutex_);
    full = waiting_.size() >= kMostWaiting;
    if (!full) waiting_.push_back({id, &*tool, arguments.is_null() ? Json::object() : arguments});
  }
  if (full) return refuse(id, kBusy, "too many calls wait: come again when some are answered");
  changed_.notify_all();
}

void AgentServer::cancel(const Json& id) {
  const std::scoped_lock lock(mutex_);
  std::erase_if(waiting_, [&](const Call& each) { return each.id == id; });
  if (working_ && under_way_ == id) cancelled_ = true;
}

void AgentServer::work() {
  const auto stop = [this] {
    const std::scoped_lock lock(mutex_);
    return cancelled_;
  };
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return ended_ || !waiting_.empty(); });
    if (ended_) return;
    const Call call = std::move(waiting_.front());
    waiting_.pop_front();
    under_way_ = call.id;
    working_ = true;
    cancelled_ = false;
    lock.unlock();
    ToolResult result;
    try {
      result = calls_.call(*call.tool, call.arguments, stop);
    } catch (const std::exception& error) {
      result = {.text = genome::base::valid_utf8(error.what()), .failed = true};
    }
    if (!stop()) reply(call.id, "result", told(result));
    lock.lock();
    working_ = false;
    changed_.notify_all();
  }
}

void AgentServer::finish() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return waiting_.empty() && !working_; });
}

// ---- what goes

void AgentServer::reply(const Json& id, const char* member, Json value) {
  const Json message = {{"jsonrpc", "2.0"}, {"id", id}, {member, std::move(value)}};
  const std::scoped_lock lock(saying_);
  say_(json_line(message) + "\n");
}

void AgentServer::refuse(const Json& id, int code, const std::string& message) {
  reply(id, "error", {{"code", code}, {"message", message}});
}

}  // namespace experiments
