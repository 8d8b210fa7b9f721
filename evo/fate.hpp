// fate.hpp: what became of the proposals of language models.
// Why:      a model is told what its ideas came to, and which model is asked depends on what its ideas
// gained. Use:      proposer.learn(fates_of(proposals, before, born, after)); Promises: one fate for each
// proposal that came from an exchange, in their order. A child counts as a
//           duplicate when it was born already (its text lives or is on the frontier, or an earlier proposal
//           has it), or when it was scored completely and did in every setting and environment exactly what a
//           living one did.
// Threads:  pure function.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "evo/proposer.hpp"
#include "evo/state.hpp"

namespace evo {

std::vector<Fate> fates_of(std::span<const std::optional<Proposal>> proposals, const State& before,
                           std::span<const Individual> born, const State& after);

}  // namespace evo
