// The command that records a model's branches as an environment: collect.
#include <CLI/CLI.hpp>
#include <chrono>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "evo/base/program_version.hpp"
#include "experiments/commands/commands.hpp"
#include "experiments/commands/live/branch_making.hpp"
#include "experiments/commands/live/collect_options.hpp"
#include "experiments/commands/live/collect_report.hpp"
#include "experiments/console/exit_codes.hpp"
#include "experiments/console/output_file.hpp"
#include "experiments/console/report.hpp"
#include "experiments/console/text_file.hpp"
#include "experiments/console/usage_error.hpp"
#include "experiments/session/signals.hpp"
#include "genome/base/file.hpp"
#include "genome/base/json.hpp"
#include "genome/base/text.hpp"
#include "live/collect/collector.hpp"
#include "live/collect/recording.hpp"
#include "live/collect/settings.hpp"
#include "live/discovery/discovery.hpp"
#include "live/reading/texts_file.hpp"
#include "replay/environment/reader.hpp"

namespace experiments {
namespace {

using genome::base::visible;
using Json = nlohmann::json;

// All that is known before anything is asked for in earnest.
struct Collection {
  CollectRequest asked;
  live::ReadingTask task;
  std::vector<live::CollectQuestion> questions;
  live::Server server;
  live::Capabilities can;

  std::size_t wanted() const { return questions.size() * asked.settings.branches; }
};

std::vector<live::CollectQuestion> questions_of(const CollectArguments& arguments,
                                                const CollectRequest& asked, const live::ReadingTask& task) {
  std::vector<live::CollectQuestion> questions = live::read_questions(arguments.questions, asked.fields);
  if (asked.first && questions.size() > *asked.first) questions.resize(*asked.first);
  for (const live::CollectQuestion& each : questions)
    (void)task.gold_answer(each.gold);  // throws where it is none
  return questions;
}

live::Recipe recipe_of(const Collection& all) {
  const live::CollectSettings& settings = all.asked.settings;
  return {.grade = grade_of(all.can),
          .interval = settings.interval,
          .segment_tokens = all.asked.segment_tokens,
          .most_tokens = settings.most_tokens,
          .look_tokens = settings.look_tokens,
          .context = all.can.context,
          .suffix = {.text = all.task.suffix()},
          .end_of_thought = settings.end_of_thought};
}

// What this command wrote before, when it asked for the same: nothing is left to do.
bool is_there(const std::string& file, const Collection& all) {
  if (!std::filesystem::exists(file)) return false;
  const replay::Environment environment = replay::read_environment(file);
  const Json found = genome::base::read_json(environment.collected);
  Json wanted = settings_json(all.asked.settings, all.task, all.can, all.questions);
  wanted["branches"] = all.asked.settings.branches;
  wanted["task"] = all.task.task();
  wanted["look_task"] = all.task.look_task();
  for (const auto& [name, value] : wanted.items()) {
    if (!found.is_object() || !found.contains(name) || found[name] != value)
      throw UsageError(
          fmt::format("{}: exists, and was recorded otherwise ({}); choose another --out, or remove it",
                      visible(file), name));
  }
  return true;
}

void expect_useful(const live::Capabilities& can, CollectLine& line) {
  const live::Grade grade = grade_of(can);
  if (grade == live::Grade::kNone)
    throw live::UpstreamError(
        genome::base::Fault::kInput,
        fmt::format("{}: neither completes prompts nor chats; evotts upstream tells more",
                    visible(can.base, 200)));
  line.tell(
      fmt::format("{}, model {}: grade {}, {}", can.base, can.model, name_of(grade), meaning_of(grade)));
  if (grade == live::Grade::kWholeSamples)
    line.tell(
        "branches are recorded without looks: controllers that look at unfinished branches learn nothing");
}

int tell_estimate(const Collection& all, const live::Journal* journal, const std::string& file) {
  const live::Recipe recipe = recipe_of(all);
  std::size_t bytes = template_of(all.server, all.can, all.asked.settings).size() + all.task.suffix().size();
  for (const live::CollectQuestion& each : all.questions) bytes += each.text.size() / all.questions.size();
  Estimate estimate{.branches = static_cast<std::int64_t>(all.wanted()),
                    .tokens = recipe.most_tokens,
                    .prompt_tokens = static_cast<std::int64_t>(bytes / 3 + 1),
                    .suffix_tokens = static_cast<std::int64_t>(all.task.suffix().size() / 3 + 1)};
  const auto row = [&](const char* what) {
    print(fmt::format("{}, {} tokens a branch: {}\n", what, estimate.tokens,
                      spent_text(cost_of(estimate, recipe, all.asked.price))));
  };
  print(fmt::format(
      "{} questions, {} branches each; nothing was asked for yet. Prompts are reckoned at three bytes "
      "a token and prefixes at the full price, whether the server has them cached or not.\n",
      all.questions.size(), all.asked.settings.branches));
  row("at most");
  if (journal != nullptr && journal->branches() > 0) {
    estimate.tokens = journal->tokens() / static_cast<std::int64_t>(journal->branches());
    row(fmt::format("as in the {} branches of {}", journal->branches(), visible(file)).c_str());
  } else {
    print("How long branches really are is known once some are recorded: begin, stop, and ask again.\n");
  }
  return kGood;
}

int write_down(const Collection& all, const std::string& file, live::Journal& journal,
               const live::Spent& spent) {
  live::TextsWriter texts(live::texts_path(file));
  const std::string template_text = template_of(all.server, all.can, all.asked.settings);
  live::Recording made = recording_of(all.questions, all.task, all.asked.settings.interval,
                                      all.asked.settings.branches, journal, texts);
  made.environment.collected =
      collected_json(
          all.asked.settings, all.task, all.can, all.questions,
          {.template_text = template_text,
           .date = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::chrono::system_clock::now())),
           .program = evo::program_version(),
           .spent = spent,
           .cut = made.cut})
          .dump();
  texts.finish();
  genome::base::write_durably(file, replay::to_json(made.environment));
  journal.remove();
  print(summary_text(file, made, spent));
  if (const std::string warning =
          cut_warning(made.cut, all.wanted(), all.asked.settings.most_tokens, all.can.context);
      !warning.empty())
    report(warning);
  return kGood;
}

