// The commands that make an environment of what others have: env import, with a command for each form.
#include <CLI/CLI.hpp>

#include "experiments/commands/commands.hpp"

namespace experiments {

void add_environment_import(CLI::App& env, Action& action) {
  CLI::App* const import = env.add_subcommand("import", "Make an environment of what was recorded elsewhere");
  import->require_subcommand(0, 1);
  import->footer("Example: evotts env import episodes served.jsonl --gold answers.csv -o served.json");
  add_import_of_episodes(*import, action);
}

}  // namespace experiments
