// The commands that make an environment of what others have: env import, with a command for each form.
#include <CLI/CLI.hpp>

#include "experiments/commands/commands.hpp"
#include "experiments/commands/environment/sample_imports.hpp"

namespace experiments {

void add_environment_import(CLI::App& env, Action& action) {
  CLI::App* const import = env.add_subcommand("import", "Make an environment of what was recorded elsewhere");
  import->require_subcommand(0, 1);
  import->footer(R"(docs/import.md tells what is read of each format, and what cannot be.

Example: evotts env import auto samples.jsonl.zst --extract boxed -o samples.json)");
  add_imports_of_samples(*import, action);
  add_import_of_episodes(*import, action);
}

}  // namespace experiments
