#include "experiments/agent/tool_arguments.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

#include "experiments/agent/sealed_recordings.hpp"
#include "experiments/console/usage_error.hpp"
#include "genome/base/file.hpp"
#include "genome/base/text.hpp"

namespace experiments {
namespace {

namespace fs = std::filesystem;
using genome::base::visible;
using Json = nlohmann::ordered_json;
using Kind = ParameterKind;

constexpr std::size_t kMostText = 1U << 20U;  // bytes of a controller's text, as its reader allows
constexpr std::size_t kMostValues = 64;       // in a list
constexpr std::size_t kMostLine = 600;

[[noreturn]] void refuse(std::string_view parameter, const std::string& what) {
  throw UsageError(fmt::format("{}: {}", parameter, what));
}

bool is_word(const std::string& text) {
  return !text.empty() && text.size() <= 100 && text.front() != '-' &&
         std::ranges::all_of(
             text, [](unsigned char c) { return std::isalnum(c) != 0 || std::strchr("_.*-", c) != nullptr; });
}

std::string string_in(const Json& value, std::string_view parameter) {
  if (!value.is_string()) refuse(parameter, fmt::format("must be a string, found {}", value.type_name()));
  std::string text = value.get<std::string>();
  if (text.find('\0') != text.npos) refuse(parameter, "holds a NUL character");
  return text;
}

double number_in(const Json& value, std::string_view parameter) {
  if (!value.is_number()) refuse(parameter, fmt::format("must be a number, found {}", value.type_name()));
  return value.get<double>();
}

const Json& list_in(const Json& value, std::string_view parameter) {
  if (!value.is_array() || value.empty() || value.size() > kMostValues)
    refuse(parameter, fmt::format("must be a list of 1 to {} values", kMostValues));
  return value;
}

// Where the name of a run ends and the generation begins.
std::string without_generation(const std::string& run) { return run.substr(0, run.rfind('@')); }

// A run may keep its objects elsewhere in ways of git's own.
void expect_whole_inside(const fs::path& run, std::string_view parameter, const Workspace& workspace) {
  std::error_code unknown;
  const fs::path git = run / ".git";
  if (!fs::exists(git, unknown)) return;
  static_cast<void>(workspace.inside(parameter, git.string()));
  const bool elsewhere = !fs::is_directory(git, unknown) || fs::exists(git / "commondir", unknown) ||
                         fs::exists(git / "objects" / "info" / "alternates", unknown);
  if (elsewhere)
    refuse(parameter, fmt::format("{} keeps its objects in another folder", visible(run.string(), 100)));
  for (const char* part : {"objects", "refs", "HEAD", "config"})
    if (fs::exists(git / part, unknown))
      static_cast<void>(workspace.inside(parameter, (git / part).string()));
}

std::string run_in(const std::string& text, std::string_view parameter, const Workspace& workspace) {
  std::error_code unknown;
  const std::string run = fs::exists(text, unknown) ? text : without_generation(text);
  expect_whole_inside(workspace.inside(parameter, run), parameter, workspace);
  return workspace.inside(parameter, text);
}

std::string member_in(const std::string& text, std::string_view parameter) {
  if (!is_word(text)) refuse(parameter, "must be best, champion, or the beginning of an identity");
  return text;
}

// A text, else a file, else RUN:ID, else a known name.
std::string controller_in(const Json& value, std::string_view parameter, Workspace& workspace) {
  const std::string text = string_in(value, parameter);
  if (text.size() > kMostText) refuse(parameter, fmt::format("has more than {} bytes", kMostText));
  if (text.find('\n') != text.npos) return workspace.keep(text);
  std::error_code unknown;
  if (fs::exists(text, unknown)) return workspace.inside(parameter, text);
  if (const auto colon = text.rfind(':'); colon != text.npos)
    return run_in(text.substr(0, colon), parameter, workspace) + ":" +
           member_in(text.substr(colon + 1), parameter);
  return is_word(text) ? text : workspace.inside(parameter, text);
}

std::string environment_in(const Json& value, std::string_view parameter, const Workspace& workspace) {
  const std::string text = string_in(value, parameter);
  if (text.starts_with("synthetic:")) return text;
  std::error_code failed;
  if (fs::is_directory(text, failed)) {
    for (fs::directory_iterator at(text, failed), end; !failed && at != end; at.increment(failed))
      static_cast<void>(workspace.inside(parameter, at->path().string()));
  }
  return workspace.inside(parameter, text);
}

std::string numbers_in(const Json& value, std::string_view parameter) {
  std::vector<std::string> numbers;
  for (const Json& each : list_in(value, parameter))
    numbers.push_back(fmt::format("{}", number_in(each, parameter)));
  return fmt::format("{}", fmt::join(numbers, ","));
}

std::string line_in(const Json& value, const Parameter& parameter) {
  std::string text = string_in(value, parameter.name);
  if (parameter.kind == Kind::kText && text.size() > kMostLine)
    refuse(parameter.name, fmt::format("has more than {} bytes", kMostLine));
  if (parameter.kind == Kind::kText) return genome::base::one_line(text);
  if (!is_word(text)) refuse(parameter.name, fmt::format("must be a word, found \"{}\"", visible(text, 100)));
  return text;
}

std::int64_t integer_in(const Json& value, const Parameter& parameter) {
  const double number = number_in(value, parameter.name);
  if (number != std::floor(number) || number < static_cast<double>(parameter.least) ||
      number > static_cast<double>(parameter.most))
    refuse(parameter.name,
           fmt::format("must be a whole number from {} to {}", parameter.least, parameter.most));
  return static_cast<std::int64_t>(number);
}

std::vector<std::string> values_of(const Parameter& parameter, const Json& value, Workspace& workspace) {
  std::vector<std::string> values;
  switch (parameter.kind) {
    case Kind::kController: return {controller_in(value, parameter.name, workspace)};
    case Kind::kControllers:
      for (const Json& each : list_in(value, parameter.name))
        values.push_back(controller_in(each, parameter.name, workspace));
      return values;
    case Kind::kEnvironment: return {environment_in(value, parameter.name, workspace)};
    case Kind::kEnvironments:
      for (const Json& each : list_in(value, parameter.name))
        values.push_back(environment_in(each, parameter.name, workspace));
      return values;
    case Kind::kRun: return {run_in(string_in(value, parameter.name), parameter.name, workspace)};
    case Kind::kMember: return {member_in(string_in(value, parameter.name), parameter.name)};
    case Kind::kNumbers: return {numbers_in(value, parameter.name)};
    case Kind::kNumber: return {fmt::format("{}", number_in(value, parameter.name))};
    case Kind::kInteger: return {fmt::format("{}", integer_in(value, parameter))};
    case Kind::kWord:
    case Kind::kText: return {line_in(value, parameter)};
  }
  return values;
}

}  // namespace

Workspace::Workspace(const fs::path& root) {
  std::error_code failed;
  root_ = fs::canonical(root, failed);
  if (failed || !fs::is_directory(root_))
    throw UsageError(fmt::format("--root must be a folder, found \"{}\"", visible(root.string(), 200)));
  fs::current_path(root_);
}

Workspace::~Workspace() { forget_texts(); }

std::string Workspace::inside(std::string_view parameter, const std::string& path) const {
  if (path.empty() || path.front() == '-')
    refuse(parameter, fmt::format("must be a path, found \"{}\"", visible(path, 100)));
  std::error_code failed;
  const fs::path whole = fs::weakly_canonical(fs::absolute(path), failed);
  const auto [at, end] = std::ranges::mismatch(root_, whole);
  if (failed || at != root_.end())
    refuse(parameter,
           fmt::format("\"{}\" lies outside the folder that this server may read", visible(path, 200)));
  return path;
}

std::string Workspace::keep(const std::string& text) {
  if (texts_.empty()) {
    std::string name = (fs::temp_directory_path() / "evotts_agent_XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) genome::base::fail_at("create", name);
    texts_ = name;
  }
  const fs::path path = texts_ / fmt::format("text_{}.ctl", ++kept_);
  genome::base::OutputFile file(path);
  file.write(text);
  file.close();
  return path.string();
}

void Workspace::forget_texts() {
  std::error_code ignored;
  if (!texts_.empty()) fs::remove_all(texts_, ignored);
  texts_.clear();
  kept_ = 0;
}

void expect_known_parameters(const Tool& tool, const Json& given) {
  if (!given.is_object()) throw UsageError("arguments must be an object");
  std::vector<std::string> names;
  for (const Parameter& each : tool.parameters) names.emplace_back(each.name);
  for (const auto& [name, value] : given.items()) {
    if (std::ranges::find(names, name) != names.end()) continue;
    throw UsageError(fmt::format("{} has no parameter \"{}\"; it has: {}", tool.name, visible(name, 60),
                                 names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "))));
  }
  for (const Parameter& each : tool.parameters) {
    if (each.required && !given.contains(each.name))
      throw UsageError(fmt::format("{} needs {}: {}", tool.name, each.name, each.meaning));
  }
}

std::string text_given(const Json& given, const Parameter& parameter) {
  return given.contains(parameter.name) ? line_in(given[std::string(parameter.name)], parameter) : "";
}

std::int64_t integer_given(const Json& given, const Parameter& parameter) {
  return given.contains(parameter.name) ? integer_in(given[std::string(parameter.name)], parameter)
                                        : parameter.least;
}

std::vector<std::string> command_line(const Tool& tool, const Json& given, Workspace& workspace) {
  expect_known_parameters(tool, given);
  std::vector<std::string> line(tool.command.begin(), tool.command.end());
  std::vector<std::string> options;
  for (const Parameter& parameter : tool.parameters) {
    if (!given.contains(parameter.name)) continue;
    auto& into = parameter.option.empty() ? line : options;
    if (!parameter.option.empty()) into.emplace_back(parameter.option);
    const auto values = values_of(parameter, given[std::string(parameter.name)], workspace);
    if (parameter.kind == Kind::kEnvironment || parameter.kind == Kind::kEnvironments)
      expect_not_held_out(workspace.root(), values);
    into.insert(into.end(), values.begin(), values.end());
  }
  line.insert(line.end(), options.begin(), options.end());
  return line;
}

}  // namespace experiments
