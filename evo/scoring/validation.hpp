// validation.hpp: the best few on orderings that nobody was selected on.
// Why:      the best of thousands on the search's orderings is partly the luckiest there. Validation
//           orderings choose the champion: what it won by luck does not count again.
// Use:      validation.measure(contenders, work);                       // fills `validated`
//           if (validation.fitness(a) > validation.fitness(b)) ...
//           const double error = validation.error_between(a, b);        // for the k-standard-error rule
// Promises: the validation fitness is that of the validation orderings alone, against a baseline measured
//           there. It is the same for whoever is remembered and for whoever is measured again in a process
//           that was not there; measuring again is no work of the search.
// Threads:  one call at a time; it uses the threads of the calling TBB arena.
// Tests:    tests/evo/scoring/scorer_test.cpp
#pragma once

#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "evo/scoring/question_scorer.hpp"

namespace evo {

class Validation {
 public:
  // Over all questions; the scorer must outlive it.
  explicit Validation(QuestionScorer& scorer);

  // Fills `validated` of those that have none: the fitness over the search's and the validation's orderings.
  void measure(std::span<Individual* const> individuals, Work& work);

  double fitness(const Individual& individual);

  // The standard error, over distinct questions, of the difference of the areas under two curves on these
  // orderings, in points; what a curve costs is taken as exact. 0 between two that act alike.
  double error_between(const Individual& a, const Individual& b);

 private:
  struct Measured {
    double fitness = 0;
    std::vector<double> shares;  // of the area under its curve, by distinct question; where they are needed
  };

  const Experiment& experiment() const { return scorer_->experiment(); }
  std::vector<Slice> run(std::span<const genome::CheckedController* const> controllers, Work& work);
  Measured measured_from(const Individual& individual, const Slice& slice) const;
  const Measured& measured(const Individual& individual);

  QuestionScorer* scorer_;
  Baseline baseline_;                                // on these orderings
  std::unordered_map<std::string, Measured> known_;  // by id
};

}  // namespace evo
