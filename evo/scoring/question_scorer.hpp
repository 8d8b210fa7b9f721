// question_scorer.hpp: the fitness of controllers over one set of questions.
// Why:      optimisers score thousands of candidates on a part of the questions, where there are folds, and
//           all others on all of them: two sets over one evaluator.
// Use:      QuestionScorer scorer(experiment, evaluator, replay::all_questions(evaluator.environments()));
//           const auto fitness = scorer.fitness_on(controllers, {0, 5}, work);
// Promises: depends on the arguments alone, not on what the cache holds or on the number of threads. The
//           baseline is that of these questions.
// Threads:  one call at a time; it uses the threads of the calling TBB arena. The experiment and the
//           evaluator must outlive it.
// Tests:    tests/evo/scoring/scorer_test.cpp, tests/evo/objective/question_folds_test.cpp
#pragma once

#include <span>
#include <vector>

#include "evo/scoring/episode_runner.hpp"
#include "evo/scoring/score_keeper.hpp"

namespace evo {

class QuestionScorer {
 public:
  QuestionScorer(const Experiment& experiment, const replay::Evaluator& evaluator,
                 const replay::QuestionSet& questions);

  // Nothing of the slices is kept.
  std::vector<double> fitness_on(std::span<const genome::CheckedController> controllers,
                                 OrderingSlice orderings, Work& work);
  // Each controller on orderings of its own. REQUIRES: as many of them as controllers.
  std::vector<double> fitness_on(std::span<const genome::CheckedController> controllers,
                                 std::span<const OrderingSlice> orderings, Work& work);

  const Experiment& experiment() const { return runner_.experiment(); }
  EpisodeRunner& runner() { return runner_; }
  const ScoreKeeper& keeper() const { return keeper_; }
  const Baseline& baseline() const { return baseline_; }  // on the search's orderings

 private:
  EpisodeRunner runner_;
  ScoreKeeper keeper_;
  Baseline baseline_;
};

}  // namespace evo
