// episode_runner.hpp: controllers x the experiment's betas x a slice of orderings -> exact sums.
// Why:      all scoring runs episodes in bulk over one set of questions, and much of what it asks for is
//           known already: children often act as something seen before.
// Use:      const auto compiled = runner.compiled(controllers);
//           const std::vector<Slice> slices = runner.run(all_of(compiled), {0, 5}, rung, work);
// Promises: everyone sees the same orderings in the same order (common random numbers), so differences are
//           paired. The cache is exact: with it or without (experiment.cache), full or empty, slices are the
//           same. `work` grows by what was asked, not by what was run.
// Threads:  one call at a time; it uses the threads of the calling TBB arena. The experiment and the
//           evaluator must outlive it.
// Tests:    tests/evo/scoring/scorer_test.cpp, tests/evo/scoring/work_test.cpp
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "evo/experiment/experiment.hpp"
#include "evo/scoring/evaluation_cache.hpp"
#include "evo/scoring/slice.hpp"
#include "evo/scoring/work.hpp"
#include "genome/program/program.hpp"
#include "replay/evaluation/evaluator.hpp"

namespace evo {

// A controller compiled, and bound at each of the experiment's betas.
struct Compiled {
  struct Setting {
    std::string key;  // of the cache; empty without one
    genome::BoundProgram bound;
  };
  std::unique_ptr<genome::Program> program;        // what the settings point at
  std::vector<Setting> settings;                   // by beta
  const genome::Controller* controller = nullptr;  // what it was compiled from
};

std::vector<const Compiled*> all_of(const std::vector<Compiled>& compiled);

class EpisodeRunner {
 public:
  EpisodeRunner(const Experiment& experiment, const replay::Evaluator& evaluator,
                replay::QuestionSet questions);

  // The controllers must outlive the result.
  std::vector<Compiled> compiled(std::span<const genome::CheckedController* const> controllers) const;

  // By controller; in each slice by beta, then environment or question. `level` is the place of these
  // orderings in the cache; without one they are run anew.
  std::vector<Slice> run(std::span<const Compiled* const> controllers, OrderingSlice orderings,
                         std::optional<std::size_t> level, Work& work);
  // Each controller over orderings of its own, anew.
  std::vector<Slice> run(std::span<const Compiled* const> controllers,
                         std::span<const OrderingSlice> orderings, Work& work);

  // Of one controller over this many orderings.
  std::uint64_t episodes(int orderings) const;

  const Experiment& experiment() const { return *experiment_; }
  const replay::Evaluator& evaluator() const { return *evaluator_; }
  const replay::QuestionSet& questions() const { return questions_; }

 private:
  std::vector<Slice> run(std::span<const Compiled* const> controllers,
                         std::span<const OrderingSlice> orderings, std::optional<std::size_t> level,
                         Work& work);

  const Experiment* experiment_;
  const replay::Evaluator* evaluator_;
  replay::QuestionSet questions_;
  EvaluationCache cache_;
};

}  // namespace evo
