// experiment_file.hpp: TOML text <-> evo::Experiment, and all that can be wrong with the text.
// Why:      an experiment runs for days; a key that was misspelt and silently ignored would waste them.
// Use:      evo::Experiment e = read_experiment("demo.toml", std::vector<std::string>{"seed=7"}, report);
// The form: `evotts keys` lists every key with its values, default and meaning. Only environments.search
//           must be given.
//             base = "../demo.toml"    # all keys that are not given here are taken from there
//             seed = 2
//             [environments]
//             search = ["${EVOTTS_SHARED}/replay/Qwen3-4B/aime24.json", "synthetic:seed=2"]
//             [[models]]               # any number, see model_keys.hpp
//           ${NAME} in a string is the environment variable, put in once; $${ stands for ${ itself.
//           `base` is looked for beside its file. Other relative files are looked for in the current folder,
//           then beside the file that names them.
//           A setting "evaluation.orderings=50" overrides a key; its value is a TOML value, or else a bare
//           string.
//           Names that keys had before are read as well.
// Promises: one UsageError reports every problem of files and settings, with line and column; what is
//           returned is valid. parse_experiment(to_toml(e), ...) == e; equal experiments give equal texts.
//           No value of a variable that `approval` did not let pass is in a message, or in the name of a
//           file that was looked for.
//           `notice` is called once at most, with one line that names all old names given and the new ones.
// Threads:  pure functions; read_experiment reads files and the process's environment.
// Tests:    tests/experiments/config/experiment_file_test.cpp, tests/experiments/config/base_test.cpp,
//           tests/experiments/config/old_names_test.cpp
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "evo/experiment/experiment.hpp"
#include "experiments/config/key_collector.hpp"

namespace experiments {

using Notice = std::function<void(const std::string& line)>;

// Told what was put in before anything is done with it; what it throws ends the reading. The experiment is
// not there yet when it is about a base, or about a file with problems.
using Approval = std::function<void(const Expansions& expansions, const evo::Experiment* experiment)>;

// Whether environments are to be opened next, so that a missing one is a problem of the key that names it.
enum class EnvironmentFiles : std::uint8_t { kAsNamed, kThere };

std::optional<std::string> process_variable(const std::string& name);

evo::Experiment read_experiment(const std::filesystem::path& path, std::span<const std::string> settings,
                                const Notice& notice = {}, const VariableLookup& variables = process_variable,
                                const Approval& approval = {},
                                EnvironmentFiles environments = EnvironmentFiles::kAsNamed);

// The same from a text that has no base; `name` stands for it in messages.
evo::Experiment parse_experiment(std::string_view text, std::string_view name,
                                 std::span<const std::string> settings, const VariableLookup& variables);

// The experiment.toml of a run, which holds no variables. `notice` is about the settings alone.
evo::Experiment parse_run_experiment(std::string_view text, std::string_view run,
                                     std::span<const std::string> settings = {}, const Notice& notice = {});

// Every key with its value, variables replaced.
std::string to_toml(const evo::Experiment& experiment);

}  // namespace experiments
