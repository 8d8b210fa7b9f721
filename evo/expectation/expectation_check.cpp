#include "evo/expectation/expectation_check.hpp"

#include <array>
#include <fmt/format.h>
#include <string_view>

#include "evo/expectation/cross_fitting.hpp"
#include "genome/base/digest.hpp"

namespace evo {
namespace {

std::optional<std::string> figure_difference(const ExpectedGain& recorded, const ExpectedGain& again,
                                             Digits digits) {
  struct Figure {
    std::string_view name;
    double recorded, again;
  };
  const std::array figures = {Figure{"gain", recorded.gain, again.gain},
                              Figure{"low", recorded.low, again.low},
                              Figure{"high", recorded.high, again.high},
                              Figure{"standard error", recorded.standard_error, again.standard_error},
                              Figure{"detectable", recorded.detectable, again.detectable}};
  for (const Figure& each : figures) {
    const bool same = digits == Digits::kAll ? each.recorded == each.again
                                             : same_but_for_rounding(each.recorded, each.again);
    if (!same) return fmt::format("{} is {}, and made again {}", each.name, each.recorded, each.again);
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> expectation_difference(const State& state, const Experiment& experiment,
                                                  const replay::Evaluator& evaluator, Scorer& scorer,
                                                  Digits digits) {
  if (!state.expected || state.halves.empty()) return std::nullopt;
  const auto crossed = cross_fitting(experiment, evaluator);
  if (!crossed) return "the environments are too few questions to expect anything of";
  State again = state;
  Work uncounted;
  crossed->estimate(again, scorer, uncounted);
  const ExpectedGain &old = *state.expected, &made = *again.expected;
  if (old.against != made.against)
    return fmt::format("it is over {}, and made again over {}", old.against, made.against);
  if (old.questions != made.questions)
    return fmt::format("it is of {} questions, and made again of {}", old.questions, made.questions);
  if (auto difference = figure_difference(old, made, digits)) return difference;
  const std::string &recommended = state.recommendation().id, &now = again.recommendation().id;
  if (recommended != now)
    return fmt::format("{} is recommended, and made again {}", genome::base::short_id(recommended),
                       genome::base::short_id(now));
  return std::nullopt;
}

}  // namespace evo
