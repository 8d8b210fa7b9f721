#include "replay/parallel/interruption.hpp"

#include <ctime>
#include <utility>

namespace replay {
namespace {

constexpr std::int64_t kOften = 20;  // milliseconds

// Steps of a few milliseconds, for a tenth of the time that the exact clock takes.
std::int64_t now() {
  std::timespec time{};
  clock_gettime(CLOCK_MONOTONIC_COARSE, &time);
  return time.tv_sec * 1000 + time.tv_nsec / 1'000'000;
}

}  // namespace

namespace detail {
constinit thread_local Interruptible* looked_at = nullptr;
}  // namespace detail

Interruptible::Interruptible(std::function<bool()> wanted)
    : wanted_(std::move(wanted)), next_(now() + kOften), before_(std::exchange(detail::looked_at, this)) {}

Interruptible::~Interruptible() { detail::looked_at = before_; }

void Interruptible::look() {
  if (unwanted_.load(std::memory_order_relaxed)) throw Interrupted();
  if (std::this_thread::get_id() != owner_) return;
  const std::int64_t time = now();
  if (time < next_) return;
  next_ = time + kOften;
  if (wanted_()) return;
  unwanted_ = true;
  throw Interrupted();
}

}  // namespace replay
