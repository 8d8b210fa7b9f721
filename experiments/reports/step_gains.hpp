// step_gains.hpp: what each step of a lineage gained, in accuracy and in tokens, and how sure that is.
// Why:      thirty questions are few: of a chain of small gains many are luck; only a paired interval tells.
// Use:      const StepGains gains(at, lineage, line);
//           if (const StepGain* gain = gains.of(*born)) fmt::print("{:+.2f} [{:+.2f}, {:+.2f}]", ...);
// How:      a child and its first parent are run on the same questions and orderings of the experiment, at
//           all its betas. The gain is the mean difference over betas, orderings, questions and
//           environments; its interval the percentile bootstrap of that difference over questions, each
//           drawn with all its models (see replay/evaluation/intervals.hpp).
// Promises: every controller is run once, however many steps it is part of. A step whose two texts are not
//           both in the run has none. The same on any number of threads.
// Throws:   replay::InputError when an environment cannot be opened; evo::RunError when it has changed.
// Threads:  uses the threads of the calling TBB arena.
// Tests:    tests/experiments/commands/lineage_blame_test.cpp
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "evo/record/lineage.hpp"
#include "experiments/sources/run_source.hpp"
#include "replay/evaluation/evaluator.hpp"
#include "replay/evaluation/intervals.hpp"

namespace experiments {

// RunError unless the evaluator has the recorded environments of the run. `variants`: how many marks each has
// there, its reweighted ones included.
void expect_same_environments(const RunAt& at, const replay::Evaluator& evaluator, std::size_t variants);

struct StepGain {
  double accuracy = 0;  // points, child less parent
  replay::Interval accuracy_interval;
  double tokens_percent = 0;  // of an episode, relative to the parent
  replay::Interval tokens_interval;
};

class StepGains {
 public:
  StepGains(const RunAt& at, const evo::Lineage& lineage, std::span<const evo::Born* const> steps);

  const StepGain* of(const evo::Born& born) const;  // null when it has none

 private:
  std::map<std::string, StepGain> gains_;  // by id of the child
};

}  // namespace experiments
