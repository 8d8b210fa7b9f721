#include "evo/sharing/job_runner.hpp"

#include "genome/base/check.hpp"

namespace evo {
namespace {

struct Shared {
  const replay::Evaluator* evaluator = nullptr;
  JobRunner* runner = nullptr;
};

thread_local Shared shared;

}  // namespace

JobSharing::JobSharing(const replay::Evaluator& evaluator, JobRunner& runner) {
  EVOTTS_CHECK(shared.evaluator == nullptr);
  shared = {&evaluator, &runner};
}

JobSharing::~JobSharing() { shared = {}; }

std::vector<replay::Cell> run_jobs(const replay::Evaluator& evaluator,
                                   std::span<const replay::EvaluationJob> jobs, Controllers controllers,
                                   const replay::QuestionSet& questions) {
  EVOTTS_CHECK(jobs.size() == controllers.size());
  if (shared.evaluator == &evaluator) return shared.runner->run(jobs, controllers, questions);
  return evaluator.run(jobs, questions);
}

}  // namespace evo
