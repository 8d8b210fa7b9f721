// run.hpp: an experiment on its way: its repository, its state, and one step after another.
// Why:      whatever happens to the process, the run stands at a whole generation and can go on.
// Use:      Run run = Run::create("runs/a", experiment, toml, evaluator, proposer);
//           while (run.state().generation < experiment.generations && !stop_requested()) run.step();
// Promises: every step is committed before step() returns; the trees depend on the experiment alone. A
//           killed create() leaves nothing behind.
// Throws:   RunError, StorageError (see run_repository.hpp).
// Threads:  one thread at a time; evaluation uses the threads of the calling TBB arena.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "evo/expectation/cross_fitting.hpp"
#include "evo/git/run_repository.hpp"
#include "evo/search/generation.hpp"
#include "evo/search/limits_search.hpp"

namespace evo {

// What a run fixes before its search, each the content of a file.
struct SealedFiles {
  std::string held_out;         // held_out.json (see evo/record/held_out.hpp)
  std::string preregistration;  // preregistration.json (see evo/preregistration/statement.hpp)
};

class Run {
 public:
  // Scores the founders and makes the repository with generation 0. `experiment_toml` is kept as
  // experiment.toml. What is sealed and not empty stands in files of its own. The evaluator and the proposer
  // must outlive the run.
  static Run create(const std::filesystem::path& path, const Experiment& experiment,
                    const std::string& experiment_toml, const replay::Evaluator& evaluator,
                    Proposer& proposer, const SealedFiles& sealed = {});

  // Goes on with a run opened for writing. RunError when the environments or the experiment.toml in the run
  // are not those of the start: scores could not be compared.
  static Run resume(RunRepository repository, const Experiment& experiment,
                    const replay::Evaluator& evaluator, Proposer& proposer);

  // One generation: made, committed, returned. What an earlier program left is scored again first, unless
  // the experiment asks for its rounded means.
  Step step();

  // From here on, in a run that repeats one that went on under a later program (see evo/base/means.hpp).
  void take_exact_means();

  const State& state() const { return state_; }
  const RunRepository& repository() const { return repository_; }

 private:
  Run(RunRepository repository, std::unique_ptr<Experiment> experiment, std::unique_ptr<Scorer> scorer,
      std::unique_ptr<CrossFitting> crossed, std::unique_ptr<LimitsSearch> limits, State state,
      Proposer& proposer);

  RunRepository repository_;
  std::unique_ptr<Experiment> experiment_;  // where the scorer looks at it
  std::unique_ptr<Scorer> scorer_;
  std::unique_ptr<CrossFitting> crossed_;  // none where no gain is estimated
  std::unique_ptr<LimitsSearch> limits_;   // none where there are none
  State state_;
  std::optional<State> inexact_;  // what the newest commit holds, where it is not state_
  Proposer* proposer_;
};

}  // namespace evo
