// Episodes are kept beside a server's work, and what cannot be kept is told once and counted.
#include "live/record/episode_recorder.hpp"

#include <csignal>
#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "live/record/episode_json.hpp"
#include "live/record/record_file.hpp"
#include "replay/environment/input_error.hpp"
#include "tests/support/kept_episode.hpp"
#include "tests/support/temporary_folder.hpp"

namespace live {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class Recorder : public testing::Test {
 protected:
  std::vector<std::string> ids(const std::filesystem::path& file) const {
    std::vector<std::string> all;
    read_lines(file, [&](const RecordLine& line) { all.push_back(record_of(line.text).id); });
    return all;
  }
  static void wait_for(const EpisodeRecorder& recorder, std::int64_t ended) {
    for (int i = 0; i < 1000 && recorder.counts().kept + recorder.counts().lost < ended; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    ASSERT_EQ(recorder.counts().kept + recorder.counts().lost, ended);
  }
  std::function<void(const std::string&)> tell() {
    return [this](const std::string& text) { told_.push_back(text); };
  }

  tests::TemporaryFolder folder_;
  const std::filesystem::path path_ = folder_.path() / "e.jsonl";
  std::vector<std::string> told_;
};

TEST_F(Recorder, KeepsWhatWasAddedToTheEnd) {
  {
    EpisodeRecorder recorder(path_, tell());
    for (const char* id : {"a", "b", "c"}) recorder.add(tests::kept_episode(id, "1+1"));
  }
  EXPECT_THAT(ids(path_), ElementsAre("a", "b", "c"));
  EXPECT_THAT(told_, ElementsAre());
}

TEST_F(Recorder, BeginsANewFileWhereItsOwnWasMovedAway) {
  EpisodeRecorder recorder(path_, tell());
  recorder.add(tests::kept_episode("a", "1+1"));
  wait_for(recorder, 1);
  std::filesystem::rename(path_, folder_.path() / "old.jsonl");
  recorder.add(tests::kept_episode("b", "1+1"));
  wait_for(recorder, 2);
  EXPECT_THAT(ids(folder_.path() / "old.jsonl"), ElementsAre("a"));
  EXPECT_THAT(ids(path_), ElementsAre("b"));
}

TEST_F(Recorder, AFullDiskIsToldOnceAndCounted) {
  EpisodeRecorder recorder(path_, tell());
  recorder.add(tests::kept_episode("a", "1+1"));
  wait_for(recorder, 1);
  rlimit limit{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &limit), 0);
  const rlimit tight{.rlim_cur = std::filesystem::file_size(path_) + 40, .rlim_max = limit.rlim_max};
  const auto earlier = std::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &tight), 0);
  for (const char* id : {"b", "c", "d"}) recorder.add(tests::kept_episode(id, "1+1"));
  wait_for(recorder, 4);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
  std::signal(SIGXFSZ, earlier);
  EXPECT_EQ(recorder.counts().lost, 3);
  ASSERT_EQ(told_.size(), 1U);
  EXPECT_THAT(told_[0], HasSubstr("e.jsonl"));
  recorder.add(tests::kept_episode("e", "1+1"));
  wait_for(recorder, 5);
  EXPECT_THAT(ids(path_), ElementsAre("a", "e"));
}

TEST_F(Recorder, WhatWaitsIsBounded) {
  EpisodeRecorder recorder(path_, tell(), {.episodes = 2});
  for (int i = 0; i < 2'000; ++i) recorder.add(tests::kept_episode("x" + std::to_string(i), "1+1"));
  wait_for(recorder, 2'000);
  EXPECT_GT(recorder.counts().lost, 0);
  EXPECT_EQ(ids(path_).size(), static_cast<std::size_t>(recorder.counts().kept));
  EXPECT_EQ(told_.size(), 1U);
}

TEST_F(Recorder, RefusesAFileThatCannotBeWritten) {
  EXPECT_THROW(EpisodeRecorder("/dev/full", tell()), replay::InputError);
  EXPECT_THROW(EpisodeRecorder(folder_.path() / "none" / "e.jsonl", tell()), genome::base::StorageError);
}

}  // namespace
}  // namespace live
