#include "experiments/session/expectation_text.hpp"

#include <fmt/format.h>

namespace experiments {

std::string expected_line(const evo::State& state) {
  if (!state.expected) return {};
  const evo::ExpectedGain& e = *state.expected;
  std::string line = fmt::format("expected on new questions: {:+.2f} [{:+.2f}, {:+.2f}] over {}", e.gain,
                                 e.low, e.high, e.against);
  // Where the champion is the known controller itself, nothing was compared.
  if (e.detectable > 0)
    line += fmt::format("; {} questions can show gains from {:.2f} on", e.questions, e.detectable);
  return line + "\n";
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
