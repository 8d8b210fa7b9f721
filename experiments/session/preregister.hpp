// preregister.hpp: `evotts run --preregister`: the statement of a run, made and published before its search.
// Why:      a statement binds if it is out of the house before the first figure is in it.
// Use:      expect_registrable(wish, experiment);                      // before any work
//           const std::string text = preregister(wish, material);      // before the founders are scored
// Promises: the file is on the disk, and its SHA-256 told, when preregister() returns. An existing file of
//           the same content stays as it is, so that a run that failed to start can be started again; another
//           content is a UsageError.
// Threads:  reads and writes the file system.
// Tests:    tests/experiments/commands/preregistration_test.cpp
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "evo/experiment/experiment.hpp"
#include "evo/git/run_repository.hpp"
#include "replay/environment/environment.hpp"

namespace experiments {

struct RegistrationWish {
  std::string file;                  // where the copy goes; empty: nothing is registered
  std::string claim;                 // in words
  std::vector<std::string> against;  // controllers as for `evotts eval`; none: the baselines
};

// What the statement is made of beside the wish.
struct RegistrationMaterial {
  const evo::Experiment& experiment;
  const std::string& toml;                        // experiment.toml
  std::span<const replay::Environment> searched;  // with reweighted variants
  const std::string& held_out;                    // held_out.json
  int generations = 0;                            // in all
  std::optional<double> minutes;
};

// What `evotts unseal` does where nothing else is asked of it.
inline constexpr std::size_t kUnsealOrderings = 100;

// UsageError where something is wished that cannot be registered.
void expect_registrable(const RegistrationWish& wish, const evo::Experiment& experiment);

// The content of preregistration.json; nothing where nothing is wished.
std::string preregister(const RegistrationWish& wish, const RegistrationMaterial& material);

// The statement that a replay takes over, so that it comes to the same trees: that of the run replayed,
// where it is true of this program and this experiment.
std::string statement_for_replay(const evo::RunRepository& replayed, const std::string& toml);

}  // namespace experiments
