// expectation_text.hpp: what a run expects of itself on new questions, and chose for its limits, in words.
// Why:      status, the end of a run and unseal say it in the same words.
// Use:      print(expected_line(state));  // "expected on new questions: +1.2 [-0.3, +2.7] over asc; …\n"
//           print(verdict_line(state));   // "nothing here beats asc so far\n"
//           print(limits_lines(state, experiment));   // "limits …\nkept by …\n"
// Promises: empty where nothing was estimated, or where there are no limits; verdict_line() is empty, too,
//           where the champion is recommended. Where the champion is a known controller itself, the line on
//           new questions says so in place of both. 0 has never a minus.
// Threads:  pure functions.
// Tests:    tests/experiments/commands/expected_gain_test.cpp,
//           tests/experiments/commands/service_level_test.cpp,
//           tests/experiments/session/expectation_text_test.cpp
#pragma once

#include <span>
#include <string>

#include "evo/experiment/experiment.hpp"
#include "evo/population/state.hpp"
#include "replay/environment/environment.hpp"

namespace experiments {

// Whether the champion is the best known controller. Nothing was compared then: figures of the gain would
// look like certainty.
bool is_known_itself(const evo::State& state);

std::string expected_line(const evo::State& state);
std::string verdict_line(const evo::State& state);

// "(plurality, surprisal were found on these questions and do not count)": what a gain is not over.
std::string uncounted_line(const evo::State& state, std::span<const replay::Environment> environments,
                           int edition);

// The limits of a service level, and who keeps them, or who is nearest.
std::string limits_lines(const evo::State& state, const evo::Experiment& experiment);

// How the choice for the limits keeps them on held-out environments.
std::string kept_lines(const evo::ServiceResult& seen, const evo::Limits& limits);

// What was seen of a claim: `seen` is on questions that the run never read.
std::string seen_line(const evo::ExpectedGain& seen, const std::string& against);

}  // namespace experiments
