// watched_runs.hpp: the runs below a folder, which of them have changed, and their data for a page.
// Why:      a page that looks every second must cost next to nothing, however long the runs are.
// Use:      WatchedRuns runs("runs");
//           while (going_on) { runs.look(); sleep(); }                     // one thread
//           runs.list(); runs.want("0", [](auto json) { ... });            // any other
// How:      a look reads the reference of each run's main branch, a small file; the folder is walked for new
//           runs now and then. Data of a run are made anew only when somebody asks for them, its branch has
//           moved, and kShare times the time that the last making took has passed.
// Promises: reads only. A run that goes, or cannot be read, is told as such, and is there again when it comes
//           back. Numbers of runs stay theirs.
// Threads:  look() and end() on one thread; list() and want() on any. What want() was given is called on the
//           thread of look(), or in end().
// Tests:    tests/experiments/pages/watch_test.cpp
#pragma once

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace experiments {

class WatchedRuns {
 public:
  using Reply = std::function<void(std::optional<std::string> json)>;
  using Clock = std::chrono::steady_clock;
  static constexpr int kShare = 200;  // looking, and making data, take at most a two-hundredth of the time
  static constexpr std::size_t kMostRuns = 500;
  static constexpr int kDepth = 2;

  // UsageError where there is no such folder.
  explicit WatchedRuns(const std::string& folder);

  // Looks for what has changed, and answers who waits.
  void look();
  // How long to wait for the next look, by what the last one took of a processor: many runs are looked at
  // less often.
  std::chrono::nanoseconds pause() const { return std::clamp(kShare * looking_, kShortest, kLongest); }
  // Nobody waits from then on.
  void end();

  // {"runs": [{"number", "name", "commit", "headline", ...}]} as of the last look.
  std::string list() const;
  // Data of the run of this number; nothing where there is none.
  void want(const std::string& number, Reply reply);

 private:
  struct Run {
    std::string name;
    std::string reference;  // the commit of its branch; empty while it is not there
    std::string headline;
    std::string data, data_of;  // JSON, and the commit that it is of
    Clock::time_point next{};   // before which data are not made anew
  };

  static constexpr std::chrono::nanoseconds kShortest = std::chrono::milliseconds(250),
                                            kLongest = std::chrono::seconds(5);

  void find_runs();
  void look_at(Run& run, const std::filesystem::path& path) const;
  void make(Run& run, const std::filesystem::path& path);

  std::filesystem::path folder_;
  Clock::time_point next_walk_{};
  std::chrono::nanoseconds looking_{};  // of a processor, for the last look at all references
  mutable std::mutex mutex_;            // of what is below
  std::map<std::filesystem::path, std::size_t> numbers_;
  std::vector<Run> runs_;
  std::vector<std::pair<std::size_t, Reply>> waiting_;
};

}  // namespace experiments
