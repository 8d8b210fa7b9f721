#include "live/record/episode_recorder.hpp"

#include <exception>
#include <fmt/format.h>
#include <utility>

#include "genome/base/text.hpp"
#include "live/record/episode_json.hpp"
#include "live/record/record_file.hpp"

namespace live {
namespace {

using genome::base::visible;

constexpr std::size_t kAroundTexts = 4'096;                  // of an episode
constexpr std::size_t kMostAtOnce = std::size_t{16} << 20U;  // bytes of lines, about

// About what it takes in memory.
std::size_t bytes_of(const EpisodeRecord& record) {
  std::size_t bytes = kAroundTexts + record.head.made.size() + record.outcome.text.size();
  for (const Message& message : record.messages) bytes += message.content.size();
  if (!record.outcome.trail) return bytes;
  bytes += record.outcome.trail->actions.size() * sizeof(replay::Action);
  for (const TrailBranch& branch : record.outcome.trail->branches) {
    bytes += sizeof(TrailBranch) + (branch.text ? branch.text->size() : 0);
    for (const TrailLook& look : branch.looks)
      bytes += sizeof(TrailLook) + look.answer.size() + (look.said ? look.said->size() : 0);
    for (const auto& [name, numbers] : branch.signals) bytes += numbers.size() * sizeof(double);
  }
  return bytes;
}

}  // namespace

EpisodeRecorder::EpisodeRecorder(std::filesystem::path file, std::function<void(const std::string&)> tell,
                                 RecordLimits limits)
    : file_(std::move(file)), tell_(std::move(tell)), limits_(limits) {
  append_lines(file_, "");
  thread_ = std::thread([this] { work(); });
}

EpisodeRecorder::~EpisodeRecorder() {
  {
    const std::scoped_lock lock(mutex_);
    ending_ = true;
  }
  news_.notify_one();
  thread_.join();
}

void EpisodeRecorder::add(EpisodeRecord record) {
  const std::size_t bytes = bytes_of(record);
  {
    const std::scoped_lock lock(mutex_);
    // One alone is taken, however large.
    const bool fits = held_ == 0 || (held_ < limits_.episodes && bytes_ + bytes <= limits_.bytes);
    if (fits) {
      waiting_.push_back({std::move(record), bytes});
      bytes_ += bytes;
      ++held_;
      news_.notify_one();
      return;
    }
  }
  lose(1, "the disk is too slow, and too much waits for it");
}

RecordCounts EpisodeRecorder::counts() const {
  const std::scoped_lock lock(mutex_);
  return counts_;
}

void EpisodeRecorder::work() {
  for (;;) {
    std::deque<Waiting> batch;
    {
      std::unique_lock lock(mutex_);
      news_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      std::size_t bytes = 0;
      while (!waiting_.empty() && bytes < kMostAtOnce) {
        bytes += waiting_.front().bytes;
        batch.push_back(std::move(waiting_.front()));
        waiting_.pop_front();
      }
    }
    write(std::move(batch));
  }
}

void EpisodeRecorder::write(std::deque<Waiting> batch) {
  std::string lines;
  std::size_t bytes = 0;
  const std::size_t all = batch.size();
  std::int64_t made = 0;
  for (Waiting& each : batch) {
    bytes += each.bytes;
    try {
      lines += line_of(each.record) + "\n";
      ++made;
    } catch (const std::exception& error) {
      lose(1, error.what());
    }
    each.record = {};
  }
  if (made > 0) append(lines, made);
  const std::scoped_lock lock(mutex_);
  bytes_ -= bytes;
  held_ -= all;
}

void EpisodeRecorder::append(const std::string& lines, std::int64_t episodes) {
  try {
    append_lines(file_, lines);
  } catch (const std::exception& error) {
    return lose(episodes, error.what());
  }
  const std::scoped_lock lock(mutex_);
  counts_.kept += episodes;
}

// Whoever sees the count has been told.
void EpisodeRecorder::lose(std::int64_t episodes, const std::string& why) {
  bool first = false;
  {
    const std::scoped_lock lock(mutex_);
    first = !std::exchange(told_, true);
  }
  if (first)
    tell_(fmt::format("an episode is not recorded in {}: {}; more of them are counted in /metrics alone",
                      visible(file_.string()), visible(why)));
  const std::scoped_lock lock(mutex_);
  counts_.lost += episodes;
}

}  // namespace live
