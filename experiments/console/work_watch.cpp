#include "experiments/console/work_watch.hpp"

#include <cstdio>
#include <fmt/format.h>
#include <unistd.h>
#include <utility>

namespace experiments {
namespace {

constexpr auto kPause = std::chrono::milliseconds(250);

// "950", "123 k", "4.5 M"
std::string short_count(double count) {
  if (count < 1e3) return fmt::format("{:.0f}", count);
  return count < 1e6 ? fmt::format("{:.0f} k", count / 1e3) : fmt::format("{:.1f} M", count / 1e6);
}

}  // namespace

WorkWatch::WorkWatch(std::string what, std::function<std::uint64_t()> episodes,
                     std::optional<Clock::time_point> deadline)
    : what_(std::move(what)),
      episodes_(std::move(episodes)),
      deadline_(deadline),
      before_(episodes_()),
      on_terminal_(::isatty(STDERR_FILENO) == 1),
      work_([this] { return look(); }) {}

WorkWatch::~WorkWatch() {
  if (shown_) std::fputs("\r\033[K", stderr);
}

bool WorkWatch::look() {
  const auto now = Clock::now();
  if (on_terminal_ && now - told_ >= kPause) tell(now);
  return !deadline_ || now < *deadline_;
}

void WorkWatch::tell(Clock::time_point now) {
  told_ = now;
  shown_ = true;
  const double seconds = std::chrono::duration<double>(now - begun_).count();
  const auto episodes = static_cast<double>(episodes_() - before_);
  std::fputs(fmt::format("\r{}: {:.1f} s, {} episodes, {}/s\033[K", what_, seconds, short_count(episodes),
                         short_count(episodes / seconds))
                 .c_str(),
             stderr);
}

}  // namespace experiments
