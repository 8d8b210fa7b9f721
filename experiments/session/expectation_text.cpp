#include "experiments/session/expectation_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <vector>

#include "evo/expectation/known.hpp"
#include "evo/objective/service_level.hpp"
#include "genome/base/digest.hpp"

namespace experiments {
namespace {

std::string shown(const evo::ServiceFigures& figures) {
  return fmt::format("accuracy {:.2f}%, {:.0f} tokens, latency {:.0f} at 95%", figures.accuracy,
                     figures.tokens, figures.latency_p95);
}

// With two digits and a sign; what is 0 with two digits has none of its own.
std::string signed_points(double points) {
  std::string text = fmt::format("{:+.2f}", points);
  return text == "-0.00" ? "+0.00" : text;
}

std::string gain_text(const evo::ExpectedGain& e) {
  return fmt::format("{} [{}, {}]", signed_points(e.gain), signed_points(e.low), signed_points(e.high));
}

}  // namespace

bool is_known_itself(const evo::State& state) {
  return state.expected && state.recommended && state.recommended->id == state.best().id;
}

std::string expected_line(const evo::State& state) {
  if (!state.expected) return {};
  const evo::ExpectedGain& e = *state.expected;
  if (is_known_itself(state)) return fmt::format("nothing was found beyond {} yet\n", e.against);
  std::string line = fmt::format("expected on new questions: {} over {}", gain_text(e), e.against);
  if (e.detectable > 0)
    line += fmt::format("; {} questions can show gains from {:.2f} on", e.questions, e.detectable);
  return line + "\n";
}

std::string verdict_line(const evo::State& state) {
  if (!state.expected || !state.recommended || is_known_itself(state)) return {};
  return fmt::format("nothing here beats {} so far\n", state.expected->against);
}

std::string uncounted_line(const evo::State& state, std::span<const replay::Environment> environments,
                           int edition) {
  if (!state.expected) return {};
  const std::vector<std::string> names = evo::found_here(environments, edition);
  if (names.empty()) return {};
  return fmt::format("({} {} found on these questions and {} not count)\n", fmt::join(names, ", "),
                     names.size() == 1 ? "was" : "were", names.size() == 1 ? "does" : "do");
}

std::string limits_lines(const evo::State& state, const evo::Experiment& experiment) {
  if (!experiment.limits.any()) return {};
  std::string text = fmt::format("{:<13} {}\n", "limits", evo::shown_limits(experiment.limits));
  if (!state.limited)
    return text + fmt::format("{:<13} nobody yet; the next generation chooses\n", "kept by");
  const evo::ServiceResult& result = state.limited->result;
  text += fmt::format("{:<13} {} at beta {:g}: {}\n", result.keeps() ? "kept by" : "nearest",
                      genome::base::short_id(state.limited->id), result.beta, shown(result.figures));
  const std::string alone = fmt::format("in {} of {} orderings", result.kept, result.orderings);
  const std::string of_all =
      fmt::format("{} setting{} measured", state.limited->measured, state.limited->measured == 1 ? "" : "s");
  if (result.keeps())
    return text + fmt::format("{:<13} {} each taken alone; the best of {}\n", "", alone, of_all);
  return text +
         fmt::format("{:<13} none of {} keeps them so far; this misses them by {:.3g}, and keeps them {}\n",
                     "", of_all, result.excess, alone);
}

std::string kept_lines(const evo::ServiceResult& seen, const evo::Limits& limits) {
  const std::string missed = seen.keeps() ? "" : fmt::format(" by {:.3g}", seen.excess);
  return fmt::format(
      "{:<13} {}\n{:<13} on the held-out questions{}: {}\n{:<13} in {} of {} orderings each taken alone\n",
      "limits", evo::shown_limits(limits), seen.keeps() ? "kept" : "missed", missed, shown(seen.figures), "",
      seen.kept, seen.orderings);
}

std::string seen_line(const evo::ExpectedGain& seen, const std::string& against) {
  return fmt::format("seen on {} held-out question{}: {} over {}\n", seen.questions,
                     seen.questions == 1 ? "" : "s", gain_text(seen), against);
}

}  // namespace experiments
