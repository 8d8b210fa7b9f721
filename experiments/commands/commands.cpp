#include "experiments/commands/commands.hpp"

namespace experiments {

void add_all_commands(CLI::App& app, Action& action) {
  add_run_commands(app, action);
  add_history_commands(app, action);
  add_log_command(app, action);
  add_keys_command(app, action);
  add_fork_command(app, action);
  add_verify_command(app, action);
  add_unseal_command(app, action);
  add_lineage_commands(app, action);
  add_eval_command(app, action);
  add_trace_command(app, action);
  add_diagnose_command(app, action);
  add_compare_command(app, action);
  add_curve_command(app, action);
  add_diff_command(app, action);
  add_text_commands(app, action);
  add_environment_commands(app, action);
}

}  // namespace experiments
