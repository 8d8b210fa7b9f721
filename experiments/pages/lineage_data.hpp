// lineage_data.hpp: the steps by which the champion and the frontier of a run came to be, as data of a page.
// Why:      of the births of a run most came to nothing; those that lasted are what a reader asks about.
// Use:      const Lasting lasting = lasting_of(lineage, state);
//           data["lineage"] = lineage_json(lineage, lasting, ideas);
// Promises: the lines of first parents of the champion, of what is recommended and of each controller on the
//           frontier, and the other parents of their steps; at most kMostSteps of them, the champion's first.
//           Each line of all their texts is there once, and a text is a list of numbers of lines, so that a
//           history of thousands of steps stays small. Gains are those of the scores of birth. What a step
//           changed is told of the first kMostChanges, as telling two controllers apart takes milliseconds;
//           the texts of all are there to be compared line by line.
// Threads:  one thread, as the lineage; uses those of the calling TBB arena.
// Tests:    tests/experiments/pages/report_test.cpp
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "evo/population/state.hpp"
#include "evo/record/lineage.hpp"
#include "experiments/pages/page_json.hpp"
#include "experiments/reports/lineage_ideas.hpp"

namespace experiments {

inline constexpr std::size_t kMostSteps = 4000, kMostChanges = 100;

struct Lasting {
  struct Target {
    std::string what;  // "champion", "best", "frontier"
    std::vector<const evo::Born*> line;
  };
  std::vector<Target> targets;
  std::size_t left_out = 0;  // lines of the frontier that were too many

  std::set<std::string> ids() const;  // of the steps
};

Lasting lasting_of(const evo::Lineage& lineage, const evo::State& state);

PageJson lineage_json(const evo::Lineage& lineage, const Lasting& lasting, const LineageIdeas& ideas);

}  // namespace experiments
