// The command that holds replay against a model at work: audit.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <fmt/format.h>
#include <memory>
#include <span>
#include <utility>

#include "experiments/commands/commands.hpp"
#include "experiments/commands/live/audit_options.hpp"
#include "experiments/commands/live/audit_report.hpp"
#include "experiments/commands/live/branch_making.hpp"
#include "experiments/console/options.hpp"
#include "experiments/console/progress_line.hpp"
#include "experiments/console/report.hpp"
#include "experiments/console/text_file.hpp"
#include "experiments/session/signals.hpp"
#include "genome/base/text.hpp"
#include "genome/program/compiler.hpp"
#include "live/audit/auditor.hpp"
#include "live/audit/comparison.hpp"
#include "live/audit/recorded_pool.hpp"
#include "live/discovery/discovery.hpp"
#include "replay/machine/signal_columns.hpp"
#include "replay/parallel/for_each_index.hpp"

namespace experiments {
namespace {

using genome::base::visible;
using live::Check;

std::vector<live::RecordedPool> pools_of(const replay::Environment& environment) {
  std::vector<live::RecordedPool> pools;
  for (const replay::Question& question : environment.questions)
    pools.emplace_back(question, environment.signals);
  return pools;
}

std::vector<live::AuditedQuestion> replayed(const AuditRequest& asked, const genome::BoundProgram& bound,
                                            const std::vector<live::RecordedPool>& pools) {
  const replay::Environment& environment = asked.environment;
  const live::ReplayTask task{.program = bound,
                              .options = asked.episode,
                              .columns = replay::signal_columns(*bound.program, environment),
                              .episodes = asked.replays,
                              .seed = asked.seed};
  ProgressLine line("replaying");
  const auto told = line.callback();
  std::vector<live::AuditedQuestion> questions(environment.questions.size());
  std::atomic<std::size_t> done = 0;
  replay::for_each_index(questions.size(), [&](std::size_t i, std::size_t) {
    questions[i].recorded = environment.questions[i].branches.size();
    questions[i].replays = live::replay_question(pools[i], environment.questions[i], task, i);
    if (told) told(++done, questions.size());
  });
  return questions;
}

double mean_of(const live::Replays& replays, Check check) {
  return replays.sum[place_of(check)].sum / static_cast<double>(replays.count);
}

int tell_estimate(const AuditRequest& asked, const std::vector<live::AuditedQuestion>& questions) {
  double tokens = 0, looks = 0;
  for (const live::AuditedQuestion& each : questions) {
    tokens += mean_of(each.replays, Check::kTokens);
    looks += each.replays.sum[place_of(Check::kLooksBlank)].count / static_cast<double>(each.replays.count);
  }
  const auto repeats = static_cast<double>(asked.repeats);
  print(fmt::format(
      "{} episodes on {} questions; nothing was asked for yet. As in replay, branches have {:.0f} "
      "tokens in all, and {:.0f} looks at most {} each. What is read, prompts and what there is of "
      "a branch with every request, comes to it.\n",
      asked.repeats * questions.size(), questions.size(), repeats * tokens, repeats * looks,
      asked.like.settings.look_tokens));
  return kGood;
}

// What stands in the recording, and is told otherwise by the server.
std::vector<std::string> other_settings(const Like& like, const live::Server& server,
                                        const live::Capabilities& can) {
  std::vector<std::string> all;
  if (!like.model.empty() && like.model != can.model)
    all.push_back(fmt::format("the recording is of the model {}, and this is {}", visible(like.model, 200),
                              visible(can.model, 200)));
  if (like.template_text.empty()) return all;
  const std::string now = template_of(server, can, like.settings);
  if (!now.empty() && now != like.template_text)
    all.push_back(fmt::format("the prompt reads {}, and read {} when it was recorded", visible(now, 300),
                              visible(like.template_text, 300)));
  return all;
}

live::AuditEnd ask(const AuditRequest& asked, const std::vector<live::AuditedQuestion>& questions,
                   const std::shared_ptr<const genome::BoundProgram>& bound, live::Upstream& upstream) {
  const live::CollectSettings& settings = asked.like.settings;
  const auto serving = std::make_shared<const live::Serving>(serving_of(settings, 0, upstream));
  live::AuditPlan plan{.serving = serving,
                       .program = bound,
                       .session = {.budget = asked.episode.budget, .probe_cost = asked.episode.probe_cost},
                       .repeats = asked.repeats,
                       .seed = asked.seed,
                       .at_once = asked.at_once};
  for (std::size_t i = 0; i < questions.size(); ++i)
    plan.tasks.push_back(
        {.question = question_of(settings, serving->task, asked.environment.questions[i].text),
         .branches = questions[i].recorded,
         .expected_tokens = mean_of(questions[i].replays, Check::kTokens)});
  ProgressLine line("asking");
  const auto told = line.callback();
  live::Auditor auditor(
      upstream, std::move(plan),
      {.limit = asked.limit, .stop = stop_requested, .progress = [&](const live::AuditProgress& at) {
         if (told) told(at.done + at.failed, at.wanted);
       }});
  return auditor.run();
}

// Whole replies show no intervals.
void leave_out_intervals(live::AuditedQuestion& question) {
  for (const Check check : {Check::kEnds, Check::kLooksAgree, Check::kLooksBlank, Check::kLogprob,
                            Check::kEntropy, Check::kConfidence})
    question.replays.sum[place_of(check)] = {};
}

std::vector<std::string> not_compared(const Audit& audit, const replay::Environment& environment) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < live::kChecks; ++i) {
    const auto check = static_cast<Check>(i);
    const bool known = check < Check::kLogprob || std::ranges::count(environment.signals, name_of(check)) > 0;
    if (known && std::ranges::find(audit.results, check, &live::CheckResult::check) == audit.results.end())
      names.push_back(name_of(check));
  }
  return names;
}

