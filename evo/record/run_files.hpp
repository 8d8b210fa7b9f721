// run_files.hpp: how a state looks as the files of a run, and the other way round.
// Why:      a run is read with git and a text editor, so each file has one plain purpose.
// Use:      RunRepository::Changes changes = files_after(step, nullptr, experiment);
//           State state = state_in(repository, {});
// Promises: files depend on the step and the experiment alone (no clock, no host), and only what changed
//           since `before` is written.
// Threads:  pure functions of their arguments.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "evo/base/layout.hpp"
#include "evo/experiment/experiment.hpp"
#include "evo/git/run_repository.hpp"
#include "evo/population/archive.hpp"
#include "evo/record/trailers.hpp"
#include "evo/search/step.hpp"

namespace evo {

// The files that a generation adds, replaces and removes. `before` is null for the first.
RunRepository::Changes files_after(const Step& step, const State* before, const Experiment& experiment);

// What the commit says: a line for people, trailers for machines.
std::string commit_message(const Step& step, const State* before, const Experiment& experiment);

// The state recorded at a revision (empty: the newest).
State state_in(const RunRepository& repository, std::string_view revision);

// What generation.json says beside the state: births of the generation, new points of the frontier, the
// hypervolume, which depends on the experiment's budgets, and births by island.
struct GenerationFigures {
  std::size_t born = 0;
  int frontier_new = 0;
  double hypervolume = 0;
  std::vector<std::size_t> born_on;
};
std::string summary_json(const State& state, const GenerationFigures& made);

// The trailers of its commit, in their order.
TrailerValues generation_trailers(const State& state, const GenerationFigures& made);

// The content of frontier.csv.
std::string frontier_csv(const Archive& archive, const Charge& charge = {});

}  // namespace evo
