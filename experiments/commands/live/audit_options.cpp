#include "experiments/commands/live/audit_options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fmt/format.h>
#include <span>

#include "experiments/console/options.hpp"
#include "experiments/console/usage_error.hpp"
#include "experiments/sources/unsealed_environments.hpp"
#include "genome/base/text.hpp"

namespace experiments {
namespace {

using genome::base::visible;

constexpr Range<std::int64_t> kQuestions{1, 1'000'000'000};
constexpr Range<std::int64_t> kRepeats{1, 10'000};
constexpr Range<std::int64_t> kReplays{100, 100'000};
constexpr Range<std::int64_t> kRequests{1, 10'000};
constexpr Range<std::int64_t> kSeconds{1, 1'000'000};

void add_what_is_audited(CLI::App& command, AuditArguments& arguments) {
  command.add_option("CONTROLLER", arguments.controller, "A name from `evotts list`, a file, or RUN:ID")
      ->required();
  command.add_option("--env", arguments.environment, "The environment whose questions are asked")
      ->type_name("FILE")
      ->required();
  add_server_options(command, arguments.made.server);
  command.add_option("--beta", arguments.beta, "The knob of token use, from 0 to 1")
      ->type_name("B")
      ->capture_default_str();
  command
      .add_option("--budget", arguments.budget,
                  "The most tokens of an episode, as its controller counts them")
      ->type_name("TOKENS");
  command.add_option("--probe-cost", arguments.probe_cost, "The cost of a look, likewise")
      ->type_name("TOKENS")
      ->capture_default_str();
  command.add_option("--questions", arguments.questions, "Only so many questions, from the first on")
      ->type_name("N");
  command.add_option("--repeats", arguments.repeats, "Episodes on each question")
      ->type_name("N")
      ->capture_default_str();
  command
      .add_option("--seed", arguments.seed, "Of the sampling at the server, and of what is drawn in replay")
      ->type_name("SEED")
      ->capture_default_str();
  command.add_option("--replays", arguments.replays, "Episodes of replay on each question")
      ->type_name("N")
      ->capture_default_str();
}

void add_means(CLI::App& command, AuditArguments& arguments) {
  command.add_option("--episodes", arguments.episodes, "The most episodes under way at a time")
      ->type_name("N")
      ->capture_default_str();
  command.add_option("--requests", arguments.requests, "The most requests at a time")
      ->type_name("N")
      ->capture_default_str();
  command.add_option("--request-seconds", arguments.request_seconds, "How long one request may take")
      ->type_name("SECONDS")
      ->capture_default_str();
  command
      .add_option("--patience", arguments.patience, "How long a server that is away or busy is waited for")
      ->type_name("SECONDS")
      ->capture_default_str();
  command
      .add_option("--budget-tokens", arguments.budget_tokens,
                  "The most tokens to spend, read and written; what is under way then is cancelled")
      ->type_name("TOKENS");
  command.add_flag("--estimate", arguments.estimate, "Only tell what it would take");
}

void add_making(CLI::App& command, AuditArguments& arguments) {
  const auto before = command.get_options([](const CLI::Option*) { return true; });
  add_branch_options(command, arguments.made);
  for (CLI::Option* const option : command.get_options([](const CLI::Option*) { return true; })) {
    if (std::ranges::find(before, option) != before.end()) continue;
    option->each([&arguments, option](const std::string&) { arguments.given.insert(option->get_name()); });
  }
}

replay::Environment environment_of(const AuditArguments& arguments, const NamedController& controller) {
  auto all = environments_for(std::span(&controller, 1), std::span(&arguments.environment, 1));
  if (all.size() != 1)
    throw UsageError(fmt::format("--env {}: there are {} environments; one is audited at a time",
                                 visible(arguments.environment, 300), all.size()));
  return std::move(all[0]);
}

Like made_by_options(const AuditArguments& arguments, const replay::Environment& environment) {
  CollectArguments made = arguments.made;
  if (!arguments.given.contains("--interval"))
    made.interval = fmt::format("{}", environment.questions[0].interval);
  Like like{.settings = read_settings(made)};
  (void)live::ReadingTask(like.settings.words);  // throws where it is none
  for (const replay::Question& question : environment.questions)
    if (question.interval != like.settings.interval)
      throw UsageError(fmt::format("{}: looks are {} tokens apart in a question, but --interval is {}",
                                   visible(arguments.environment, 300), question.interval,
                                   like.settings.interval));
  return like;
}

Like making_of(const AuditArguments& arguments, const replay::Environment& environment) {
  if (environment.collected.empty()) return made_by_options(arguments, environment);
  if (!arguments.given.empty())
    throw UsageError(fmt::format("{}: {} tells how it was recorded, and branches are made like its own",
                                 *arguments.given.begin(), visible(arguments.environment, 300)));
  return like_of(environment, arguments.environment);
}

void keep_questions(replay::Environment& environment, const AuditArguments& arguments) {
  if (arguments.questions) {
    const auto most = static_cast<std::size_t>(whole_number("--questions", *arguments.questions, kQuestions));
    if (environment.questions.size() > most) environment.questions.resize(most);
  }
  for (std::size_t i = 0; i < environment.questions.size(); ++i)
    if (environment.questions[i].text.empty())
      throw UsageError(
          fmt::format("{}: does not tell the text of question {}", visible(arguments.environment, 300), i));
}

}  // namespace

void add_audit_options(CLI::App& command, AuditArguments& arguments) {
  add_what_is_audited(command, arguments);
  add_means(command, arguments);
  add_making(command, arguments);
  add_format_option(command, arguments.format);
  add_threads_option(command, arguments.threads);
}

AuditRequest read_audit_options(const AuditArguments& arguments, const NamedController& controller) {
  AuditRequest asked;
  const auto count = [](const char* option, const std::string& text, Range<std::int64_t> allowed) {
    return static_cast<std::size_t>(whole_number(option, text, allowed));
  };
  asked.beta = real_number("--beta", arguments.beta, {0, 1});
  asked.repeats = count("--repeats", arguments.repeats, kRepeats);
  asked.replays = count("--replays", arguments.replays, kReplays);
  asked.at_once = count("--episodes", arguments.episodes, kRequests);
  asked.seed = count("--seed", arguments.seed, kSeeds);
  asked.calls.requests = count("--requests", arguments.requests, kRequests);
  asked.calls.seconds =
      static_cast<double>(whole_number("--request-seconds", arguments.request_seconds, kSeconds));
  asked.calls.patience = static_cast<double>(whole_number("--patience", arguments.patience, kSeconds));
  if (arguments.budget) asked.episode.budget = whole_number("--budget", *arguments.budget, kBudgets);
  asked.episode.probe_cost = whole_number("--probe-cost", arguments.probe_cost, kProbeCosts);
  if (arguments.budget_tokens)
    asked.limit = whole_number("--budget-tokens", *arguments.budget_tokens, kBudgets);
  asked.format = format_of(arguments.format);
  asked.environment = environment_of(arguments, controller);
  asked.like = making_of(arguments, asked.environment);
  keep_questions(asked.environment, arguments);
  return asked;
}

}  // namespace experiments
