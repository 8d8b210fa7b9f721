#include "experiments/session/expectation_text.hpp"

#include <fmt/format.h>

namespace experiments {

std::string expected_line(const evo::State& state) {
  if (!state.expected) return {};
  const evo::ExpectedGain& e = *state.expected;
  return fmt::format(
      "expected on new questions: {:+.2f} [{:+.2f}, {:+.2f}] over {}; {} questions can show gains from "
      "{:.2f} "
      "on\n",
      e.gain, e.low, e.high, e.against, e.questions, e.detectable);
}

std::string verdict_line(const evo::State& state) {
  if (!state.expected || !state.recommended) return {};
  return fmt::format("nothing here beats {} so far\n", state.expected->against);
}

std::string seen_line(const evo::ExpectedGain& seen, const std::string& against) {
  return fmt::format("seen on {} held-out question{}: {:+.2f} [{:+.2f}, {:+.2f}] over {}\n", seen.questions,
                     seen.questions == 1 ? "" : "s", seen.gain, seen.low, seen.high, against);
}

}  // namespace experiments
