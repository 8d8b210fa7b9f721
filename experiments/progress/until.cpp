#include "experiments/progress/until.hpp"

namespace experiments {
namespace {

// Seconds that a generation under way may go on when the time is up; then it is given up.
constexpr double kGrace = 5;

}  // namespace

std::optional<std::chrono::steady_clock::time_point> deadline_of(const Until& until) {
  using Clock = std::chrono::steady_clock;
  if (!until.minutes) return std::nullopt;
  return until.start + std::chrono::duration_cast<Clock::duration>(
                           std::chrono::duration<double>(60 * *until.minutes + kGrace));
}

}  // namespace experiments
