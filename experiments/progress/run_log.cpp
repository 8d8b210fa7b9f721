#include "experiments/progress/run_log.hpp"

#include <chrono>
#include <cmath>
#include <ctime>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <optional>
#include <sstream>
#include <string>
#include <utility>

#include "evo/base/layout.hpp"
#include "evo/base/run_file.hpp"

namespace experiments {
namespace {

constexpr std::size_t kLineBytes = 256;         // more than any line has
constexpr std::size_t kMostBytes = 16U << 20U;  // of the file, from its end

std::optional<LoggedGeneration> generation_in(const std::string& line) {
  std::istringstream words(line);
  std::string time, word;
  LoggedGeneration made;
  words >> time >> word >> made.generation >> word >> made.seconds >> word >> made.scored >> word >>
      made.episodes;
  if (!words || !std::isfinite(made.seconds) || made.seconds < 0) return std::nullopt;
  return made;
}

std::vector<LoggedGeneration> in_log(const std::filesystem::path& run, std::size_t bytes) {
  std::string text = evo::end_of_file(run / evo::kRunLogFile, bytes).value_or("");
  if (text.size() == bytes) text.erase(0, text.find('\n'));  // the first line is but a piece of one
  std::istringstream file(std::move(text));
  std::vector<LoggedGeneration> all;
  for (std::string line; std::getline(file, line);) {
    if (const auto made = generation_in(line)) all.push_back(*made);
  }
  return all;
}

}  // namespace

void add_to_log(const std::filesystem::path& run, const LoggedGeneration& made) {
  const auto now = std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
  evo::add_line(run / evo::kRunLogFile,
                fmt::format("{:%Y-%m-%dT%H:%M:%SZ} generation {} seconds {:.3f} scored {} episodes {}",
                            fmt::gmtime(std::chrono::system_clock::to_time_t(now)), made.generation,
                            made.seconds, made.scored, made.episodes));
}

std::vector<LoggedGeneration> latest_in_log(const std::filesystem::path& run, std::size_t most) {
  std::vector<LoggedGeneration> all = in_log(run, (most + 1) * kLineBytes);
  std::erase_if(all, [](const LoggedGeneration& each) { return each.generation == 0 || each.seconds == 0; });
  if (all.size() > most) all.erase(all.begin(), all.end() - static_cast<std::ptrdiff_t>(most));
  return all;
}

double seconds_in_log(const std::filesystem::path& run) {
  double seconds = 0;
  for (const LoggedGeneration& each : in_log(run, kMostBytes)) seconds += each.seconds;
  return seconds;
}

}  // namespace experiments
