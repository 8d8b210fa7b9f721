// unsealed_environments.hpp: environments to look at controllers on, never those their own runs keep sealed.
// Why:      a held-out figure is worth something while it is known how often it was looked at. A look through
//           any other command than `evotts unseal` would be on no record.
// Use:      const auto environments = environments_for(controllers, arguments.environments);
// Promises: replay::open_environments, and a UsageError when one of them, or a question of it, is held out by
//           the run that one of the controllers was taken out of, or lies in as a file, opened before or
//           not. Whoever exports a controller can still score it on anything: that cannot be prevented, only
//           not done by accident.
// Threads:  reads the file system.
// Tests:    tests/experiments/commands/unseal_test.cpp
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/sources/controller_source.hpp"
#include "replay/environment/environment.hpp"

namespace experiments {

// Why a controller is not scored there, and what to do instead.
std::string held_out_refusal(std::string_view environment, std::string_view controller,
                             const std::string& run);

std::vector<replay::Environment> environments_for(std::span<const NamedController> controllers,
                                                  std::span<const std::string> specs);

}  // namespace experiments
