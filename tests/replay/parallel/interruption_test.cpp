#include "replay/parallel/interruption.hpp"

#include <atomic>
#include <chrono>
#include <gtest/gtest.h>
#include <thread>

#include "replay/parallel/for_each_index.hpp"

namespace replay {
namespace {

using namespace std::chrono_literals;

// Takes breaths until it is interrupted, or for a long time.
bool ends_within(std::chrono::seconds most) {
  const auto until = std::chrono::steady_clock::now() + most;
  try {
    while (std::chrono::steady_clock::now() < until) take_breath();
  } catch (const Interrupted&) {
    return true;
  }
  return false;
}

TEST(Interruption, WorkThatIsWantedGoesOn) {
  std::atomic<int> asked{0};
  const Interruptible work([&] {
    ++asked;
    return true;
  });
  const auto until = std::chrono::steady_clock::now() + 200ms;
  while (std::chrono::steady_clock::now() < until) take_breath();
  EXPECT_GE(asked, 2);
  EXPECT_LE(asked, 12);
}

TEST(Interruption, WorkThatIsNotWantedEnds) {
  const Interruptible work([] { return false; });
  EXPECT_TRUE(ends_within(10s));
  EXPECT_TRUE(ends_within(10s)) << "and so does all that follows";
}

TEST(Interruption, IsOfTheThreadThatAskedForItAlone) {
  const Interruptible work([] { return false; });
  std::jthread([] {
    std::this_thread::sleep_for(50ms);
    EXPECT_NO_THROW(take_breath());
  }).join();
  EXPECT_TRUE(ends_within(10s));
}

TEST(Interruption, TheInnermostIsAskedAndTheOuterOneIsBackAfterIt) {
  const Interruptible outer([] { return false; });
  {
    const Interruptible inner([] { return true; });
    std::this_thread::sleep_for(50ms);
    EXPECT_NO_THROW(take_breath());
  }
  EXPECT_TRUE(ends_within(10s));
}

TEST(Interruption, UndisturbedWorkIsDoneToItsEnd) {
  const Interruptible work([] { return false; });
  {
    const Undisturbed to_the_end;
    std::this_thread::sleep_for(50ms);
    EXPECT_NO_THROW(take_breath());
  }
  EXPECT_TRUE(ends_within(10s));
}

// No thread but the one that asked for it calls `wanted`, whichever has which step.
TEST(Interruption, EndsTheStepsOfALoopOnAllItsThreads) {
  const OwnThreads threads(4);
  const std::thread::id caller = std::this_thread::get_id();
  std::atomic<int> ended{0}, elsewhere{0};
  const Interruptible work([&] {
    elsewhere += std::this_thread::get_id() == caller ? 0 : 1;
    return false;
  });
  EXPECT_THROW(for_each_index(4,
                              [&](std::size_t, std::size_t) {
                                if (!ends_within(10s)) return;
                                ++ended;
                                take_breath();
                              }),
               Interrupted);
  EXPECT_GE(ended, 1);
  EXPECT_EQ(elsewhere, 0);
}

}  // namespace
}  // namespace replay
