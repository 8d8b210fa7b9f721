// ranks.hpp: `run` and `resume` as one of several processes that mpirun started.
// Why:      rank 0 is the program as it always is; the others only evaluate what it hands out.
// Use:      return on_ranks(arguments, [&] { return run(argc, argv); });       // in main()
//           const RankSharing sharing(experiment, evaluator);                  // in a command
// Promises: without mpirun nothing of MPI is loaded, and everything here does nothing. A rank that fails
//           says which, on which host and why, and ends the whole job with a code that is not 0. SIGUSR1
//           ends no rank.
// Throws:   RankSharing: what cluster::Coordinator throws.
// Threads:  the main thread.
// Tests:    tests/cluster/mpirun_test.cpp
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "evo/experiment/experiment.hpp"
#include "replay/evaluation/evaluator.hpp"

namespace experiments {

// The exit code of the process. `program` is not called on ranks other than 0.
int on_ranks(const std::vector<std::string>& arguments, const std::function<int()>& program);

// Rank 0 is about to stop before the work is done, and no rank has failed: the others are told to end.
void end_ranks_in_order();

// Whether mpirun started this process.
bool is_under_mpirun();

// How many threads this process makes use of: what the command line asks for, or else its share of the cores.
// Rank 0 has those of all ranks on its host, since they wait while it works alone, but no more than it has
// cores; beside them, it evaluates with its own.
std::optional<std::string> threads_of_rank(const std::optional<std::string>& asked);

// While it lives, jobs on the evaluator are run by all ranks.
class RankSharing {
 public:
  RankSharing(const evo::Experiment& experiment, const replay::Evaluator& evaluator);
  ~RankSharing();
  RankSharing(const RankSharing&) = delete;
  RankSharing& operator=(const RankSharing&) = delete;

 private:
  struct Shared;
  std::unique_ptr<Shared> shared_;
};

// Run by other ranks so far: for progress.
std::uint64_t episodes_elsewhere();

}  // namespace experiments
