#include "experiments/session/model_session.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fmt/format.h>
#include <sstream>
#include <unistd.h>
#include <utility>

#include "evo/experiment/islands.hpp"
#include "evo/locks/run_lock.hpp"
#include "evo/objective/objective.hpp"
#include "evo/objective/service_level.hpp"
#include "evo/proposal/genetic_proposer.hpp"
#include "evo/record/run_files.hpp"
#include "experiments/config/model_keys.hpp"
#include "experiments/console/report.hpp"
#include "experiments/console/table.hpp"
#include "experiments/console/usage_error.hpp"
#include "experiments/session/environment_table.hpp"
#include "experiments/session/model_observer.hpp"
#include "experiments/session/signals.hpp"
#include "genome/base/text.hpp"
#include "llm_mutators/clients/command_client.hpp"
#include "llm_mutators/clients/server_client.hpp"
#include "llm_mutators/prompts/templates.hpp"
#include "llm_mutators/proposers/llm_proposer.hpp"
#include "llm_mutators/proposers/mixed_proposer.hpp"
#include "net/address/key_rules.hpp"
#include "net/address/url.hpp"
#include "replay/evaluation/common_signals.hpp"

namespace experiments {
namespace {

namespace fs = std::filesystem;
using evo::Experiment;
using evo::ModelSpec;
using genome::base::visible;
using llm_mutators::Model;

std::string key_of(const ModelSpec& spec) {
  if (spec.key_variable.empty()) return {};
  const char* const value = std::getenv(spec.key_variable.c_str());
  return value == nullptr ? std::string() : std::string(value);
}

llm_mutators::ModelParameters parameters_of(const ModelSpec& spec) {
  return {.model = spec.model,
          .output_tokens = spec.output_tokens,
          .temperature = spec.temperature,
          .effort = spec.effort,
          .thinking_tokens = spec.thinking_tokens,
          .seeded = spec.seeded,
          // Its reasoning models know no other; elsewhere the older name is understood by more servers.
          .newest_limit = net::host_of(spec.url) == "api.openai.com"};
}

// Whether clients are given their keys: what only replays or estimates needs none.
enum class Keys : std::uint8_t { kWithheld, kGiven };

bool is_command(const ModelSpec& spec) { return info_of(spec.kind).reached_by == net::ReachedBy::kCommand; }

std::unique_ptr<llm_mutators::LlmClient> client_of(const ModelSpec& spec, Keys keys) {
  std::string key = keys == Keys::kGiven ? key_of(spec) : "";
  if (is_command(spec)) {
    return std::make_unique<llm_mutators::CommandClient>(
        llm_mutators::CommandOptions{.argv = spec.command,
                                     .name = spec.name,
                                     .seconds = spec.seconds,
                                     .stop = waiting_is_over,
                                     .secret = std::move(key)});
  }
  llm_mutators::ServerOptions options{.name = spec.name,
                                      .url = spec.url,
                                      .key = std::move(key),
                                      .seconds = spec.seconds,
                                      .stop = waiting_is_over,
                                      .tell = report};
  return std::make_unique<llm_mutators::ServerClient>(
      std::move(options), llm_mutators::wire_format(spec.kind, parameters_of(spec)));
}

Model model_of(const ModelSpec& spec, Keys keys) {
  return {.client = client_of(spec, keys),
          .price = spec.price,
          .output_tokens = spec.output_tokens,
          .concurrency = spec.concurrency};
}

llm_mutators::LlmOptions options_of(const ModelSession& session) {
  const Experiment& experiment = session.experiment;
  const std::vector<evo::IslandPlan> plans = evo::island_plans(experiment);
  auto observer = std::make_shared<ModelObserver>(experiment, session.evaluator, session.run);
  const std::string world = environment_table(observer->observed());
  const auto signals = replay::names_of(replay::common_signals(session.evaluator.environments()));
  std::vector<llm_mutators::IslandPrompts> others;
  for (std::size_t i = 1; i < plans.size(); ++i) {
    const Experiment& own = plans[i].experiment;
    others.push_back({task_of(own, world, signals), templates_of(own), own.model_invent});
  }
  const Experiment& first = plans.front().experiment;
  return {.task = task_of(first, world, signals),
          .templates = templates_of(first),
          .invent = first.model_invent,
          .other_islands = std::move(others),
          .most_repairs = experiment.model_repairs,
          .patience = experiment.model_patience,
          .raw = true,
          .replay = session.replay,
          .prompt_version = experiment.model_prompt_version,
          .limits = {.money = experiment.model_budget, .tokens = experiment.model_budget_tokens},
          .observer = std::move(observer)};
}

void put_whole_path(std::string& program, const fs::path& started_in) {
  const auto found = find_program(program, started_in);
  if (!found) throw_no_program(program);
  program = found->string();
}

}  // namespace

llm_mutators::Task task_of(const Experiment& experiment, std::string world,
                           std::vector<std::string> signals) {
  return {.betas = experiment.betas,
          .budget_low = experiment.budget_low,
          .budget_high = experiment.budget_high,
          .charge = experiment.charge,
          .limits = evo::shown_limits(experiment.limits),
          .parsimony = experiment.parsimony,
          .knob_penalty = evo::kKnobPenalty,
          .coverage_penalty = experiment.coverage_penalty,
          .baseline_regret = experiment.baseline_regret,
          .lower_bound_errors = experiment.lower_bound_errors,
          .reweightings = experiment.reweightings,
          .episode_budget = experiment.budget,
          .probe_cost = experiment.probe_cost,
          .signals = std::move(signals),
          .world = std::move(world),
          .tuned = experiment.model_tuning_steps > 0,
          .beta_tables = experiment.beta_tables,
          .advice = experiment.model_advice,
          .prompt_version = experiment.model_prompt_version};
}

llm_mutators::Prompter::Templates templates_of(const Experiment& experiment) {
  const evo::ModelTemplates& t = experiment.model_templates;
  return {{"task", t.task},   {"rules", t.rules},   {"mutate", t.mutate},
          {"cross", t.cross}, {"invent", t.invent}, {"repair", t.repair}};
}

std::optional<fs::path> find_program(const std::string& program, const fs::path& started_in) {
  std::vector<fs::path> places;
  if (program.find('/') != std::string::npos) {
    places = {fs::path(program), started_in / program};
  } else {
    const char* path = std::getenv("PATH");
    std::istringstream folders(path == nullptr ? "/usr/bin:/bin" : path);
    for (std::string folder; std::getline(folders, folder, ':');)
      places.push_back(fs::path(folder) / program);
  }
  for (const fs::path& place : places) {
    std::error_code ignored;
    if (!fs::is_regular_file(place, ignored) || ::access(place.c_str(), X_OK) != 0) continue;
    return fs::absolute(place);
  }
  return std::nullopt;
}

void throw_no_program(const std::string& program) {
  throw UsageError(
      fmt::format("model.command: there is no program \"{}\" that may be executed", visible(program, 100)));
}

fs::path spool_of(const fs::path& run) { return run / ".git" / "evotts-spool"; }

std::pair<std::size_t, double> replies_waiting(const evo::RunRepository& run) {
  std::pair<std::size_t, double> waiting{0, 0};
  for (const auto& [digest, record] : llm_mutators::spooled_records(spool_of(run.path()))) {
    const auto committed = run.read(evo::journal_path(digest));
    if (committed && llm_mutators::Journal::has_reply(*committed, digest)) continue;
    ++waiting.first;
    waiting.second += llm_mutators::Journal::cost_in(record);
  }
  return waiting;
}

llm_mutators::LostCalls lost_calls(const evo::RunRepository& run) {
  const llm_mutators::Journal journal(
      {.spool = spool_of(run.path()),
       .committed = [&](const std::string& digest) { return run.read(evo::journal_path(digest)); }});
  const auto writer = evo::RunLock::holder(run.path());
  const bool other = writer.has_value() && *writer != ::getpid();
  return journal.lost(other ? llm_mutators::OtherWriter::kAtWork : llm_mutators::OtherWriter::kNone);
}

void find_programs(Experiment& experiment, const fs::path& started_in) {
  if (!asks_models(experiment)) return;
  if (!experiment.model_command.empty()) {
    std::string& program = experiment.model_command.front();
    if (experiment.model_name.empty()) experiment.model_name = fs::path(program).filename().string();
    put_whole_path(program, started_in);
  }
  for (ModelSpec& spec : experiment.models) {
    if (is_command(spec)) put_whole_path(spec.command.front(), started_in);
  }
}

void check_keys(const Experiment& experiment, const std::string& toml) {
  if (!asks_models(experiment)) return;
  for (const ModelSpec& spec : all_models(experiment)) {
    if (spec.key_variable.empty()) continue;
    const std::string key = key_of(spec);
    const std::string name = visible(spec.name, 60);
    if (key.empty())
      throw UsageError(
          fmt::format("model \"{}\": the environment variable {}, which is to hold its key, is not set", name,
                      spec.key_variable));
    if (!net::is_key(key))
      throw UsageError(
          fmt::format("model \"{}\": what {} holds is no key: one has at least 6 letters, digits and "
                      "signs, and neither blanks nor line ends",
                      name, spec.key_variable));
    if (const auto reader = net::key_refusal(spec.url, spec.unencrypted_hosts))
      throw UsageError(fmt::format(
          "model \"{}\": its key would go unencrypted to {}; use https, or name {} in no_proxy so "
          "that it is reached directly",
          name, *reader, net::host_of(spec.url)));
    if (toml.find(key) != std::string::npos)
      throw UsageError(
          fmt::format("model \"{}\": the key that {} holds stands in the experiment itself, which is "
                      "kept with the run; take it out",
                      name, spec.key_variable));
  }
  for (const ModelSpec& spec : all_models(experiment)) {
    if (experiment.model_budget && !spec.price)
      throw UsageError(
          fmt::format("model.budget: the price of the model \"{}\" is not known; give it one (zeros when "
                      "it costs nothing), or limit tokens by model.budget_tokens",
                      visible(spec.name, 60)));
  }
}

std::unique_ptr<evo::Proposer> make_proposer(const ModelSession& session) {
  const Experiment& experiment = session.experiment;
  auto genetic = std::make_unique<evo::GeneticProposer>(
      evo::GeneticProposer::by_island(evo::genetic_options(experiment, session.evaluator.environments())));
  if (!asks_models(experiment)) return genetic;
  std::vector<double> shares;
  for (const evo::IslandPlan& plan : evo::island_plans(experiment))
    shares.push_back(plan.experiment.model_share);
  std::vector<Model> models;
  for (const ModelSpec& spec : all_models(experiment))
    models.push_back(model_of(spec, session.replay ? Keys::kWithheld : Keys::kGiven));
  llm_mutators::Journal journal({.spool = spool_of(session.run),
                                 .committed = session.committed,
                                 .inherited = session.inherited,
                                 .tell = report});
  auto model =
      std::make_unique<llm_mutators::LlmProposer>(std::move(models), std::move(journal), options_of(session));
  return std::make_unique<llm_mutators::MixedProposer>(std::move(model), std::move(genetic),
                                                       std::move(shares));
}

// Drawn beforehand, but for runs so long that it would take minutes: there, more than it can well be.
double questions_in(const Experiment& experiment, int generations) {
  double questions = 0;
  std::size_t first = 0;
  for (const evo::IslandPlan& plan : evo::island_plans(experiment)) {
    const Experiment& own = plan.experiment;
    const double drawn = static_cast<double>(own.children) * generations;
    const double p = own.model_share, mean = p * drawn;
    questions += drawn > 2e6
                     ? std::ceil(mean + 6 * std::sqrt(mean * (1 - p)))
                     : static_cast<double>(llm_mutators::requests_to_models(
                           own.seed, 0, generations, static_cast<std::size_t>(own.children), p, first));
    first += static_cast<std::size_t>(own.children);
  }
  return questions;
}

std::string estimate_text(const Experiment& experiment) {
  if (!asks_models(experiment)) return "no model is asked, so nothing is paid\n";
  const double questions = questions_in(experiment, experiment.generations);
  std::size_t longest = 0;
  for (const evo::IslandPlan& plan : evo::island_plans(experiment)) {
    const llm_mutators::Prompter prompter(task_of(plan.experiment, {}, {}), templates_of(plan.experiment));
    longest =
        std::max(longest, prompter.constant().size() + llm_mutators::kMostWorld + llm_mutators::kMostRest);
  }
  const int calls = 1 + experiment.model_repairs;
  std::string out = fmt::format(
      "{:.0f} questions (a share of {:g} of {} children in {} generations), each of at most {} calls;\n"
      "if one model were asked them all, if every call were needed, and as long as prompt and reply can "
      "be:\n\n",
      questions, experiment.model_share, experiment.children, experiment.generations, calls);
  Table table({"model", "calls", "input_tokens", "output_tokens", "money_a_question", "money"});
  std::optional<double> dearest;
  std::int64_t tokens = 0;
  for (const ModelSpec& spec : all_models(experiment)) {
    const Model model = model_of(spec, Keys::kWithheld);
    net::Amount worst = model.worst(longest);
    worst += experiment.model_repairs * model.worst(longest + llm_mutators::kMostRepair);
    tokens = std::max(tokens, static_cast<std::int64_t>(questions * static_cast<double>(worst.tokens())));
    const auto money = [&](double amount) {
      return model.price ? Cell{Decimal{amount, 4}} : Cell{Missing{}};
    };
    if (model.price) dearest = std::max(dearest.value_or(0), questions * worst.money);
    table.add_row({visible(spec.name, 40), static_cast<std::int64_t>(questions * calls), worst.input / calls,
                   spec.output_tokens, money(worst.money), money(questions * worst.money)});
  }
  out += table.text(Format::kTable);
  out +=
      "\nA token of a prompt is taken for one byte, so real figures are some four times lower for input. "
      "Tries that "
      "a\nserver charges for without a reply come on top; a budget counts them.\n";
  if (dearest && experiment.model_budget && *experiment.model_budget < *dearest) {
    out += fmt::format("at most {:.4f} {}: the budget ends it before\n", *experiment.model_budget,
                       experiment.model_currency);
  } else if (dearest) {
    out += fmt::format("at most {:.4f} {}; model.budget is {}\n", *dearest, experiment.model_currency,
                       experiment.model_budget ? fmt::format("{:g}", *experiment.model_budget) : "not set");
  }
  if (experiment.model_budget_tokens)
    out += fmt::format("at most {} tokens, by model.budget_tokens\n",
                       std::min(tokens, *experiment.model_budget_tokens));
  return out;
}

}  // namespace experiments
