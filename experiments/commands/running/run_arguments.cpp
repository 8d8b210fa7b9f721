#include "experiments/commands/running/run_arguments.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <fmt/format.h>
#include <system_error>
#include <unistd.h>

#include "evo/locks/run_lock.hpp"
#include "experiments/console/options.hpp"
#include "experiments/console/usage_error.hpp"
#include "genome/base/shell_word.hpp"
#include "genome/base/text.hpp"

namespace experiments {
namespace {

constexpr Range<std::int64_t> kGenerations{0, 1'000'000};
constexpr Range<std::int64_t> kStale{1, 1'000'000};
constexpr double kMostMinutes = 1e6;

std::optional<double> minutes_of(const RunArguments& arguments) {
  if (!arguments.minutes) return std::nullopt;
  double minutes = 0;
  std::size_t used = 0;
  try {
    minutes = std::stod(*arguments.minutes, &used);
  } catch (const std::exception&) {
    used = 0;
  }
  if (used == 0 || used != arguments.minutes->size() || !std::isfinite(minutes) || minutes <= 0 ||
      minutes > kMostMinutes) {
    throw UsageError(fmt::format("--minutes must be a number above 0 and at most {:.0f}, found \"{}\"",
                                 kMostMinutes, *arguments.minutes));
  }
  return minutes;
}

}  // namespace

Until until_of(const RunArguments& arguments, const evo::Experiment& experiment) {
  Until until{.generations = experiment.generations, .minutes = minutes_of(arguments)};
  if (arguments.generations)
    until.generations = static_cast<int>(whole_number("--generations", *arguments.generations, kGenerations));
  if (arguments.stale) until.stale = static_cast<int>(whole_number("--stale", *arguments.stale, kStale));
  until.start -= std::chrono::duration_cast<std::chrono::steady_clock::duration>(
      std::chrono::duration<double>(std::min(arguments.seconds_used, 60 * kMostMinutes)));
  return until;
}

void expect_free(const std::string& out) {
  namespace fs = std::filesystem;
  using genome::base::visible;
  std::error_code error;
  const auto type = fs::symlink_status(out, error).type();
  if (out.empty() || (type == fs::file_type::none && error)) {
    throw UsageError(fmt::format("--out \"{}\": cannot be made: {}", genome::base::visible(out, 100),
                                 out.empty() ? "it has no name" : error.message()));
  }
  if (type != fs::file_type::not_found) {
    const bool is_run = fs::exists(fs::path(out) / ".git", error);
    if (const auto writer = is_run ? evo::RunLock::holder(out) : std::nullopt)
      throw UsageError(
          fmt::format("--out {}: process {} writes to this run; wait for it, stop it (kill {}), or "
                      "choose another folder",
                      visible(out), *writer, *writer));
    const std::string resume = genome::base::quoted_command("evotts resume " + genome::base::shell_path(out));
    throw UsageError(fmt::format("--out {}: exists already; choose another folder{}", visible(out),
                                 is_run ? ", or go on with that run by " + resume : ""));
  }
  fs::path parent = fs::absolute(out).lexically_normal().parent_path();
  while (!fs::exists(parent, error) && parent.has_relative_path()) parent = parent.parent_path();
  if (!fs::is_directory(parent, error) || ::access(parent.c_str(), W_OK | X_OK) != 0) {
    throw UsageError(fmt::format("--out {}: cannot be made: {} is no folder that may be written to",
                                 visible(out), visible(parent.string())));
  }
}

void expect_registered_alone(const RunArguments& arguments) {
  if (arguments.registered.file.empty()) return;
  if (arguments.estimate || !arguments.replayed.empty())
    throw UsageError(fmt::format("--preregister states what a new run will do; leave it out with {}",
                                 arguments.estimate ? "--estimate" : "--replay-journal"));
}

}  // namespace experiments
