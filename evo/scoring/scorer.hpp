// scorer.hpp: individuals -> scores, with no more episodes than it takes to know who lives on.
// Why:      search quality is bought with evaluations. Three savings, each exact about what it skips and off
//           by a switch: what acts the same is run once (cache); who is clearly behind after a first slice of
//           orderings is rejected (racing, first_slice); only the best meet on many more (playoff).
// Use:      Scorer scorer(experiment, evaluator);
//           scorer.score(children, state.population);
//           if (scorer.complete(children[0])) ...      // scored on all orderings
// Promises: all individuals see the same orderings in the same order (common random numbers), so that
//           differences are paired. Whoever is complete has the scores it would have without the savings.
//           A rejected individual has the scores of the slices it saw. Depends on the arguments alone, not
//           on what the cache holds or on the number of threads.
// Racing:   slices end after first_slice, 3 first_slice, 9 first_slice, ... orderings. After each, the better
//           third of the children goes on (successive halving, Jamieson and Talwalkar 2016), if its fitness
//           there, raised by what the living gained from there to their final fitness (mean plus kMargin
//           standard deviations), reaches that of the last of the better half of the population, or of
//           the last with a place in its niche; without niches, of the last of all, as a place may be earned
//           by a single point of the frontier. Of founders the better half goes on.
// Threads:  one thread at a time; it uses the threads of the calling TBB arena.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "evo/experiment/experiment.hpp"
#include "evo/population/individual.hpp"
#include "evo/scoring/evaluation_cache.hpp"
#include "evo/scoring/objective.hpp"
#include "evo/scoring/question_error.hpp"
#include "genome/program/program.hpp"
#include "replay/evaluation/evaluator.hpp"

namespace evo {

// What was scored. Known controllers that a baseline is measured by are not counted, nor is it looked at
// whether the cache spared running an episode: so that it depends on what was asked alone.
struct Work {
  std::uint64_t controllers = 0;  // each time one was, on however many orderings; not again in a playoff
  std::uint64_t episodes = 0;     // those of playoffs too
};

class Scorer {
 public:
  static constexpr double kMargin = 1.5;

  // Both must outlive the scorer. The evaluator's orderings are those of the experiment, then the playoff's.
  Scorer(const Experiment& experiment, const replay::Evaluator& evaluator);

  ~Scorer();

  void score(std::vector<Individual>& born, std::span<const Individual> living);
  bool complete(const Individual& individual) const { return individual.orderings >= experiment_->orderings; }

  // Fills `playoff` of those that have none: the fitness over all orderings, the search's and the playoff's.
  void play_off(std::span<Individual*> individuals);

  // The fitness over the playoff's orderings alone, on which nobody was selected: champions are chosen by it.
  double fresh_fitness(const Individual& individual);
  // The standard error, over distinct questions, of how far apart the areas under two curves are on these
  // orderings, in points; what a curve costs is taken as exact. 0 between two that act alike.
  double error_between(const Individual& a, const Individual& b);

  // Fitness of controllers over a slice of the orderings, for optimisers; nothing is kept.
  std::vector<double> fitness_on(std::span<const genome::CheckedController> controllers, int first,
                                 int count);

  // A digest of all that a controller does on the first slice of orderings, at every beta: of each question
  // how often it was right and what it spent. Two with the same digest act the same as far as can be told
  // there.
  std::string behaviour(const genome::CheckedController& controller);
  // Counts a controller whose behaviour was looked at. That is not done by itself, as it would depend on what
  // is remembered: the living were counted when they were scored.
  void count_behaviour();

  // A scorer of the same experiment over the questions outside one of its folds (variation.folds), for
  // optimisers; `turn` counts up and the folds take turns. This one where there are no folds.
  Scorer& outside_fold(std::uint64_t turn);

  // What was scored since this was last asked, for whatever purpose, also outside folds.
  Work take_work();

  const replay::Evaluator& evaluator() const { return *evaluator_; }
  const Experiment& experiment() const { return *experiment_; }

  // Orderings after which slices end, rising; the last is the experiment's number.
  static std::vector<int> slices(const Experiment& experiment);

 private:
  // One controller at one beta.
  struct Setting {
    std::string key;
    genome::BoundProgram bound;
  };
  struct Contestant {
    std::unique_ptr<genome::Program> program;  // what the bound ones point at
    std::vector<Setting> settings;             // by beta
  };

  // What an individual's spread is measured on.
  struct Seen {
    std::vector<std::int32_t> right;  // by beta, then question
    int orderings = 0;
  };

  // What the playoff's own orderings say of an individual.
  struct Fresh {
    double fitness = 0;
    std::vector<double> shares;  // of the area under its curve, by distinct question; where they are needed
  };

  struct Fold;

  std::vector<Contestant> contestants(std::span<const genome::CheckedController* const> controllers) const;
  // What a slice of the orderings gives, by contestant; for each by beta, then environment or question.
  // `level` is the slice's place in the cache, if it has one.
  std::vector<Slice> run(std::span<const Contestant* const> contestants, int first, int count,
                         std::optional<std::size_t> level);
  Slice slice_of(std::span<const replay::Cell> cells) const;  // by environment
  bool looks_at_questions() const {
    return experiment_->lower_bound_errors > 0 || experiment_->champion_errors > 0;
  }
  std::vector<double> shares_of(std::span<const Sums> sums, std::span<const std::int32_t> right,
                                int orderings) const;
  void add(Individual& individual, Seen& seen, const Slice& slice, int orderings,
           const Baseline& baseline) const;
  Fresh fresh_of(const Individual& individual, const Slice& slice) const;
  const Fresh& fresh(const Individual& individual);
  std::vector<bool> may_live(std::span<const Individual* const> born, std::span<const Individual> living,
                             std::size_t level) const;
  // Over these orderings.
  Baseline measured_baseline(int first, int count);

  const Experiment* experiment_;
  const replay::Evaluator* evaluator_;
  std::vector<int> slices_;
  EvaluationCache cache_;
  QuestionShares spread_;
  Baseline baseline_, fresh_baseline_;  // on the search's orderings, and on those of the playoff
  Work work_;
  std::unordered_map<std::string, Fresh> fresh_;             // by id, of those who came to a playoff
  std::unordered_map<std::string, std::string> behaviours_;  // by identity
  std::vector<std::unique_ptr<Fold>> folds_;                 // each made when it is first asked for
};

}  // namespace evo
