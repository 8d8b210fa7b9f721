#include "live/collect/pace.hpp"

#include <algorithm>

namespace live {
namespace {

constexpr std::size_t kFirst = 16;
constexpr double kWindow = 3;         // seconds
constexpr double kHold = 60;          // seconds before a larger number is tried again
constexpr double kBetweenCuts = 2;    // seconds: refusals that come together are one
constexpr double kWorthwhile = 1.05;  // by how much the rate must rise

}  // namespace

Pace::Pace(std::size_t most)
    : most_(std::max<std::size_t>(most, 1)), limit_(std::min(kFirst, most_)), before_(limit_) {}

void Pace::refused(double now) {
  if (now - last_refusal_ < kBetweenCuts) return;
  last_refusal_ = now;
  limit_ = std::max<std::size_t>(1, limit_ / 2);
  before_ = limit_;
  trying_ = false;
  refused_ = true;
  hold_until_ = now + kBetweenCuts;
  window_begin_ = -1;
}

void Pace::begin_window(double now, std::int64_t tokens) {
  window_begin_ = now;
  tokens_at_begin_ = tokens;
}

std::size_t Pace::at(double now, std::int64_t tokens, bool full) {
  if (!full || now < hold_until_) {
    window_begin_ = -1;
    return limit_;
  }
  if (window_begin_ < 0) {
    begin_window(now, tokens);
  } else if (now - window_begin_ >= kWindow) {
    judge(now, static_cast<double>(tokens - tokens_at_begin_) / (now - window_begin_));
    window_begin_ = -1;  // what was begun meanwhile is no measure of the new number yet
  }
  return limit_;
}

void Pace::judge(double now, double rate) {
  if (rate <= 0) return;  // prompts are being read, or the server is away
  if (trying_ && rate < rate_before_ * kWorthwhile) {
    limit_ = before_;
    trying_ = false;
    hold_until_ = now + kHold;
    return;
  }
  rate_before_ = rate;
  before_ = limit_;
  limit_ = std::min(most_, limit_ + (refused_ ? std::max<std::size_t>(1, limit_ / 8) : limit_));
  trying_ = limit_ > before_;
}

}  // namespace live
