// episode_recorder.hpp: keeps the episodes of a server in a file, beside its work.
// Why:      nobody who waits for an answer may wait for a disk, and no disk may end the server.
// Use:      EpisodeRecorder recorder("e.jsonl", report);      // throws where the file cannot be written
//           options.record = [&](EpisodeRecord it) { recorder.add(std::move(it)); };
//           options.recorded = [&] { return recorder.counts(); };
// How:      A thread of its own makes lines and appends them, all that wait at once. The file is opened anew
//           each time, so that it can be moved away.
// Promises: add() does not block. What waits is bounded; an episode beyond that, or one that cannot be
//           written, is lost and counted, and the first time told. The end writes what waits.
// Throws:   the constructor, as append_lines().
// Threads:  add() and counts() from any.
// Tests:    tests/live/record/episode_recorder_test.cpp
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "live/serve/counters.hpp"
#include "live/serve/episode_record.hpp"

namespace live {

// Of what waits to be written.
struct RecordLimits {
  std::size_t episodes = 10'000;
  std::size_t bytes = std::size_t{256} << 20U;
};

class EpisodeRecorder {
 public:
  EpisodeRecorder(std::filesystem::path file, std::function<void(const std::string&)> tell,
                  RecordLimits limits = {});
  ~EpisodeRecorder();
  EpisodeRecorder(const EpisodeRecorder&) = delete;
  EpisodeRecorder& operator=(const EpisodeRecorder&) = delete;

  void add(EpisodeRecord record);
  RecordCounts counts() const;

 private:
  struct Waiting {
    EpisodeRecord record;
    std::size_t bytes = 0;
  };

  void work();
  void write(std::deque<Waiting> batch);
  void append(const std::string& lines, std::int64_t episodes);
  void lose(std::int64_t episodes, const std::string& why);

  const std::filesystem::path file_;
  const std::function<void(const std::string&)> tell_;
  const RecordLimits limits_;
  mutable std::mutex mutex_;
  std::condition_variable news_;
  std::deque<Waiting> waiting_;
  std::size_t bytes_ = 0;  // of what waits or is being written
  std::size_t held_ = 0;   // likewise, episodes
  RecordCounts counts_;
  bool told_ = false, ending_ = false;
  std::thread thread_;
};

}  // namespace live
