// The commands that look at runs: status, export.
#include <CLI/CLI.hpp>
#include <filesystem>
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "evo/base/error.hpp"
#include "evo/base/layout.hpp"
#include "evo/preregistration/registration.hpp"
#include "evo/record/run_files.hpp"
#include "experiments/commands/commands.hpp"
#include "experiments/config/experiment_file.hpp"
#include "experiments/config/model_keys.hpp"
#include "experiments/console/options.hpp"
#include "experiments/console/output_file.hpp"
#include "experiments/console/table.hpp"
#include "experiments/console/text_file.hpp"
#include "experiments/console/usage_error.hpp"
#include "experiments/reports/spending_report.hpp"
#include "experiments/session/model_session.hpp"
#include "experiments/sources/run_source.hpp"
#include "experiments/tables/status_lines.hpp"
#include "experiments/tables/status_tables.hpp"
#include "genome/base/digest.hpp"
#include "genome/base/file.hpp"
#include "genome/base/json.hpp"
#include "genome/base/text.hpp"

namespace experiments {
namespace {

// ---- status

// What was stated before the search. Whatever is wrong with it, the rest may be looked at.
void add_registration(nlohmann::ordered_json& json, const RunAt& at) {
  try {
    const auto registration = evo::registration_of(at.repository, at.revision);
    if (!registration) return;
    json["preregistration"] = {{"sha256", registration->digest},
                               {"commit", registration->commit},
                               {"time", registration->time},
                               {"claim", registration->statement.claim},
                               {"forks", registration->forks.size()}};
  } catch (const evo::RunError& error) {
    json["preregistration"] = {{"error", error.what()}};
  }
}

// What was asked for, also while nobody is chosen.
void add_limits(nlohmann::ordered_json& json, const evo::Experiment& experiment) {
  const evo::Limits& limits = experiment.limits;
  if (!limits.any()) return;
  nlohmann::ordered_json asked;
  const auto add = [&](const char* name, const std::optional<double>& limit) {
    if (limit) asked[name] = *limit;
  };
  add("tokens", limits.tokens);
  add("latency_p95", limits.latency_p95);
  add("accuracy", limits.accuracy);
  if (!json.contains("limits")) json["limits"] = {{"keeps", false}, {"id", nullptr}};
  json["limits"]["asked"] = asked;
}

// generation.json, and what was spent on models where any were asked.
std::string status_json(const RunAt& at, const evo::State& state) {
  const std::string text = at.repository.read(evo::kGenerationFile, at.revision).value_or("{}");
  auto json = genome::base::read_json<nlohmann::ordered_json>(text);
  if (!json.is_object()) {
    const std::string beyond = genome::base::beyond_json_limits(text);
    throw evo::RunError(fmt::format("{}: {}: {}", genome::base::visible(at.repository.path().string()),
                                    evo::kGenerationFile, beyond.empty() ? "it is no JSON object" : beyond));
  }
  const evo::Experiment experiment = experiment_in(at);
  json["budgets"] = {{"low", experiment.budget_low},
                     {"high", experiment.budget_high},
                     {"unit", evo::unit_of(experiment.charge)}};
  add_limits(json, experiment);
  if (!state.memory.empty() || asks_models(experiment)) {
    json["models"] = spending_json(experiment, state.memory, lost_calls(at.repository));
    const auto [replies, money] = replies_waiting(at.repository);
    json["models"]["replies_waiting"] = {{"count", replies}, {"money", money}};
  }
  add_registration(json, at);
  return json.dump(2) + "\n";
}

int run_status(const std::string& spec, const std::string& format_text) {
  const Format format = format_of(format_text);
  const RunAt at = open_run(spec);
  const evo::State state = evo::state_in(at.repository, at.revision);
  if (format == Format::kJson) {
    print(status_json(at, state));
    return kGood;
  }
  if (format == Format::kCsv) {
    print(frontier_table(state, 40).text(format));
    return kGood;
  }
  const evo::Experiment experiment = experiment_in(at);
  std::string out = status_lines(at, state, experiment) + "\n";
  out += fmt::format("best, mean over {} environments\n{}", state.environments.size(),
                     curve_table(state.recommendation(), state.charge).text(Format::kTable));
  out += fmt::format("\nfrontier of all generations\n{}",
                     frontier_table(state, genome::base::kShortIdDigits).text(Format::kTable));
  if (state.islands.size() > 1) out += fmt::format("\nislands\n{}", island_table(state).text(Format::kTable));
  if (!state.memory.empty())
    out += fmt::format("\nmodels\n{}", spending_table(experiment, state.memory).text(Format::kTable));
  print(out);
  return kGood;
}

// ---- export

int run_export(const InRun& named, const std::string& file, bool force) {
  const NamedText found = text_in(open_run(named.run), named.id);
  if (file == kStandardStream) {
    print_exactly(found.text);
    return kGood;
  }
  const bool to_stream = genome::base::is_stream(file);
  if (!force && !to_stream && std::filesystem::exists(file))
    throw UsageError(
        fmt::format("-o {}: exists already; add --force to replace it", genome::base::visible(file)));
  if (!to_stream) expect_folder_of(file);
  genome::base::write_durably(file, found.text);
  if (!to_stream)
    print(fmt::format("wrote {} to {}\n", genome::base::short_id(found.id), genome::base::visible(file)));
  return kGood;
}

struct Arguments {
  std::string run, file = std::string(kStandardStream);
  std::optional<std::string> id;
  std::string format = "table";
  bool force = false;
};

}  // namespace

void add_history_commands(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* const status =
      app.add_subcommand("status", "Show where a run stands: its best controller and its frontier");
  status->add_option("RUN", arguments->run, "The folder of a run, or RUN@GENERATION")->required();
  add_format_option(*status, arguments->format);
  status->footer(R"(csv gives the frontier, json the whole of generation.json, the budgets, the spending on
models and what was preregistered. A run may be looked at while it is written.

Example: evotts status runs/first@10)");
  status->callback([arguments, &action] {
    action = [arguments] { return run_status(arguments->run, arguments->format); };
  });

  CLI::App* const take = app.add_subcommand("export", "Take a controller out of a run");
  take->add_option("RUN", arguments->run,
                   "The folder of a run, or RUN@GENERATION; with :ID behind it, the controller too")
      ->required();
  take->add_option("ID", arguments->id,
                   "Which individual: best, champion, limits, or the beginning of its identity")
      ->default_str("best");
  take->add_option("-o,--out", arguments->file, "Where to write it; - is standard output")
      ->type_name("FILE")
      ->capture_default_str();
  take->add_flag("--force", arguments->force, "Replace the file if it exists");
  take->footer("Example: evotts export runs/first:best -o winner.ctl");
  take->callback([arguments, &action] {
    action = [arguments] {
      return run_export(controller_in_run(arguments->run, arguments->id), arguments->file, arguments->force);
    };
  });
}

}  // namespace experiments
