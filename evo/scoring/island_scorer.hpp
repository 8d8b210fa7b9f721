// island_scorer.hpp: individuals of an island -> scores, with no more episodes than selection needs.
// Why:      search quality is bought with evaluations. Two savings, each exact about what it skips and off
//           by a switch: what acts the same is run once (episode_runner.hpp); who is clearly behind after a
//           first slice of orderings is rejected (successive_halving.hpp).
// Use:      IslandScorer& scorer = scorer_of_run.island(2);
//           scorer.score(children, state.islands[2].population, work);
//           if (scorer.complete(children[0])) ...      // scored on all orderings
// Promises: whoever is complete has the scores it would have without the savings; a rejected individual has
//           those of the rungs it saw. Depends on the arguments alone, not on what the cache holds or on the
//           number of threads. Islands that see the same questions share one cache.
// Threads:  one thread at a time; it uses the threads of the calling TBB arena.
// Tests:    tests/evo/scoring/scorer_test.cpp, tests/evo/search/islands_test.cpp
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "evo/experiment/islands.hpp"
#include "evo/scoring/behaviour_digests.hpp"
#include "evo/scoring/question_scorer.hpp"

namespace evo {

class IslandScorer {
 public:
  // The evaluator must outlive it. `questions` are those of the island, under the experiment of the run.
  IslandScorer(IslandPlan plan, const replay::Evaluator& evaluator,
               std::shared_ptr<QuestionScorer> questions);
  IslandScorer(const IslandScorer&) = delete;  // its parts know where the others are
  IslandScorer& operator=(const IslandScorer&) = delete;

  void score(std::vector<Individual>& born, std::span<const Individual> living, Work& work);
  bool complete(const Individual& individual) const { return individual.orderings >= experiment().orderings; }

  // All that the island sees.
  QuestionScorer& all_questions() { return *all_; }
  // Those of them outside one of the folds (variation.folds), for optimisers; `turn` counts up and the folds
  // take turns. All questions where there are no folds.
  QuestionScorer& outside_fold(std::uint64_t turn);

  BehaviourDigests& behaviours() { return behaviours_; }

  const replay::Evaluator& evaluator() const { return *evaluator_; }
  const IslandPlan& plan() const { return plan_; }
  const Experiment& experiment() const { return plan_.experiment; }

 protected:
  const std::shared_ptr<QuestionScorer>& shared_questions() const { return all_; }

 private:
  const replay::Evaluator* evaluator_;
  IslandPlan plan_;
  std::shared_ptr<QuestionScorer> all_;
  BehaviourDigests behaviours_;
  std::vector<std::unique_ptr<QuestionScorer>> folds_;  // each made when it is first asked for
};

}  // namespace evo
