// commands.hpp: the commands of `evotts`, a function for each group of them.
// Why:      CLI11 is a heavy header and the groups have nothing in common, so each is one file that adds
//           its subcommands; main.cpp only puts them together and turns failures into exit codes.
// Use:      Action action;
//           add_text_commands(app, action);
//           app.parse(argc, argv);     // sets `action` when one of these commands was named
//           return action();
// Promises: adding commands does nothing else, and parsing only fills in values; all work is done by the
//           action, which returns the exit code (kGood, or kBadInput when it has told why itself) or
//           throws: UsageError, replay::InputError and evo::RunError for what the user can put right,
//           anything else when the work failed.
// Threads:  one thread; commands that evaluate use as many as their --threads says.
// Tests:    tests/experiments/commands/command_line_test.cpp
#pragma once

#include <functional>

#include "experiments/console/exit_codes.hpp"

namespace CLI {
class App;
}

namespace experiments {

// What is to be done once the whole command line is known to be well formed.
using Action = std::function<int()>;

// What the program is called, and what it says of itself.
void describe_program(CLI::App& app);

void add_all_commands(CLI::App& app, Action& action);

void add_text_commands(CLI::App& app, Action& action);          // check, fmt, list
void add_eval_command(CLI::App& app, Action& action);           // eval
void add_trace_command(CLI::App& app, Action& action);          // trace
void add_diagnose_command(CLI::App& app, Action& action);       // diagnose
void add_compare_command(CLI::App& app, Action& action);        // compare
void add_curve_command(CLI::App& app, Action& action);          // curve
void add_diff_command(CLI::App& app, Action& action);           // diff
void add_environment_commands(CLI::App& app, Action& action);   // env and all below it
void add_environment_check(CLI::App& env, Action& action);      // env check
void add_environment_convert(CLI::App& env, Action& action);    // env convert
void add_environment_regrade(CLI::App& env, Action& action);    // env regrade
void add_environment_import(CLI::App& env, Action& action);     // env import and all below it
void add_import_of_episodes(CLI::App& import, Action& action);  // env import episodes
void add_new_command(CLI::App& app, Action& action);            // new
void add_run_commands(CLI::App& app, Action& action);           // run, resume
void add_prompt_command(CLI::App& app, Action& action);         // prompt
void add_keys_command(CLI::App& app, Action& action);           // keys
void add_language_command(CLI::App& app, Action& action);       // language
void add_help_commands(CLI::App& app, Action& action);          // help, man, completion
void add_fork_command(CLI::App& app, Action& action);           // fork
void add_unseal_command(CLI::App& app, Action& action);         // unseal
void add_verify_command(CLI::App& app, Action& action);         // verify
void add_lineage_commands(CLI::App& app, Action& action);       // lineage, blame
void add_history_commands(CLI::App& app, Action& action);       // status, export
void add_log_command(CLI::App& app, Action& action);            // log
void add_report_command(CLI::App& app, Action& action);         // report
void add_watch_command(CLI::App& app, Action& action);          // watch
void add_plot_commands(CLI::App& app, Action& action);          // plot and all below it
void add_upstream_command(CLI::App& app, Action& action);       // upstream
void add_collect_command(CLI::App& app, Action& action);        // collect
void add_serve_command(CLI::App& app, Action& action);          // serve
void add_audit_command(CLI::App& app, Action& action);          // audit
void add_mcp_command(CLI::App& app, Action& action);            // mcp
void add_inbox_command(CLI::App& app, Action& action);          // inbox

}  // namespace experiments
