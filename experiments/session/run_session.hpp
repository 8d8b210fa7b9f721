// run_session.hpp: `run` and `resume` after the command line is read: steps, progress, stopping.
// Why:      both go on until the same things end them, and tell the same.
// Use:      return go_on(run, experiment, evaluator, {.generations = 50, .minutes = 10});
// Promises: returns at a whole generation: when the run has `generations` in all, when the champion stands
//           for `stale` generations, when the time is up, or after SIGINT or SIGTERM (the caller keeps a
//           StopSignals), saying how to go on. A generation that is still under way some seconds after its
//           time is given up, and so is waiting for a model. Wall-clock figures go to RUN/run.log, which git
//           does not track.
// Threads:  one thread.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "evo/experiment/experiment.hpp"
#include "evo/proposal/proposer.hpp"
#include "evo/run/run.hpp"
#include "experiments/progress/until.hpp"
#include "experiments/session/model_session.hpp"

namespace experiments {

// Puts the whole path of the model's program into the experiment, looked for as the shell does and, when it
// is relative, where the run was started too. UsageError when there is none that may be executed.
void find_model(evo::Experiment& experiment, const std::filesystem::path& run);

// `good`, when given, is asked after each generation; the run ends with kWorkFailed once it says no. The exit
// code: kWorkFailed too when models were asked and none ever replied, unless the experiment says it may be
// so.
int go_on(evo::Run& run, const evo::Experiment& experiment, const replay::Evaluator& evaluator,
          const Until& until, const std::function<bool(const evo::Run&)>& good = {});

}  // namespace experiments
