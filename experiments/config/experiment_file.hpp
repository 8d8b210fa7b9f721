// experiment_file.hpp: TOML text <-> evo::Experiment, and all that can be wrong with the text.
// Why:      an experiment runs for days; a key that was misspelt and silently ignored would waste them.
// Use:      evo::Experiment e = read_experiment("demo.toml", std::vector<std::string>{"seed=7"});
// The form: every key may be left out but environments.search; defaults are those of evo::Experiment.
//             name = "demo"
//             seed = 1
//             generations = 50
//             [environments]
//             search = ["${EVOTTS_SHARED}/replay/Qwen3-4B/aime24.json", "synthetic:seed=2"]
//             held_out = []            # environments that only `evotts unseal` opens
//             [evaluation]
//             betas = [0, 0.5, 1]
//             orderings = 20
//             first_ordering = 0
//             budget = "none"          # or the tokens an episode may spend
//             probe_cost = 0
//             [objective]
//             budget_low = 50000
//             budget_high = 500000
//             parsimony = 0.01
//             [population]
//             size = 60
//             children = 60
//             founders = "both"        # or "library", "random"
//             tournament = 3
//             [variation]
//             crossover = 0.4
//             constants = 0.5
//             most_mutations = 3
//             [model]                  # language models; without one, genetic operators alone
//             command = []             # short for one of kind "command", e.g. ["my-agent", "--print"]
//             share = 0.1              # and repairs, patience, budget, ... (experiment_keys.cpp, model_keys.cpp)
//             [[models]]               # any number, see model_keys.hpp
//           ${NAME} in a string is the environment variable, put in once; $${ stands for ${ itself.
//           A relative file of `search` or `held_out` is looked for in the current folder, then beside the experiment.
//           A setting "evaluation.orderings=50" overrides a key; its value is a TOML value, or else a bare
//           string.
// Promises: every problem of file and settings is told in one UsageError, with line and column; what is
//           returned is valid. parse_experiment(to_toml(e), ...) == e; equal experiments give equal texts.
// Threads:  pure functions; read_experiment reads the file and the process's environment.
// Tests:    tests/experiments/config/experiment_file_test.cpp
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "evo/experiment/experiment.hpp"

namespace experiments {

// The value of an environment variable, if it is set.
using VariableLookup = std::function<std::optional<std::string>(const std::string& name)>;

evo::Experiment read_experiment(const std::filesystem::path& path, std::span<const std::string> settings);

// The same from a text; `name` stands for it in messages.
evo::Experiment parse_experiment(std::string_view text, std::string_view name,
                                 std::span<const std::string> settings, const VariableLookup& variables);

// Every key with its value, variables replaced.
std::string to_toml(const evo::Experiment& experiment);

}  // namespace experiments
