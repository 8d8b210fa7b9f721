#include "experiments/console/progress_line.hpp"

#include <cstdio>
#include <fmt/format.h>
#include <unistd.h>

namespace experiments {
namespace {

constexpr auto kPause = std::chrono::milliseconds(200);

}  // namespace

ProgressLine::~ProgressLine() {
  if (shown_) std::fputs("\r\033[K", stderr);
}

replay::Evaluator::Progress ProgressLine::callback() {
  if (::isatty(STDERR_FILENO) == 0) return {};
  return [this](std::size_t done, std::size_t total) { tell(done, total); };
}

// Called by any thread: the one that finds the pause over and moves the time on is the one to tell.
void ProgressLine::tell(std::size_t done, std::size_t total) {
  const Clock::rep now = Clock::now().time_since_epoch().count();
  Clock::rep next = next_.load();
  if (now < next || !next_.compare_exchange_strong(next, now + Clock::duration(kPause).count())) return;
  shown_ = true;
  std::fputs(fmt::format("\r{}: {:3}%", what_, 100 * done / total).c_str(), stderr);
}

}  // namespace experiments
