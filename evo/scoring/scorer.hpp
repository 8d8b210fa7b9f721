// scorer.hpp: the scorers of all islands of a run, and the validation that they share.
// Why:      islands differ in what they search with and perhaps in the questions they see; the champion of
//           them all is chosen once, where only the best meet on many more orderings (validation.hpp).
// Use:      Scorer scorer(experiment, evaluator);
//           Work work;
//           scorer.score(children, population, work);          // it is itself the scorer of the first island
//           scorer.island(1).score(others, state.islands[1].population, work);
// Promises: as island_scorer.hpp.
// Threads:  one thread at a time; it uses the threads of the calling TBB arena.
// Tests:    tests/evo/scoring/scorer_test.cpp
#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "evo/scoring/island_scorer.hpp"
#include "evo/scoring/validation.hpp"

namespace evo {

class Scorer : public IslandScorer {
 public:
  // Both must outlive the scorer. The evaluator has the orderings of the search, then those of validation.
  Scorer(const Experiment& experiment, const replay::Evaluator& evaluator)
      : Scorer(experiment, evaluator, island_plans(experiment)) {}
  // With plans other than those of the experiment. Validation is on the questions of the first island.
  Scorer(const Experiment& experiment, const replay::Evaluator& evaluator, std::vector<IslandPlan> plans)
      : IslandScorer(plans.at(0), evaluator, questions_of(experiment, evaluator, plans.at(0))),
        validation_(all_questions()) {
    for (std::size_t i = 1; i < plans.size(); ++i) {
      auto seen = plans[i].questions == plans.front().questions
                      ? shared_questions()
                      : questions_of(experiment, evaluator, plans[i]);
      others_.push_back(std::make_unique<IslandScorer>(std::move(plans[i]), evaluator, std::move(seen)));
    }
  }

  std::size_t islands() const { return 1 + others_.size(); }
  IslandScorer& island(std::size_t place) { return place == 0 ? *this : *others_[place - 1]; }

  Validation& validation() { return validation_; }

 private:
  static std::shared_ptr<QuestionScorer> questions_of(const Experiment& experiment,
                                                      const replay::Evaluator& evaluator,
                                                      const IslandPlan& plan) {
    return std::make_shared<QuestionScorer>(
        experiment, evaluator,
        plan.questions ? *plan.questions : replay::all_questions(evaluator.environments()));
  }

  Validation validation_;
  std::vector<std::unique_ptr<IslandScorer>> others_;
};

}  // namespace evo
