#include "experiments/agent/tool_calls.hpp"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "genome/base/error.hpp"
#include "genome/base/text.hpp"
#include "llm_mutators/clients/child_process.hpp"
#include "llm_mutators/clients/command_run.hpp"
#include "llm_mutators/text/reply.hpp"

namespace experiments {
namespace {

using Json = nlohmann::ordered_json;
using End = llm_mutators::CommandRun::End;

constexpr const char* kThisProgram = "/proc/self/exe";
constexpr std::size_t kMostOutput = 256U << 10U;  // bytes; what is longer is no use to a model
constexpr std::size_t kMostErrors = 16U << 10U;
constexpr std::size_t kBeginning = 200;  // bytes of the questions that are not shown whole
constexpr auto kBetweenLooks = std::chrono::milliseconds(200);

ToolResult failure(std::string text) { return {.text = std::move(text), .failed = true}; }

// Paths of texts that were files for a moment mean nothing to whoever sent them.
std::string without_folder(std::string text, const std::filesystem::path& folder) {
  if (folder.empty()) return text;
  const std::string beginning = folder.string() + "/";
  for (std::size_t at = 0; (at = text.find(beginning, at)) != text.npos;) text.erase(at, beginning.size());
  return text;
}

ToolResult result_of(const llm_mutators::CommandRun& run, const Tool& tool, double seconds) {
  std::string text = genome::base::valid_utf8(run.output);
  const std::string errors = genome::base::valid_utf8(run.errors);
  switch (run.end) {
    case End::kStopped: return failure("the call was cancelled");
    case End::kLate:
      return failure(
          fmt::format("not done within {} s: ask for fewer orderings, questions or environments", seconds));
    case End::kTooLong:
      return {.text = std::string(genome::base::beginning(text, kMostOutput)) +
                      fmt::format("\n(cut after {} bytes: ask for less)", kMostOutput)};
    case End::kBySignal:
    case End::kLost: return failure("the command was ended from outside\n" + errors);
    case End::kExited: break;
  }
  const bool failed = run.code != 0 && !(tool.tells_faults && !text.empty());
  if (!errors.empty()) text += (text.empty() ? "" : "\n") + errors;
  if (text.empty()) text = failed ? fmt::format("exit code {}", run.code) : "nothing to show";
  return {.text = std::move(text), .failed = failed};
}

// The reply as a language model would write it.
std::string reply_text(const std::string& controller, const std::string& hypothesis) {
  return fmt::format("HYPOTHESIS: {}\n\n```\n{}\n```\n", hypothesis, genome::base::trimmed(controller));
}

const Tool& tool_named(std::string_view name) {
  return *std::ranges::find(all_tools(), name, [](const Tool& tool) { return tool.name; });
}

}  // namespace

ToolResult ToolCalls::call(const Tool& tool, const Json& given, const Stop& stop) {
  try {
    switch (tool.kind) {
      case ToolKind::kCommand: return run(tool, given, stop);
      case ToolKind::kQuestions: expect_known_parameters(tool, given); return questions();
      case ToolKind::kPropose: return propose(tool, given, stop);
    }
    return {};
  } catch (const genome::base::Error& error) {
    workspace_.forget_texts();
    return failure(genome::base::valid_utf8(error.what()));
  }
}

ToolResult ToolCalls::run(const Tool& tool, const Json& given, const Stop& stop) {
  std::vector<std::string> arguments = command_line(tool, given, workspace_);
  if (tool.evaluates && !options_.threads.empty())
    arguments.insert(arguments.end(), {"--threads", options_.threads});
  arguments.insert(arguments.begin(), kThisProgram);
  auto child = llm_mutators::ChildProcess::start(arguments);
  if (!child) return failure(child.error().what);
  const llm_mutators::CommandLimits limits{
      .seconds = options_.seconds, .output_bytes = kMostOutput, .error_bytes = kMostErrors, .stop = stop};
  ToolResult result =
      result_of(llm_mutators::run_command(std::move(*child), "", limits), tool, options_.seconds);
  result.text = without_folder(std::move(result.text), workspace_.texts());
  workspace_.forget_texts();
  return result;
}

ToolResult ToolCalls::questions() const {
  const std::vector<OpenQuestion> open = inbox_.open();
  if (open.empty()) return {.text = "nobody asks anything at this moment"};
  std::string text;
  for (const OpenQuestion& each : open) {
    const bool whole = text.empty();
    text += fmt::format(
        "{}question {} ({} s old)\n\n{}\n", whole ? "" : "\n\n", each.id, each.seconds,
        genome::base::valid_utf8(whole ? each.text : genome::base::beginning(each.text, kBeginning)));
  }
  return {.text = std::move(text)};
}

ToolResult ToolCalls::propose(const Tool& tool, const Json& given, const Stop& stop) {
  expect_known_parameters(tool, given);
  if (proposed_ >= options_.proposals)
    return failure(fmt::format("all {} proposals are spent (--proposals)", options_.proposals));
  const Json& controller = given["controller"];
  if (!controller.is_string() || controller.get<std::string>().find('\n') == std::string::npos)
    return failure("controller: must be the text of a controller");
  const Json checked = {{"controller", controller}};
  const ToolResult faults = run(tool_named("check"), checked, stop);
  const Json told = Json::parse(faults.text, nullptr, false);
  if (!told.is_array() || told.empty() || !told[0].value("good", false)) return failure(faults.text);

  const auto value = [&](std::string_view name) -> const Parameter& {
    return *std::ranges::find(tool.parameters, name, [](const Parameter& each) { return each.name; });
  };
  const std::string hypothesis = text_given(given, value("hypothesis"));
  const std::string question = text_given(given, value("question"));
  const auto deadline =
      std::chrono::steady_clock::now() + std::chrono::seconds(integer_given(given, value("wait_seconds")));
  const std::string reply = reply_text(controller.get<std::string>(), hypothesis);
  // Marks of fences or of thoughts in a comment would cut it short where the run reads it.
  if (!llm_mutators::read_reply(reply).controller)
    return failure("controller: holds ``` or another mark by which replies are taken apart; leave it out");
  std::optional<std::string> taken;
  while (!(taken = inbox_.reply(reply, question)) && std::chrono::steady_clock::now() < deadline && !stop())
    std::this_thread::sleep_for(kBetweenLooks);
  if (!taken) {
    return failure(question.empty() ? "nobody asks anything at this moment: wait_seconds waits for a question"
                                    : fmt::format("nobody waits for a reply to question {}", question));
  }
  ++proposed_;
  return {.text =
              fmt::format("taken as the reply to question {}; {} proposals are left. The run judges it when "
                          "its generation ends: status, log and lineage tell what came of it",
                          *taken, options_.proposals - proposed_)};
}

}  // namespace experiments
