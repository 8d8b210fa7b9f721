// outcomes.hpp: what became of the proposals of language models.
// Why:      a model is told what its ideas came to, and which model is asked depends on what they gained.
// Use:      proposer.learn(outcomes_of(proposals, born, after));
// Promises: one outcome for each proposal that came from an exchange, in their order. A child counts as a
//           duplicate when it was born already (its text lives or is on the frontier, or an earlier proposal
//           has it), or when it was found to act exactly as a living one does (evo/proposal/duplicates.hpp).
// Threads:  pure function.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "evo/population/state.hpp"
#include "evo/proposal/proposer.hpp"

namespace evo {

std::vector<ProposalOutcome> outcomes_of(std::span<const std::optional<Proposal>> proposals,
                                         std::span<const Individual> born, const State& after);

}  // namespace evo