void expect_something(const live::AuditEnd& end) {
  if (end.last.done > 0) return;
  const std::string why = !end.failure.empty() ? end.failure : end.why;
  throw live::UpstreamError(
      genome::base::Fault::kSystem,
      fmt::format("no episode was seen to its end: {}; {} tokens were read and {} written", visible(why, 500),
                  end.tokens.prompt, end.tokens.generated()));
}

int run_audit(const AuditArguments& arguments) {
  const ThreadLimit threads(arguments.threads);
  const NamedController named = resolve_controller(arguments.controller);
  const AuditRequest asked = read_audit_options(arguments, named);
  live::Server server = server_of(arguments.made.server);
  const genome::Program program = genome::compile(named.controller);
  const auto bound = std::make_shared<const genome::BoundProgram>(genome::bind(program, asked.beta));
  const std::vector<live::RecordedPool> pools = pools_of(asked.environment);
  std::vector<live::AuditedQuestion> questions = replayed(asked, *bound, pools);
  if (arguments.estimate) return tell_estimate(asked, questions);

  const StopSignals signals("evotts: stopping; what was seen is told, a second signal stops at once\n");
  server.stop = stop_requested;
  allow_open_files(asked.calls.requests);
  const live::Capabilities can = discover(server, arguments.made.server.model);
  expect_servable(program, can, !asked.like.settings.raw);
  Audit audit{.controller = named.label,
              .environment = asked.environment.name,
              .server = can.base,
              .model = can.model,
              .grade = std::string(name_of(grade_of(can))),
              .beta = asked.beta,
              .questions = questions.size(),
              .replays = asked.replays};
  audit.other_settings = other_settings(asked.like, server, can);
  server.stop = nullptr;  // the auditor cancels by itself
  {
    live::Upstream upstream(server, can, asked.calls, asked.like.settings.sampling);
    audit.end = ask(asked, questions, bound, upstream);
  }
  expect_something(audit.end);
  for (std::size_t i = 0; i < questions.size(); ++i) {
    for (const live::SeenEpisode& each : audit.end.seen[i]) questions[i].live.push_back(pools[i].tally(each));
    if (grade_of(can) == live::Grade::kWholeSamples) leave_out_intervals(questions[i]);
  }
  audit.results =
      compare(questions, replay::DistinctQuestions(std::span(&asked.environment, 1)), {.seed = asked.seed});
  audit.compared = std::move(questions);
  audit.not_compared = not_compared(audit, asked.environment);
  print(audit_report(audit, asked.format));
  return audit.agrees() && audit.whole() ? kGood : kWorkFailed;
}

}  // namespace

void add_audit_command(CLI::App& app, Action& action) {
  CLI::App* const command =
      app.add_subcommand("audit", "Hold what replay promises against a controller at work");
  const auto arguments = std::make_shared<AuditArguments>();
  add_audit_options(*command, *arguments);
  command->footer(
      R"(The controller answers the environment's questions at the server, and on its recording. Branches are
made, looked into and read as the environment tells of its recording; where it does not tell, as the options
say. Then both are compared: accuracy and tokens, how long branches are and how they end, what looks and
signals show. Differences are live minus replay, with a 95% bootstrap interval over questions. The
column p tells how often the recorded model would be as far off, in either direction. In adjusted it holds
for all checks together (Holm). A check is flagged where adjusted is below 0.001.

Exits with 0 when nothing is flagged and every episode was seen, else with 1. csv gives the checks; json is
one object, which docs/audit.md describes.

Example: evotts audit best.ctl --env recorded/mine.json --upstream http://127.0.0.1:8000/v1)");
  command->callback([arguments, &action] { action = [arguments] { return run_audit(*arguments); }; });
}

}  // namespace experiments
