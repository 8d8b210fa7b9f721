#include "experiments/console/progress_line.hpp"

#include <fmt/format.h>

#include "experiments/terminal/live_line.hpp"

namespace experiments {
namespace {

constexpr auto kPause = std::chrono::milliseconds(200);
constexpr double kSoon = 1;  // seconds, before which a guess of the rest is worth nothing

}  // namespace

ProgressLine::~ProgressLine() {
  if (shown_) clear_live_line();
}

replay::Evaluator::Progress ProgressLine::callback() {
  if (!has_live_line()) return {};
  return [this](std::size_t done, std::size_t total) { tell(done, total); };
}

// Called by any thread: the one that finds the pause over and moves the time on is the one to tell.
void ProgressLine::tell(std::size_t done, std::size_t total) {
  const Clock::time_point now = Clock::now();
  const Clock::rep count = now.time_since_epoch().count();
  Clock::rep next = next_.load();
  if (count < next || !next_.compare_exchange_strong(next, count + Clock::duration(kPause).count())) return;
  shown_ = true;
  std::string text = fmt::format("{}: {:3}%", what_, 100 * done / total);
  const double seconds = std::chrono::duration<double>(now - begun_).count();
  if (done > 0 && seconds >= kSoon) {
    const double rest = static_cast<double>(total - done) / static_cast<double>(done);
    text += fmt::format(", about {} left", shown_duration(seconds * rest));
  }
  show_live_line(text);
}

}  // namespace experiments
