// founders.hpp: the first generation.
// Why:      a search starts from what is known, from chance, or from both, as the experiment says.
// Use:      std::vector<Proposal> first = founders(experiment);
// Promises: as many as the population holds, all different; depends on the arguments alone. With the
//           library, its controllers come first; the places left are filled with mutants of them (library),
//           typed random controllers (random), or half of each (both). Operators that are off make none.
//           Where new parts read whole branches alone, so do founders: of the library, those that need no
//           looks into branches. Those that the experiment gives come before all, and may be changed as the
//           library's are.
//           A population too small for the library takes those from `first_known` on, the first after the
//           last: the islands of a run together have each of them, as far as their places go.
//           Controllers and parts are those of the experiment's edition and before.
// Throws:   RunError when hundreds of tries in a row make no other.
// Threads:  pure function.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "evo/experiment/experiment.hpp"
#include "evo/proposal/proposer.hpp"
#include "genome/material/quantities.hpp"

namespace evo {

// A controller as the experiment wants them: with tables for schedules where variation.beta_tables says
// so; nothing where that cannot be.
std::optional<genome::CheckedController> in_form(const genome::CheckedController& controller,
                                                 const Experiment& experiment);

// What new parts of its controllers are drawn from.
genome::Material material_of(const Experiment& experiment, std::span<const genome::RecordedSignal> signals);

// Whether a controller of the library is a founder: it looks at no other signals, and into no branches where
// the experiment has whole samples.
bool is_founder(const genome::Controller& known, const Experiment& experiment,
                std::span<const genome::RecordedSignal> signals);

// Whether it looks at no other signals.
bool needs_only(const genome::Controller& controller, std::span<const genome::RecordedSignal> signals);

// `signals`: those that all environments record. Founders look at no others.
std::vector<Proposal> founders(const Experiment& experiment,
                               std::span<const genome::RecordedSignal> signals = {},
                               std::size_t first_known = 0);

}  // namespace evo
