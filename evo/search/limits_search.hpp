// limits_search.hpp: who of a generation keeps the limits of a service level best.
// Why:      the champion is the best curve over a range of budgets. Who promises a service wants one
//           controller at one setting that keeps every limit, and to know how surely.
// Use:      LimitsSearch limits(experiment, evaluator);
//           limits.choose(step, scorer);                    // fills step.state.limited
// How:      newborn controllers that were scored on all orderings are ranked by their curves. The few that
//           seem nearest to the limits are run again, episode by episode, on the validation orderings, or on
//           those of the search where there are none. The best of them and of the choice so far is the
//           choice. How far the 95th percentile of latency lies above its mean is learned from the choice.
// Promises: recorded environments alone are looked at, each counting the same, and no reweighted variants.
//           The choice depends on state and births alone, so it is the same on any number of threads and
//           after a resume. Episodes count as asked. A state without a choice, as after a fork to other
//           limits, gets one from all who live.
// Threads:  one call at a time; it uses the threads of the calling TBB arena. The experiment and the
//           evaluator must outlive it.
// Tests:    tests/evo/search/limits_search_test.cpp
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "evo/scoring/scorer.hpp"
#include "evo/search/step.hpp"

namespace evo {

class LimitsSearch {
 public:
  // REQUIRES: the experiment has limits.
  LimitsSearch(const Experiment& experiment, const replay::Evaluator& evaluator);

  void choose(Step& step, Scorer& scorer);

  // A controller at its best setting, measured.
  ServiceResult measured(const genome::CheckedController& controller, Work& work);

 private:
  ServiceResult measured_at(const Compiled::Setting& setting, double beta) const;
  // The place of the candidate that seems nearest; none where there is no candidate.
  std::optional<std::size_t> nearest(std::span<const Individual* const> candidates, double ratio) const;
  bool better(const ServiceResult& a, const ServiceResult& b) const;

  const Experiment* experiment_;
  EpisodeRunner runner_;
  OrderingSlice orderings_;
};

}  // namespace evo
