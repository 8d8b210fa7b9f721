// verification_result.hpp: what was found when a run was verified.
// Why:      the checks fill it in piece by piece, so none of them can own it.
// Use:      for (const Problem& each : verify(run).problems) ...
// Promises: no problems means that all that was looked at is whole.
// Threads:  a value.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace evo {

struct Problem {
  std::string place;  // "generation 12 best.ctl", ".git/objects/pack/pack-0.pack", ...
  std::string text;
};

struct Verification {
  std::size_t packs = 0, objects = 0;
  std::size_t generations = 0;  // commits of generations that were looked at
  std::size_t births = 0;
  std::size_t texts = 0;  // different controllers that were parsed and checked
  std::vector<Problem> problems;
  std::vector<std::string> notes;  // no damage, but worth knowing
  std::optional<int> newest;       // generation of the newest commit that could be read
  bool can_resume = false;         // from the newest commit, as it stands
  std::size_t absent = 0;          // objects that are not in this clone, which is partial
  bool complete = true;            // nothing is elsewhere
  std::string unjudged;            // why nothing can be said, where the objects are borrowed and are gone
  std::filesystem::path git;       // the folder of the repository
  bool branch_lost = false;        // nothing can be read from main on
  // The newest generation that is whole with all its history, so that it can be forked; and its commit.
  std::optional<int> newest_whole;
  std::string newest_whole_commit;
  bool whole_before = false;  // nothing is wrong with the generations before it either
};

}  // namespace evo
