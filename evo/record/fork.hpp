// fork.hpp: a run that starts where another stood, under an experiment that may be another.
// Why:      "what if the seed, the budget, the objective had been different from here on" is asked of a run
//           that took days, so its history must be shared and what changed must be on record.
// Use:      RunRepository fork =
//               fork_run(source, {.revision = commit, .toml = text, .changes = {...}}, "runs/b");
// How:      the new run has the old one's commits up to the revision. If nothing of the experiment changed
//           that is all. Otherwise one commit more, which is no generation, replaces experiment.toml and ties
//           the checkpoint to it; its message lists each changed key with both values, and `Fork-Point:`
//           names the commit forked from.
// Scores:   a change of environments, evaluation or objective makes old scores incomparable. The population
//           and the archive are then scored anew (see rescoring.hpp) by the scorer given; what lineage/
//           recorded at births stays as it was.
// Islands:  where their number changes, those who live are dealt to the new ones by turns, the fittest first.
// Halves:   the searches on half of the questions come along where scores, seed and islands stay; otherwise
//           new ones are made in the next generation (evo/expectation/cross_fitting.hpp).
// Promises: the branch `unsealed` comes along, so looks at held-out environments stay counted; so do replies
//           of models beyond the revision, which the fork need not pay for again. The source is only read.
//           The same fork gives the same trees.
// Threads:  one thread; rescoring uses the threads of the calling TBB arena.
// Tests:    tests/experiments/commands/fork_test.cpp
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "evo/git/run_repository.hpp"
#include "evo/scoring/scorer.hpp"

namespace evo {

struct ChangedKey {
  std::string key;  // "evaluation.orderings"
  std::string from, to;
};

struct ForkRequest {
  std::string revision;                          // a commit id of the source
  std::string toml;                              // the new experiment.toml
  std::vector<ChangedKey> changes;               // none: a plain copy of the history
  std::string held_out;                          // a new held_out.json, if one is added
  Scorer* scorer = nullptr;                      // of the new experiment; null when all scores still hold
  std::map<std::string, std::string> inherited;  // exchanges beyond the revision (see inherited_journal.hpp)
};

RunRepository fork_run(const RunRepository& source, const Experiment& experiment, const ForkRequest& request,
                       const std::filesystem::path& path);

// "seed 1 -> 2, evaluation.orderings 20 -> 50"
std::string shown_changes(const std::vector<ChangedKey>& changes);

}  // namespace evo
