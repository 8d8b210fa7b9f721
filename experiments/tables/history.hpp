// history.hpp: the commits of a run in numbers, oldest first, and the table that they are listed in.
// Why:      the list of generations, the page of a run and its figures tell of the same commits in the same
//           numbers.
// Use:      print(history_table(history_of(open_run("runs/first"))).text(Format::kTable));
// Promises: the first commit of a run is the first entry; forks are entries without a generation. A gain is
//           over the entry before, and missing where scores were made anew.
// Threads:  reads the file system, otherwise pure.
// Tests:    tests/experiments/commands/run_resume_test.cpp, tests/experiments/commands/fork_test.cpp
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "evo/git/commit_info.hpp"
#include "evo/record/trailers.hpp"
#include "experiments/console/table.hpp"
#include "experiments/sources/run_source.hpp"

namespace experiments {

// One commit of main, in numbers.
struct HistoryEntry {
  evo::CommitInfo commit;
  std::optional<double> generation, best;
  std::optional<double> gain;                // of the best over the commit before
  std::optional<evo::IslandFigures> island;  // the one that was asked for, of which best and gain are then

  bool is_fork() const { return evo::has(commit, evo::Trailer::kForkPoint); }
  std::optional<double> value(evo::Trailer trailer) const { return evo::number_in(commit, trailer); }
  std::string headline() const;
  std::string best_id() const;  // shortened; empty where none is told
};

// The part of a history that can be read: from the newest commit back to the first that cannot.
struct ReadableHistory {
  std::vector<HistoryEntry> entries;  // oldest first
  std::string missing;                // what is not among them, and why; empty: nothing
};
ReadableHistory readable_history_of(const RunAt& at);

// Oldest first; of one island, where one is asked for.
std::vector<HistoryEntry> history_of(const RunAt& at, std::optional<int> island = {});

// A number with so many digits behind the point, or nothing.
Cell number_cell(std::optional<double> value, int digits);

Table history_table(const std::vector<HistoryEntry>& entries);

}  // namespace experiments
