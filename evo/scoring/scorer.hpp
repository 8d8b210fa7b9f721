// scorer.hpp: individuals -> scores, with no more episodes than it takes to know who lives on.
// Why:      search quality is bought with evaluations. Three savings, each exact about what it skips and off
//           by a switch: what acts the same is run once (episode_runner.hpp); who is clearly behind after a
//           first slice of orderings is rejected (successive_halving.hpp); only the best meet on many more
//           (validation.hpp).
// Use:      Scorer scorer(experiment, evaluator);
//           Work work;
//           scorer.score(children, state.population, work);
//           if (scorer.complete(children[0])) ...      // scored on all orderings
// Promises: whoever is complete has the scores it would have without the savings; a rejected individual has
//           those of the rungs it saw. Depends on the arguments alone, not on what the cache holds or on the
//           number of threads.
// Threads:  one thread at a time; it uses the threads of the calling TBB arena.
// Tests:    tests/evo/scoring/scorer_test.cpp
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "evo/scoring/behaviour_digests.hpp"
#include "evo/scoring/question_scorer.hpp"
#include "evo/scoring/validation.hpp"

namespace evo {

class Scorer {
 public:
  // Both must outlive the scorer. The evaluator has the orderings of the search, then those of validation.
  Scorer(const Experiment& experiment, const replay::Evaluator& evaluator);
  Scorer(const Scorer&) = delete;  // its parts know where the others are
  Scorer& operator=(const Scorer&) = delete;

  void score(std::vector<Individual>& born, std::span<const Individual> living, Work& work);
  bool complete(const Individual& individual) const { return individual.orderings >= experiment().orderings; }

  QuestionScorer& all_questions() { return all_; }
  // The questions outside one of the folds (variation.folds), for optimisers; `turn` counts up and the folds
  // take turns. All questions where there are no folds.
  QuestionScorer& outside_fold(std::uint64_t turn);

  Validation& validation() { return validation_; }
  BehaviourDigests& behaviours() { return behaviours_; }

  const replay::Evaluator& evaluator() const { return *evaluator_; }
  const Experiment& experiment() const { return all_.experiment(); }

 private:
  const replay::Evaluator* evaluator_;
  QuestionScorer all_;
  Validation validation_;
  BehaviourDigests behaviours_;
  std::vector<std::unique_ptr<QuestionScorer>> folds_;  // each made when it is first asked for
};

}  // namespace evo
