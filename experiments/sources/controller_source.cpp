#include "experiments/sources/controller_source.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <system_error>
#include <utility>

#include "experiments/console/options.hpp"
#include "experiments/console/text_file.hpp"
#include "experiments/console/usage_error.hpp"
#include "experiments/sources/run_source.hpp"
#include "genome/base/text.hpp"
#include "genome/lint/lint.hpp"
#include "genome/text/known_controllers.hpp"
#include "genome/text/known_names.hpp"

namespace experiments {
namespace {

namespace fs = std::filesystem;
using genome::base::visible;

bool looks_like_path(const std::string& spec) {
  return spec.find('/') != std::string::npos || spec.ends_with(".ctl");
}

// The texts beside a misspelt path.
std::vector<std::string> files_beside(const fs::path& path) {
  std::vector<std::string> files;
  std::error_code problem;
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  for (fs::directory_iterator entry(folder, problem), end; !problem && entry != end;
       entry.increment(problem)) {
    if (entry->path().extension() == ".ctl") files.push_back(entry->path().filename().string());
  }
  std::sort(files.begin(), files.end());  // the nearest one must not depend on the disk
  return files;
}

[[noreturn]] void fail_unknown(const std::string& spec) {
  const std::string shown = visible(spec);
  if (spec.empty()) throw UsageError("a controller is named by an empty text");
  if (looks_like_path(spec)) {
    const fs::path path(spec);
    throw UsageError(
        fmt::format("{}: no such file{}", shown, did_you_mean(path.filename().string(), files_beside(path))));
  }
  std::vector<std::string> names;
  for (const genome::KnownController& known : genome::known_controllers()) names.emplace_back(known.name);
  throw UsageError(fmt::format("{}: neither a file nor a known controller ({}){}", shown,
                               fmt::join(names, ", "), did_you_mean(spec, names)));
}

bool is_empty(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

// In place of what a check says of a text without a line.
void tell_of_empty_file(const std::string& label, genome::Diagnostics& diagnostics) {
  std::string hint = "a controller begins with the line 'controller NAME'";
  const std::string name = fs::path(label).filename().string();
  if (genome::known_controller(name)) {
    hint = fmt::format("a shell that is told '> {}' empties the file first; write to a file of another name",
                       visible(label));
  }
  diagnostics = {{genome::Severity::kError,
                  "incomplete",
                  "expected a controller, but the file is empty",
                  std::move(hint),
                  {}}};
}

// Whether a text is the known controller of that name.
bool is_known(const std::string& name, const genome::CheckResult& result) {
  const auto text = genome::known_controller(name);
  if (!text || !result.controller) return false;
  const genome::CheckResult known = genome::check_text(*text);
  return known.controller && known.controller->tree() == result.controller->tree();
}

}  // namespace

ControllerText load_controller(const std::string& spec) {
  std::error_code unknown;
  const bool exists = fs::exists(spec, unknown);
  const bool folder = exists && fs::is_directory(spec, unknown);
  // A folder called "sc" must not hide the controller of that name.
  if (spec == kStandardStream)
    return {.label = "standard input", .text = read_text(spec, genome::kLimits.text_bytes)};
  if (exists && !folder) {
    return {
        .label = spec, .text = read_text(spec, genome::kLimits.text_bytes), .run = sealing_run_around(spec)};
  }
  if (const auto text = genome::known_controller(spec))
    return {.label = spec, .text = std::string(*text), .writer = Writer::kLibrary};
  if (const auto best = best_of_run(spec)) {
    throw UsageError(fmt::format("{}: is a run, not a controller; the best controller of the run is {}",
                                 visible(spec), *best));
  }
  if (folder) throw UsageError(fmt::format("{}: is a folder, not a controller's text", visible(spec)));
  if (auto text = controller_text_from_run(spec)) {
    return {.label = spec,
            .text = std::move(*text),
            .writer = Writer::kRun,
            .run = spec.substr(0, spec.rfind(':'))};
  }
  fail_unknown(spec);
}

genome::CheckResult reviewed(const ControllerText& source) {
  genome::CheckResult result = genome::reviewed(source.text);
  if (source.writer != Writer::kPerson) return result;
  if (is_empty(source.text)) tell_of_empty_file(source.label, result.diagnostics);
  if (genome::known_controller(source.label) && !is_known(source.label, result)) {
    const genome::Diagnostic hidden{
        genome::Severity::kWarning,
        "hidden-name",
        fmt::format("this file hides the known controller '{}'", source.label),
        fmt::format("write ./{} for the file, and rename it to get the known controller", source.label),
        {}};
    result.diagnostics.insert(result.diagnostics.begin(), hidden);
  }
  return result;
}

NamedController resolve_controller(const std::string& spec) {
  ControllerText loaded = load_controller(spec);
  genome::CheckResult result = reviewed(loaded);
  const std::string shown = visible(loaded.label);
  std::string details = genome::render_with_names(result.diagnostics, shown, loaded.text);
  if (!result.controller) {
    details.erase(details.find_last_not_of('\n') + 1);
    throw UsageError(fmt::format("{}: is not a valid controller:\n{}", shown, details));
  }
  if (loaded.writer == Writer::kPerson) std::fputs(details.c_str(), stderr);
  return {std::move(loaded.label), std::move(*result.controller), std::move(loaded.run)};
}

std::vector<NamedController> resolve_controllers(std::span<const std::string> specs) {
  std::vector<NamedController> resolved;
  std::vector<std::string> problems;
  for (const std::string& spec : specs) {
    try {
      resolved.push_back(resolve_controller(spec));
    } catch (const UsageError& error) {
      problems.insert(problems.end(), error.messages().begin(), error.messages().end());
    }
  }
  if (!problems.empty()) throw UsageError(std::move(problems));
  return resolved;
}

}  // namespace experiments
