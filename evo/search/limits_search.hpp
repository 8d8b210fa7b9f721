// limits_search.hpp: who of a run keeps the limits of a service level best.
// Why:      the champion is the best curve over a range of budgets. Who promises a service wants one
//           controller at one setting that keeps every limit, and to know how surely.
// Use:      LimitsSearch limits(experiment, evaluator);
//           limits.choose(step, scorer);                    // fills step.state.limited
// How:      who is born, lives or is on the frontier is looked at once, the most promising first
//           (limits_candidates.hpp). A curve knows no percentile of latency; where that is limited, a few
//           orderings tell it roughly. What still seems better than the choice so far is measured, episode
//           by episode, on the validation orderings, or on those of the search where there are none. The
//           best of what was ever measured is the choice. A generation looks at a bounded number, and the
//           next one goes on with the others.
// Promises: recorded environments alone are looked at, each counting the same, and no reweighted variants.
//           The choice depends on state and births alone, so it is the same on any number of threads and
//           after a resume. Episodes count as asked. A state without a choice, as after a fork to other
//           limits, gets one from all who live or are on the frontier.
// Threads:  one call at a time; it uses the threads of the calling TBB arena. The experiment and the
//           evaluator must outlive it.
// Tests:    tests/evo/search/limits_search_test.cpp
#pragma once

#include <optional>
#include <span>

#include "evo/search/limits_candidates.hpp"

namespace evo {

class LimitsSearch {
 public:
  // REQUIRES: the experiment has limits.
  LimitsSearch(const Experiment& experiment, const replay::Evaluator& evaluator);

  void choose(Step& step, Scorer& scorer);

  // A controller at a beta, measured; nothing where the experiment has no such beta.
  std::optional<ServiceResult> measured(const genome::CheckedController& controller, double beta, Work& work);

 private:
  class Measuring;

  const Experiment* experiment_;
  LimitsCandidates candidates_;
  EpisodeRunner runner_;
  OrderingSlice orderings_;
};

// How a controller at a beta keeps the experiment's limits elsewhere, as on held-out environments: at all
// orderings of their evaluator, which has no reweighted variants. Nothing where the experiment has no such
// beta.
std::optional<ServiceResult> kept_on(const genome::CheckedController& controller, double beta,
                                     const Experiment& experiment, const replay::Evaluator& evaluator);

}  // namespace evo
