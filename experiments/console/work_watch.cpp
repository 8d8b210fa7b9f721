#include "experiments/console/work_watch.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <utility>

#include "experiments/terminal/terminal.hpp"

namespace experiments {
namespace {

// What is told of the work at hand has room last.
constexpr int kTimeRank = 10, kEpisodesRank = 11, kRateRank = 12;
constexpr auto kPause = std::chrono::milliseconds(250);

// "950", "123 k", "4.5 M"
std::string short_count(double count) {
  if (count < 1e3) return fmt::format("{:.0f}", count);
  return count < 1e6 ? fmt::format("{:.0f} k", count / 1e3) : fmt::format("{:.1f} M", count / 1e6);
}

}  // namespace

WorkWatch::WorkWatch(Words words, std::function<std::uint64_t()> episodes,
                     std::optional<Clock::time_point> deadline, std::function<bool()> given_up)
    : words_(std::move(words)),
      episodes_(std::move(episodes)),
      deadline_(deadline),
      given_up_(std::move(given_up)),
      before_(episodes_()),
      on_terminal_(has_live_line()),
      work_([this] { return look(); }) {}

WorkWatch::~WorkWatch() {
  if (shown_) clear_live_line();
}

bool WorkWatch::look() {
  const auto now = Clock::now();
  if (on_terminal_ && now - told_ >= kPause) tell(now);
  if (given_up_ && given_up_()) return false;
  return !deadline_ || now < *deadline_;
}

void WorkWatch::tell(Clock::time_point now) {
  told_ = now;
  shown_ = true;
  const double seconds = std::chrono::duration<double>(now - begun_).count();
  const auto episodes = static_cast<double>(episodes_() - before_);
  std::vector<LinePart> parts = words_(seconds);
  parts.push_back({fmt::format(", {:.1f} s", seconds), kTimeRank});
  parts.push_back({fmt::format(", {} episodes", short_count(episodes)), kEpisodesRank});
  parts.push_back({fmt::format(", {}/s", short_count(episodes / seconds)), kRateRank});
  show_live_line(fitted(std::move(parts), terminal_width(STDERR_FILENO) - 1));
}

}  // namespace experiments
