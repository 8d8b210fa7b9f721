#include "experiments/commands/pages/watched_runs.hpp"

#include <algorithm>
#include <charconv>
#include <ctime>
#include <fmt/format.h>
#include <system_error>
#include <utility>

#include "evo/base/layout.hpp"
#include "evo/base/run_file.hpp"
#include "experiments/console/usage_error.hpp"
#include "experiments/pages/page_json.hpp"
#include "experiments/pages/run_data.hpp"
#include "experiments/sources/run_source.hpp"
#include "genome/base/error.hpp"
#include "genome/base/text.hpp"

namespace experiments {
namespace {

namespace fs = std::filesystem;

constexpr auto kBetweenWalks = std::chrono::seconds(5);
constexpr std::size_t kLongestReference = 200, kMostEntries = 20'000;

// The commit of the main branch; empty where there is none to be read. A branch that git has packed has no
// file of its own: the file of packed ones tells whether anything has changed as well.
std::string reference_of_run(const fs::path& run) {
  for (const fs::path& file : {run / ".git" / evo::kMainReference, run / ".git" / "packed-refs"}) {
    try {
      if (const auto text =
              evo::small_file(file, file.filename() == "packed-refs" ? 1U << 16U : kLongestReference))
        return std::string(genome::base::trimmed(*text));
    } catch (const genome::base::Error&) {
      continue;
    }
  }
  return {};
}

bool looks_like_a_run(const fs::path& folder) {
  std::error_code error;
  return fs::is_directory(folder / ".git", error) && fs::exists(folder / evo::kExperimentFile, error);
}

// Of this thread.
std::chrono::nanoseconds processor_time() {
  struct timespec now {};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

}  // namespace

WatchedRuns::WatchedRuns(const std::string& folder) : folder_(folder) {
  std::error_code error;
  if (!fs::is_directory(folder_, error))
    throw UsageError(fmt::format("{}: there is no such folder", genome::base::visible(folder)));
}

void WatchedRuns::find_runs() {
  if (Clock::now() < next_walk_) return;
  next_walk_ = Clock::now() + kBetweenWalks;
  std::vector<fs::path> found;
  if (looks_like_a_run(folder_)) found.push_back(folder_);
  std::error_code error;
  std::size_t entries = 0;
  auto walk = fs::recursive_directory_iterator(folder_, fs::directory_options::skip_permission_denied, error);
  for (; found.empty() || found.front() != folder_; walk.increment(error)) {
    if (error || walk == fs::recursive_directory_iterator() || ++entries > kMostEntries) break;
    if (!walk->is_directory(error) || walk->is_symlink(error)) continue;
    const bool run = looks_like_a_run(walk->path());
    if (run) found.push_back(walk->path());
    if (run || walk.depth() + 1 >= kDepth || walk->path().filename().string().starts_with('.'))
      walk.disable_recursion_pending();
  }
  std::ranges::sort(found);
  const std::lock_guard lock(mutex_);
  for (const fs::path& path : found) {
    if (runs_.size() == kMostRuns || numbers_.contains(path)) continue;
    numbers_.emplace(path, runs_.size());
    const fs::path name = path == folder_ ? path.filename() : path.lexically_relative(folder_);
    runs_.push_back({.name = genome::base::visible(name.string())});
  }
}

// On the thread of look(); of a run, only this thread writes.
void WatchedRuns::look_at(Run& run, const fs::path& path) const {
  const std::string reference = reference_of_run(path);
  if (reference == run.reference) return;
  std::string headline;
  if (!reference.empty()) {
    try {
      const std::string message = open_run(path.string()).repository.log(1).front().message;
      headline = genome::base::visible(message.substr(0, message.find('\n')));
    } catch (const genome::base::Error& error) {
      headline = genome::base::visible(error.what());
    }
  }
  const std::lock_guard lock(mutex_);
  run.reference = reference;
  run.headline = headline;
}

void WatchedRuns::make(Run& run, const fs::path& path) {
  const bool fresh = run.data_of == run.reference && !run.data.empty();
  if (fresh || (!run.data.empty() && Clock::now() < run.next)) return;
  const Clock::time_point begun = Clock::now();
  PageJson data;
  try {
    data = run_data(open_run(path.string()), run.name);
  } catch (const genome::base::Error& error) {
    data = {{"name", run.name},
            {"commit", ""},
            {"problems", {{{"part", "this run"}, {"why", genome::base::visible(error.what(), 600)}}}}};
  }
  std::string text = data.dump(-1, ' ', true, PageJson::error_handler_t::replace);
  const std::lock_guard lock(mutex_);
  run.data = std::move(text);
  run.data_of = run.reference;
  run.next = Clock::now() + kShare * (Clock::now() - begun);
}

void WatchedRuns::look() {
  const std::chrono::nanoseconds begun = processor_time();
  find_runs();
  std::vector<std::pair<std::size_t, Reply>> waiting;
  {
    const std::lock_guard lock(mutex_);
    waiting.swap(waiting_);
  }
  for (const auto& [path, number] : numbers_) look_at(runs_[number], path);
  looking_ = processor_time() - begun;
  for (const auto& [path, number] : numbers_) {
    const bool wanted = std::ranges::any_of(waiting, [&](const auto& each) { return each.first == number; });
    if (wanted) make(runs_[number], path);
  }
  for (const auto& [number, reply] : waiting) {
    const bool there = number < runs_.size();
    reply(there ? std::optional(runs_[number].data) : std::nullopt);
  }
}

void WatchedRuns::end() {
  std::vector<std::pair<std::size_t, Reply>> waiting;
  {
    const std::lock_guard lock(mutex_);
    waiting.swap(waiting_);
  }
  for (const auto& [number, reply] : waiting) reply(std::nullopt);
}

std::string WatchedRuns::list() const {
  PageJson all = PageJson::array();
  const std::lock_guard lock(mutex_);
  for (std::size_t i = 0; i < runs_.size(); ++i) {
    const Run& run = runs_[i];
    all.push_back({{"number", i},
                   {"name", run.name},
                   {"there", !run.reference.empty()},
                   {"changed", run.reference},
                   {"headline", run.headline}});
  }
  return PageJson({{"runs", all}}).dump(-1, ' ', true, PageJson::error_handler_t::replace);
}

void WatchedRuns::want(const std::string& number, Reply reply) {
  std::size_t at = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), at);
  if (error != std::errc() || end != number.data() + number.size()) return reply(std::nullopt);
  const std::lock_guard lock(mutex_);
  waiting_.emplace_back(at, std::move(reply));
}

}  // namespace experiments
