// simplification.hpp: a controller without what does not help it.
// Why:      parts that do nothing, or only fitted the orderings at hand, are the first to fail elsewhere.
// Use:      if (auto plainer = simplified(controller, scorer, seed, {}, work)) ...
// Promises: the result is smaller, and on the slice of orderings looked at (it rotates with `seed`) its
//           fitness is not lower; everything it lost was taken out because that held. At most
//           kMostPasses parts go, the one whose loss helps most first. Depends on the arguments alone.
// Threads:  one call at a time; evaluation uses the threads of the calling TBB arena.
#pragma once

#include <cstdint>
#include <optional>

#include "evo/scoring/question_scorer.hpp"
#include "genome/text/checker.hpp"

namespace evo {

struct SimplificationOptions {
  int orderings = 3;      // of a slice
  std::size_t most = 24;  // simplifications tried in a pass
};

inline constexpr int kMostPasses = 4;

// `work` grows by what was scored on the way.
std::optional<genome::CheckedController> simplified(const genome::CheckedController& controller,
                                                    QuestionScorer& scorer, std::uint64_t seed,
                                                    const SimplificationOptions& options, Work& work);

}  // namespace evo
