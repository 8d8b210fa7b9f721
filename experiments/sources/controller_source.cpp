#include "experiments/sources/controller_source.hpp"

#include <algorithm>
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
  throw UsageError(fmt::format("{}: neither a file nor a controller of the library ({}){}", shown,
                               fmt::join(names, ", "), did_you_mean(spec, names)));
}

}  // namespace

ControllerText load_controller(const std::string& spec) {
  std::error_code unknown;
  const bool exists = fs::exists(spec, unknown);
  const bool folder = exists && fs::is_directory(spec, unknown);
  // A folder called "sc" must not hide the controller of that name.
  if (spec == kStandardStream) return {"standard input", read_text(spec, genome::kLimits.text_bytes), {}};
  if (exists && !folder) return {spec, read_text(spec, genome::kLimits.text_bytes), sealing_run_around(spec)};
  if (const auto text = genome::known_controller(spec)) return {spec, std::string(*text), {}};
  if (auto text = controller_text_from_run(spec))
    return {spec, std::move(*text), spec.substr(0, spec.rfind(':'))};
  if (folder) throw UsageError(fmt::format("{}: is a folder, not a controller's text", visible(spec)));
  fail_unknown(spec);
}

NamedController resolve_controller(const std::string& spec) {
  ControllerText loaded = load_controller(spec);
  genome::CheckResult result = genome::check_text(loaded.text);
  if (!result.controller) {
    const std::string shown = visible(loaded.label);
    std::string details = genome::render_all(result.diagnostics, shown, loaded.text) +
                          genome::known_names(result.diagnostics, loaded.text);
    details.erase(details.find_last_not_of('\n') + 1);
    throw UsageError(fmt::format("{}: is no valid controller:\n{}", shown, details));
  }
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
