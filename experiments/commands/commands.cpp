#include "experiments/commands/commands.hpp"

#include <CLI/CLI.hpp>

#include "evo/base/program_version.hpp"

namespace experiments {

void describe_program(CLI::App& app) {
  app.name("evotts");
  app.description("Evolves controllers of test-time scaling on recorded reasoning branches.");
  app.set_version_flag("--version", evo::program_version(),
                       "Print the version and the commit it was built from, and exit");
  app.footer(
      "Exit codes: 0 good, 1 the work failed, 2 bad usage or bad input.\n\n"
      "Example: evotts eval cmc sc --env synthetic:seed=3");
  app.require_subcommand(0, 1);  // no more, so that arguments of one may be named like others
}

void add_all_commands(CLI::App& app, Action& action) {
  add_new_command(app, action);
  add_run_commands(app, action);
  add_history_commands(app, action);
  add_log_command(app, action);
  add_report_command(app, action);
  add_watch_command(app, action);
  add_plot_commands(app, action);
  add_prompt_command(app, action);
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
  add_upstream_command(app, action);
  add_collect_command(app, action);
  add_serve_command(app, action);
  add_audit_command(app, action);
  add_mcp_command(app, action);
  add_inbox_command(app, action);
  add_language_command(app, action);
  add_help_commands(app, action);
}

}  // namespace experiments
