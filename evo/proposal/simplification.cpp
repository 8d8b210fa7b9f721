#include "evo/proposal/simplification.hpp"

#include <algorithm>
#include <utility>

#include "genome/base/rng.hpp"
#include "genome/simplification/simplify.hpp"

namespace evo {

using genome::CheckedController;

std::optional<CheckedController> simplified(const CheckedController& controller, QuestionScorer& scorer,
                                            std::uint64_t seed, const SimplificationOptions& options,
                                            Work& work) {
  const int orderings = scorer.experiment().orderings;
  const int count = std::min(options.orderings, orderings);
  const int first = static_cast<int>(seed % static_cast<std::uint64_t>(orderings / count)) * count;
  genome::base::Rng rng(seed);
  CheckedController plainest = controller;
  double fitness = scorer.fitness_on(std::span(&controller, 1), {first, count}, work).front();
  bool any = false;
  for (int pass = 0; pass < kMostPasses; ++pass) {
    std::vector<CheckedController> shorter;
    auto candidates = genome::simplifications(plainest.tree());
    for (std::size_t i = candidates.size(); i > 1; --i)
      std::swap(candidates[i - 1], candidates[genome::base::uniform_index(rng, i)]);
    if (candidates.size() > options.most) candidates.resize(options.most);
    for (genome::Controller& candidate : candidates) {
      candidate.name = "evolved";
      if (auto checked = genome::check(candidate).controller) shorter.push_back(std::move(*checked));
    }
    if (shorter.empty()) break;
    const std::vector<double> reached = scorer.fitness_on(shorter, {first, count}, work);
    const auto best = std::max_element(reached.begin(), reached.end());
    if (*best < fitness) break;
    fitness = *best;
    plainest = shorter[static_cast<std::size_t>(best - reached.begin())];
    any = true;
  }
  if (!any) return std::nullopt;
  return plainest;
}

}  // namespace evo
