// generations.hpp: which commit of a run holds which generation.
// Why:      people name a generation, git names a commit; forks put commits between generations, so the one
//           cannot be counted from the other.
// Use:      const std::string commit = commit_of_generation(repository, 12);
//           GenerationIndex index(repository);                // for many look-ups
//           index.commit_of(12);
// Promises: the history is walked once, from the newest commit of main back, and no further than asked: what
//           is behind a damaged commit is missed only by who asks for it. Of two commits of one generation
//           the newer counts. One whose message was replaced is known by its checkpoint, when no message
//           names the generation. RunError when there is none.
// Threads:  one thread at a time; the repository must outlive the index.
// Tests:    tests/evo/git/run_repository_test.cpp
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "evo/git/run_repository.hpp"

namespace evo {

class GenerationIndex {
 public:
  explicit GenerationIndex(const RunRepository& repository) : repository_(&repository) {}

  std::string commit_of(std::uint64_t generation);

 private:
  std::optional<std::string> unnamed(std::uint64_t generation) const;

  const RunRepository* repository_;
  std::map<std::string, std::string> commits_;  // by generation, as its trailer has it
  std::string newest_, oldest_;                 // generations seen so far
  std::string next_;                            // the commit to look at next; empty at first: that of main
  std::vector<CommitInfo> unnamed_;             // their messages tell nothing
  bool at_end_ = false;
};

// The generation that this commit made, whatever its message says: its checkpoint is of one that the commit
// before had not reached. Nothing when there is none.
// Whether the commit, whose message does not say so, changed the settings of the generation before it, as a
// fork does.
bool is_unnamed_fork(const RunRepository& repository, const CommitInfo& commit);

std::optional<int> generation_made_in(const RunRepository& repository, const CommitInfo& commit);

std::string commit_of_generation(const RunRepository& repository, std::uint64_t generation);

}  // namespace evo
