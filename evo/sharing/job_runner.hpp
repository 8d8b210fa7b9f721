// job_runner.hpp: the evaluator's jobs, run here or by whoever can share the work with others.
// Why:      a search asks for episodes in bulk, by jobs whose sums are whole numbers written by index; so
//           they may be run anywhere. The search knows nothing of where, and nothing of how they get there.
// Use:      const JobSharing sharing(evaluator, runner);         // from here on `runner` gets the jobs
//           const auto cells = run_jobs(evaluator, jobs, controllers, questions);
// Promises: the cells are those of Evaluator::run(), whoever runs the jobs. Only jobs of the evaluator that
//           is shared go to the runner, and only those asked for by the thread that shares it.
// Throws:   what the runner throws; replay::Interrupted where the work is no longer wanted.
// Threads:  a JobSharing belongs to the thread that made it; one at a time.
// Tests:    tests/cluster/coordinator_test.cpp
#pragma once

#include <span>
#include <vector>

#include "genome/tree/ast.hpp"
#include "replay/evaluation/evaluator.hpp"

namespace evo {

// The controller that each job's program was compiled from, by job.
using Controllers = std::span<const genome::Controller* const>;

class JobRunner {
 public:
  virtual ~JobRunner() = default;

  // Cells in the order job, environment of the set, as Evaluator::run() gives them.
  virtual std::vector<replay::Cell> run(std::span<const replay::EvaluationJob> jobs, Controllers controllers,
                                        const replay::QuestionSet& questions) = 0;
};

// While it lives, jobs on this evaluator go to the runner. Both must outlive it.
class JobSharing {
 public:
  JobSharing(const replay::Evaluator& evaluator, JobRunner& runner);
  ~JobSharing();
  JobSharing(const JobSharing&) = delete;
  JobSharing& operator=(const JobSharing&) = delete;
};

// REQUIRES: a controller for each job.
std::vector<replay::Cell> run_jobs(const replay::Evaluator& evaluator,
                                   std::span<const replay::EvaluationJob> jobs, Controllers controllers,
                                   const replay::QuestionSet& questions);

}  // namespace evo
