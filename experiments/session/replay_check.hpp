// replay_check.hpp: whether a run repeats another one, generation by generation.
// Why:      a replay is worth something only if whatever came out otherwise is noticed at once.
// Use:      const ReplayCheck check(replayed);
//           if (!check.repeats(run)) return kWorkFailed;
// Promises: equal are the experiments, whatever names their keys have, all files of the generation, and
//           all that the checkpoints say. Texts of experiments and bytes of checkpoints may differ between
//           programs: they are read and compared by content. Of a run that another C library computed, last
//           digits may differ and the frontier is not compared. Generations that the other run did not reach
//           are not compared.
// Threads:  one thread.
// Tests:    tests/experiments/commands/golden_runs_test.cpp
#pragma once

#include <map>
#include <string>

#include "evo/git/commit_info.hpp"
#include "evo/git/run_repository.hpp"
#include "evo/run/run.hpp"

namespace experiments {

class ReplayCheck {
 public:
  // The repository must outlive the check.
  explicit ReplayCheck(const evo::RunRepository& replayed);

  // Whether a program with exact means made that generation; true of one that is not there.
  bool is_exact(int generation) const;

  // Whether the newest generation of the run is what it was; says what differs when it is not.
  bool repeats(const evo::Run& run) const;

 private:
  // What differs between the newest generation and that commit; empty when nothing does.
  std::string difference(const evo::Run& run, const evo::CommitInfo& there) const;

  const evo::RunRepository* replayed_;
  std::map<std::string, evo::CommitInfo> commits_;  // by generation
};

}  // namespace experiments
