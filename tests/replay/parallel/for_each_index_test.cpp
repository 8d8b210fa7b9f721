#include "replay/parallel/for_each_index.hpp"

#include <atomic>
#include <gtest/gtest.h>
#include <mutex>
#include <optional>
#include <set>
#include <stdexcept>
#include <tbb/task_arena.h>
#include <thread>
#include <vector>

namespace replay {
namespace {

// On threads of its own, so many, or in the arena when there is no number.
class ForEachIndex : public testing::TestWithParam<std::optional<int>> {
 protected:
  ForEachIndex() {
    if (GetParam()) own_.emplace(*GetParam());
  }
  std::optional<OwnThreads> own_;
};

TEST_P(ForEachIndex, EachIndexIsAStepOnce) {
  for (const std::size_t count : {0U, 1U, 2U, 1000U}) {
    std::vector<std::atomic<int>> steps(count);
    for_each_index(count, [&](std::size_t i, std::size_t) { ++steps[i]; });
    for (const auto& each : steps) EXPECT_EQ(each, 1);
  }
}

TEST_P(ForEachIndex, NoTwoStepsAtOnceHaveTheSameSlot) {
  std::vector<std::atomic<int>> busy(loop_slots());
  std::atomic<bool> shared{false};
  for_each_index(200, [&](std::size_t, std::size_t slot) {
    if (busy.at(slot)++ != 0) shared = true;
    std::this_thread::sleep_for(std::chrono::microseconds(50));
    --busy[slot];
  });
  EXPECT_FALSE(shared);
}

TEST_P(ForEachIndex, AFailureEndsTheLoopAndIsPassedOn) {
  std::atomic<int> begun{0};
  const auto fails_at_once = [&](std::size_t, std::size_t) {
    ++begun;
    throw std::runtime_error("it fails");
  };
  EXPECT_THROW(for_each_index(100'000, fails_at_once), std::runtime_error);
  EXPECT_LT(begun, 100'000);
}

TEST_P(ForEachIndex, ALoopWithinTheLoopIsRunToo) {
  std::atomic<int> steps{0};
  for_each_index(
      5, [&](std::size_t, std::size_t) { for_each_index(7, [&](std::size_t, std::size_t) { ++steps; }); });
  EXPECT_EQ(steps, 35);
}

INSTANTIATE_TEST_SUITE_P(Threads, ForEachIndex,
                         testing::Values(std::nullopt, std::optional(1), std::optional(3), std::optional(0)));

TEST(OwnThreads, AreAsManyAsAskedForAndEndWithTheirScope) {
  const std::size_t before = loop_slots();
  {
    const OwnThreads three(3);
    EXPECT_EQ(loop_slots(), 3U);
    std::mutex mutex;
    std::set<std::thread::id> seen;
    std::atomic<int> waiting{0};
    for_each_index(3, [&](std::size_t, std::size_t) {
      ++waiting;
      while (waiting < 3) std::this_thread::yield();  // until each has one
      const std::lock_guard lock(mutex);
      seen.insert(std::this_thread::get_id());
    });
    EXPECT_EQ(seen.size(), 3U);
    EXPECT_TRUE(seen.contains(std::this_thread::get_id()));
  }
  EXPECT_EQ(loop_slots(), before);
}

TEST(OwnThreads, AreOfTheThreadThatMadeThem) {
  const OwnThreads one(1);
  std::size_t elsewhere = 0;
  std::thread([&] { elsewhere = loop_slots(); }).join();
  EXPECT_EQ(elsewhere, static_cast<std::size_t>(tbb::this_task_arena::max_concurrency()));
}

}  // namespace
}  // namespace replay
