// jobs.hpp: jobs of known controllers, as a search asks for them.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "evo/sharing/job_runner.hpp"
#include "genome/program/compiler.hpp"
#include "genome/text/checker.hpp"
#include "genome/text/known_controllers.hpp"
#include "replay/sources/synthetic.hpp"

namespace cluster {

// All known controllers that need no signal, at some betas, over some orderings.
class Jobs {
 public:
  Jobs(const std::vector<double>& betas, std::size_t first, std::size_t count) {
    for (const genome::KnownController& known : genome::known_controllers()) {
      controllers_.push_back(
          std::make_unique<genome::CheckedController>(*genome::check_text(known.text).controller));
      programs_.push_back(std::make_unique<genome::Program>(genome::compile(*controllers_.back())));
      if (!programs_.back()->signals.empty()) continue;
      for (const double beta : betas) {
        bound_.push_back(std::make_unique<genome::BoundProgram>(genome::bind(*programs_.back(), beta)));
        jobs_.push_back({bound_.back().get(), first, count});
        of_jobs_.push_back(&controllers_.back()->tree());
      }
    }
  }
  const std::vector<replay::EvaluationJob>& jobs() const { return jobs_; }
  evo::Controllers controllers() const { return of_jobs_; }

 private:
  std::vector<std::unique_ptr<genome::CheckedController>> controllers_;
  std::vector<std::unique_ptr<genome::Program>> programs_;
  std::vector<std::unique_ptr<genome::BoundProgram>> bound_;
  std::vector<replay::EvaluationJob> jobs_;
  std::vector<const genome::Controller*> of_jobs_;
};

inline replay::Evaluator made_evaluator() {
  return replay::Evaluator({replay::make_synthetic({.seed = 1, .questions = 5, .branches = 24}),
                            replay::make_synthetic({.seed = 2, .questions = 3, .branches = 20})},
                           {.orderings = 6});
}

// Two of five questions, and one of three.
inline replay::QuestionSet some_questions() { return {{0, {1, 4}}, {1, {2}}}; }

}  // namespace cluster