int collect(Collection& all, const std::string& file, CollectLine& line) {
  const std::filesystem::path path = live::journal_path(file);
  live::Journal journal(path, settings_json(all.asked.settings, all.task, all.can, all.questions));
  if (journal.branches() > 0)
    line.tell(fmt::format("going on with {} branches that are in {}", journal.branches(), path.string()));
  live::CollectPlan plan{
      .branches = all.asked.settings.branches, .seed = all.asked.settings.seed, .recipe = recipe_of(all)};
  for (const live::CollectQuestion& each : all.questions)
    plan.questions.push_back(question_of(all.asked.settings, all.task, each.text));
  live::CollectEnd end;
  {
    live::Collector collector(all.server, all.can, all.asked.settings.sampling, std::move(plan), journal,
                              {.calls = all.asked.calls,
                               .price = all.asked.price,
                               .limits = all.asked.limits,
                               .stop = stop_requested,
                               .progress = [&](const live::CollectProgress& at) { line.show(at); },
                               .tell = [&](const std::string& text) { line.tell(text); }});
    end = collector.run();
  }
  line.clear();
  if (end.how == live::CollectEnd::How::kComplete) return write_down(all, file, journal, end.last.spent);
  line.tell(fmt::format("{}; {} of {} branches are kept in {}, and the same command goes on from there",
                        end.why, end.last.branches, all.wanted(), path.string()));
  line.tell("spent: " + spent_text(end.last.spent));
  return kWorkFailed;
}

int run_collect(const CollectArguments& arguments) {
  expect_folder_of(arguments.output);
  const CollectRequest asked = read_options(arguments);
  const live::ReadingTask task(asked.settings.words);
  live::Server server = server_of(arguments.server);
  std::vector<live::CollectQuestion> questions = questions_of(arguments, asked, task);
  const StopSignals signals("evotts: stopping; what is whole is kept, a second signal stops at once\n");
  server.stop = stop_requested;
  allow_open_files(asked.calls.requests);
  live::Capabilities can = discover(server, arguments.server.model);
  Collection all{.asked = asked,
                 .task = task,
                 .questions = std::move(questions),
                 .server = std::move(server),
                 .can = std::move(can)};
  CollectLine line;
  expect_useful(all.can, line);
  if (is_there(arguments.output, all)) {
    print(fmt::format("{}: is complete already\n", visible(arguments.output)));
    return kGood;
  }
  if (!arguments.estimate) return collect(all, arguments.output, line);
  const std::filesystem::path journal = live::journal_path(arguments.output);
  if (!std::filesystem::exists(journal)) return tell_estimate(all, nullptr, "");
  const live::Journal known(journal, settings_json(all.asked.settings, all.task, all.can, all.questions));
  return tell_estimate(all, &known, journal.string());
}

}  // namespace

void add_collect_command(CLI::App& app, Action& action) {
  CLI::App* const command = app.add_subcommand("collect", "Record a model's branches as an environment");
  const auto arguments = std::make_shared<CollectArguments>();
  add_collect_options(*command, *arguments);
  command->footer(
      R"(Each question is asked --branches times. Every --interval tokens of a branch its present answer is looked
at, apart from the branch, where the server can do so (see evotts upstream). Branches that are whole are kept in
FILE.collecting.jsonl: after a kill, the same command goes on and asks for none of them again. At the end the
environment is written, and beside it FILE.texts.jsonl.zst with what the model said, for evotts env regrade.

Example: evotts collect questions.jsonl --upstream http://127.0.0.1:8000/v1 --branches 64 -o recorded/mine.json
         evotts collect table.csv --upstream http://127.0.0.1:8000/v1 --task letter --estimate -o mine.json)");
  command->callback([arguments, &action] { action = [arguments] { return run_collect(*arguments); }; });
}

}  // namespace experiments
