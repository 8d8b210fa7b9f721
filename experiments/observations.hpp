// observations.hpp: what a language model is told of how a controller does: why it fails, and how that looks.
// Why:      a figure says that a controller is behind; only its failures say what to change.
// Use:      std::string text = observations(individual.controller, evaluator, betas);
// Promises: a table of causes by beta (see replay/diagnosis.hpp) over kOrderings orderings of each
// environment,
//           and short traces of at most kTraces failed episodes, one of each of the most frequent causes that
//           a controller can do something about. At most about 8 KiB. Nothing of a question's text is in it.
//           Depends on the arguments alone.
// Threads:  one call at a time; it uses the threads of the calling TBB arena.
#pragma once

#include <span>
#include <string>

#include "genome/checker.hpp"
#include "replay/evaluator.hpp"

namespace experiments {

inline constexpr std::size_t kObservedOrderings = 2;
inline constexpr std::size_t kObservedTraces = 3;

std::string observations(const genome::CheckedController& controller, const replay::Evaluator& evaluator,
                         std::span<const double> betas);

}  // namespace experiments
