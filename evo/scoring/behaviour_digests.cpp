#include "evo/scoring/behaviour_digests.hpp"

#include <fmt/format.h>

#include "evo/scoring/successive_halving.hpp"
#include "evo/sharing/job_runner.hpp"
#include "genome/base/digest.hpp"
#include "genome/program/compiler.hpp"
#include "genome/text/printer.hpp"

namespace evo {

std::string BehaviourDigests::of(const genome::CheckedController& controller) {
  constexpr std::size_t kRemembered = 4096;  // the living are asked about again and again
  if (known_.size() > kRemembered) known_.clear();
  std::string& known = known_[genome::identity(controller.tree())];
  if (!known.empty()) return known;
  const Experiment& experiment = runner_->experiment();
  const genome::Program program = genome::compile(controller);
  std::vector<genome::BoundProgram> bound;
  for (const double beta : experiment.betas) bound.push_back(genome::bind(program, beta));
  std::vector<replay::EvaluationJob> jobs;
  for (const auto& each : bound)
    jobs.push_back({&each, 0, static_cast<std::size_t>(rungs(experiment).front())});
  const std::vector<const genome::Controller*> controllers(jobs.size(), &controller.tree());
  std::string done;
  for (const replay::Cell& cell : run_jobs(runner_->evaluator(), jobs, controllers, runner_->questions())) {
    for (const replay::QuestionSums& q : cell.questions)
      done += fmt::format("{} {} {}\n", q.right, q.tokens, q.latency_tokens);
  }
  return known = genome::base::sha1_hex(done);
}

Work BehaviourDigests::work_of_one() const {
  return {.controllers = 1, .episodes = runner_->episodes(rungs(runner_->experiment()).front())};
}

}  // namespace evo
