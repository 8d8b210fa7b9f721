#include "experiments/commands/live/collect_options.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <limits>

#include "experiments/console/options.hpp"
#include "experiments/console/usage_error.hpp"
#include "genome/base/text.hpp"
#include "replay/environment/limits.hpp"

namespace experiments {
namespace {

using genome::base::visible;

constexpr Range<std::int64_t> kBranches{1, static_cast<std::int64_t>(replay::kMaxBranches)};
constexpr Range<std::int64_t> kIntervals{1, replay::kMaxInterval};
constexpr Range<std::int64_t> kTokens{1, 100'000'000};
constexpr Range<std::int64_t> kRequests{1, 10'000};
constexpr Range<std::int64_t> kSeconds{1, 1'000'000};
constexpr Range<double> kMoney{0, 1e9};

void add_lengths(CLI::App& command, CollectArguments& arguments) {
  command.add_option("--interval", arguments.interval, "Tokens from one look at a branch to the next")
      ->type_name("TOKENS")
      ->capture_default_str();
  command
      .add_option("--max-tokens", arguments.max_tokens, "The most tokens of a branch; longer ones are cut")
      ->type_name("TOKENS")
      ->capture_default_str();
}

void add_what_is_asked(CLI::App& command, CollectArguments& arguments) {
  command
      .add_option("QUESTIONS", arguments.questions,
                  "JSON lines, a table of comma-separated values, or an environment")
      ->required();
  command.add_option("-o,--out", arguments.output, "The environment to write")->type_name("FILE")->required();
  command.add_option("--question-field", arguments.question_field, "The field that holds the question")
      ->type_name("NAME");
  command.add_option("--gold-field", arguments.gold_field, "The field that holds the right answer")
      ->type_name("NAME");
  command.add_option("--first", arguments.first, "Only so many questions, from the first on")->type_name("N");
  command.add_option("--branches", arguments.branches, "Branches of each question")
      ->type_name("N")
      ->capture_default_str();
  add_lengths(command, arguments);
  command.add_option("--seed", arguments.seed, "Of the sampling; each branch and segment has its own")
      ->type_name("SEED")
      ->capture_default_str();
}

void add_how_it_is_read(CLI::App& command, CollectArguments& arguments) {
  command
      .add_option("--task", arguments.task,
                  "How a reply becomes an answer: boxed, number, letter, after:MARK or regex:EXPRESSION")
      ->type_name("TASK")
      ->capture_default_str();
  command
      .add_option("--prompt", arguments.prompt, "What is asked, with {question} in it; the task has its own")
      ->type_name("TEXT");
  command.add_option("--system", arguments.system, "A message of the system before it")->type_name("TEXT");
  command.add_flag("--raw", arguments.raw, "The prompt is what the model reads: no template of a chat");
  command
      .add_option("--look-suffix", arguments.look_suffix,
                  "What is put behind an unfinished branch to make it answer; the task has its own")
      ->type_name("TEXT");
  command
      .add_option("--look-task", arguments.look_task, "How a look becomes an answer; as --task, if not given")
      ->type_name("TASK");
  command.add_option("--look-tokens", arguments.look_tokens, "The most tokens of a look")
      ->type_name("TOKENS")
      ->capture_default_str();
  command
      .add_option("--end-of-thought", arguments.end_of_thought,
                  "What ends the thought, behind which there are no looks; empty: nothing does")
      ->type_name("TEXT")
      ->capture_default_str();
}

void add_sampling(CLI::App& command, CollectArguments& arguments) {
  command.add_option("--temperature", arguments.temperature, "Of the sampling")
      ->type_name("NUMBER")
      ->capture_default_str();
  command.add_option("--top-p", arguments.top_p, "The likeliest tokens of this probability in all")
      ->type_name("NUMBER")
      ->capture_default_str();
  command.add_option("--top-k", arguments.top_k, "So many of the likeliest tokens; 0: all")
      ->type_name("N")
      ->capture_default_str();
  command
      .add_option("--min-p", arguments.min_p, "Tokens of at least this share of the likeliest's probability")
      ->type_name("NUMBER")
      ->capture_default_str();
  command
      .add_option("--logit-bias", arguments.logit_bias,
                  "ID=VALUE, added to the logit of a token; -100 forbids it. May be given again")
      ->type_name("ID=VALUE");
  command.add_option("--stop", arguments.stop, "A text that ends a reply. May be given again")
      ->type_name("TEXT");
}

void add_means(CLI::App& command, CollectArguments& arguments) {
  command
      .add_option("--requests", arguments.requests,
                  "The most requests at a time; fewer are made where more bring nothing")
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
      .add_option("--segment", arguments.segment,
                  "The most tokens of one request, where branches are joined by token ids")
      ->type_name("TOKENS")
      ->capture_default_str();
  command.add_option("--price-input", arguments.price_input, "Money for a million tokens read")
      ->type_name("MONEY")
      ->capture_default_str();
  command.add_option("--price-cached", arguments.price_cached, "The same of tokens from the server's cache")
      ->type_name("MONEY");
  command.add_option("--price-output", arguments.price_output, "Money for a million tokens written")
      ->type_name("MONEY")
      ->capture_default_str();
  command
      .add_option("--budget-money", arguments.budget_money,
                  "The most money to spend, with all that was before")
      ->type_name("MONEY");
  command
      .add_option("--budget-tokens", arguments.budget_tokens,
                  "The most tokens to spend, read and written, with all that were before")
      ->type_name("TOKENS");
  command.add_flag("--estimate", arguments.estimate, "Only tell what it would take");
}

std::pair<live::TokenId, double> bias_of(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos)
    throw UsageError(
        fmt::format("--logit-bias must be ID=VALUE, as in 33=-100, found \"{}\"", visible(text, 60)));
  const std::int64_t id = whole_number("the ID of --logit-bias", text.substr(0, equals),
                                       {0, std::numeric_limits<live::TokenId>::max()});
  return {static_cast<live::TokenId>(id),
          real_number("the VALUE of --logit-bias", text.substr(equals + 1), {-100, 100})};
}

live::Sampling sampling_of(const CollectArguments& arguments) {
  live::Sampling sampling{.temperature = real_number("--temperature", arguments.temperature, {0, 10}),
                          .top_p = real_number("--top-p", arguments.top_p, {0, 1}),
                          .min_p = real_number("--min-p", arguments.min_p, {0, 1}),
                          .top_k = static_cast<int>(whole_number("--top-k", arguments.top_k, {0, 1'000'000})),
                          .stop = arguments.stop};
  for (const std::string& text : arguments.logit_bias) {
    const auto [id, bias] = bias_of(text);
    if (!sampling.logit_bias.emplace(id, bias).second)
      throw UsageError(fmt::format("--logit-bias names the token {} twice", id));
  }
  return sampling;
}

}  // namespace

void add_branch_options(CLI::App& command, CollectArguments& arguments) {
  add_lengths(command, arguments);
  add_how_it_is_read(command, arguments);
  add_sampling(command, arguments);
}

void add_collect_options(CLI::App& command, CollectArguments& arguments) {
  add_what_is_asked(command, arguments);
  add_server_options(command, arguments.server);
  add_how_it_is_read(command, arguments);
  add_sampling(command, arguments);
  add_means(command, arguments);
}

live::CollectSettings read_settings(const CollectArguments& arguments) {
  live::CollectSettings settings{
      .branches = static_cast<std::size_t>(whole_number("--branches", arguments.branches, kBranches)),
      .interval = whole_number("--interval", arguments.interval, kIntervals),
      .most_tokens = whole_number("--max-tokens", arguments.max_tokens, kTokens),
      .look_tokens = whole_number("--look-tokens", arguments.look_tokens, {1, 10'000}),
      .seed = static_cast<std::uint64_t>(whole_number("--seed", arguments.seed, kSeeds)),
      .sampling = sampling_of(arguments),
      .system = arguments.system,
      .raw = arguments.raw,
      .end_of_thought = arguments.end_of_thought,
      .words = {.task = arguments.task,
                .look_task = arguments.look_task,
                .look_suffix = arguments.look_suffix,
                .prompt = arguments.prompt}};
  const auto looks = static_cast<std::size_t>(settings.most_tokens / settings.interval);
  if (looks > replay::kMaxProbesWithSignals)
    throw UsageError(
        fmt::format("--interval {} makes up to {} looks of a branch of --max-tokens {}; at most {} "
                    "can be recorded",
                    settings.interval, looks, settings.most_tokens, replay::kMaxProbesWithSignals));
  return settings;
}

CollectRequest read_options(const CollectArguments& arguments) {
  CollectRequest asked{.settings = read_settings(arguments),
                       .fields = {.question = arguments.question_field, .gold = arguments.gold_field}};
  if (arguments.first)
    asked.first = static_cast<std::size_t>(whole_number("--first", *arguments.first, {1, 1'000'000'000}));
  const std::int64_t interval = asked.settings.interval;
  const std::int64_t segment = whole_number("--segment", arguments.segment, kTokens);
  asked.segment_tokens = std::max(interval, segment / interval * interval);
  asked.calls.requests = static_cast<std::size_t>(whole_number("--requests", arguments.requests, kRequests));
  asked.calls.seconds =
      static_cast<double>(whole_number("--request-seconds", arguments.request_seconds, kSeconds));
  asked.calls.patience = static_cast<double>(whole_number("--patience", arguments.patience, kSeconds));
  asked.price.input = real_number("--price-input", arguments.price_input, kMoney);
  asked.price.output = real_number("--price-output", arguments.price_output, kMoney);
  asked.price.cached_read = arguments.price_cached
                                ? real_number("--price-cached", *arguments.price_cached, kMoney)
                                : asked.price.input;
  asked.price.cache_write = asked.price.input;
  if (arguments.budget_money) {
    if (asked.price.input == 0 && asked.price.output == 0)
      throw UsageError("--budget-money needs --price-input and --price-output, or nothing costs anything");
    asked.limits.money = real_number("--budget-money", *arguments.budget_money, kMoney);
  }
  if (arguments.budget_tokens)
    asked.limits.tokens = whole_number("--budget-tokens", *arguments.budget_tokens,
                                       {0, std::numeric_limits<std::int64_t>::max() / 4});
  return asked;
}

}  // namespace experiments
