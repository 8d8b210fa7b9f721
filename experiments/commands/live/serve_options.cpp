#include "experiments/commands/live/serve_options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <arpa/inet.h>
#include <fmt/format.h>

#include "experiments/commands/live/like.hpp"
#include "experiments/console/options.hpp"
#include "experiments/console/usage_error.hpp"
#include "genome/base/text.hpp"
#include "net/address/this_machine.hpp"

namespace experiments {
namespace {

using genome::base::visible;

constexpr Range<std::int64_t> kTokens{1, 100'000'000};
constexpr Range<std::int64_t> kRequests{1, 10'000};
constexpr Range<std::int64_t> kQueues{0, 100'000};
constexpr Range<std::int64_t> kSeconds{1, 1'000'000};
constexpr Range<std::int64_t> kPorts{0, 65'535};
constexpr Range<std::int64_t> kBranches{1, static_cast<std::int64_t>(replay::kMaxOpened)};

void add_the_controller(CLI::App& command, ServeArguments& arguments) {
  command.add_option("CONTROLLER", arguments.controller, "A name from `evotts list`, a file, or RUN:ID")
      ->required();
  add_server_options(command, arguments.made.server);
  command
      .add_option("--like", arguments.like,
                  "An environment of evotts collect: branches are made, looked into and read as its were")
      ->type_name("FILE");
  command
      .add_option("--beta", arguments.beta, "The knob of token use, from 0 to 1, of requests that name none")
      ->type_name("B")
      ->capture_default_str();
  command.add_option("--budget", arguments.budget, "The controller's budget, of requests that name none")
      ->type_name("TOKENS");
  command
      .add_option("--branches", arguments.branches,
                  "The most branches of a question; those of --like, else 64")
      ->type_name("N");
  command
      .add_option("--finish", arguments.finish,
                  "The most tokens in which a branch that has not ended is finished for its answer")
      ->type_name("TOKENS")
      ->capture_default_str();
}

// What --like tells is not told twice.
void add_what_like_tells(CLI::App& command, ServeArguments& arguments) {
  const auto before = command.get_options([](const CLI::Option*) { return true; });
  add_branch_options(command, arguments.made);
  CLI::Option* const like = command.get_option("--like");
  for (CLI::Option* const option : command.get_options([](const CLI::Option*) { return true; }))
    if (std::ranges::find(before, option) == before.end()) option->excludes(like);
}

void add_the_front(CLI::App& command, ServeArguments& arguments) {
  command.add_option("--host", arguments.host, "The address to listen at; others need --client-key-variable")
      ->type_name("ADDRESS")
      ->capture_default_str();
  command.add_option("--port", arguments.port, "The port to listen at; 0: any that is free")
      ->type_name("PORT")
      ->capture_default_str();
  command
      .add_option("--client-key-variable", arguments.client_key_variable,
                  "The environment variable that holds the key that clients must send")
      ->type_name("VARIABLE");
  command.add_option("--episodes", arguments.episodes, "The most questions under way at a time")
      ->type_name("N")
      ->capture_default_str();
  command.add_option("--queue", arguments.queue, "The most questions that wait; beyond them 429 is answered")
      ->type_name("N")
      ->capture_default_str();
  command
      .add_option("--deadline", arguments.deadline, "How long after its start a question is answered at last")
      ->type_name("SECONDS");
  command.add_option("--drain", arguments.drain, "How long what is under way may take when the server ends")
      ->type_name("SECONDS")
      ->capture_default_str();
}

void add_the_record(CLI::App& command, ServeArguments& arguments) {
  CLI::Option* const record =
      command
          .add_option("--record", arguments.record,
                      "Keep each episode as a line of this file, with question, texts and answer")
          ->type_name("FILE");
  command
      .add_flag("--record-looks", arguments.record_looks,
                "Look after every interval of branches that are advanced, so that they can be imported")
      ->needs(record);
}

void add_the_upstream(CLI::App& command, ServeArguments& arguments) {
  command
      .add_option("--upstream-requests", arguments.upstream_requests,
                  "The most requests to the upstream at a time")
      ->type_name("N")
      ->capture_default_str();
  command.add_option("--request-seconds", arguments.request_seconds, "How long one of them may take")
      ->type_name("SECONDS")
      ->capture_default_str();
  command
      .add_option("--patience", arguments.patience, "How long an upstream that is away or busy is waited for")
      ->type_name("SECONDS")
      ->capture_default_str();
}

std::size_t count_of(const char* option, const std::string& text, Range<std::int64_t> allowed) {
  return static_cast<std::size_t>(whole_number(option, text, allowed));
}

double seconds_of(const char* option, const std::string& text) {
  return static_cast<double>(whole_number(option, text, kSeconds));
}

void expect_address(const ServeArguments& arguments) {
  in6_addr address{};
  const bool six = ::inet_pton(AF_INET6, arguments.host.c_str(), &address) == 1;
  if (!six && ::inet_pton(AF_INET, arguments.host.c_str(), &address) != 1)
    throw UsageError(fmt::format("--host must be an address, as in 127.0.0.1 or ::1, found \"{}\"",
                                 visible(arguments.host, 100)));
  if (!arguments.client_key_variable.empty()) return;
  if (!net::is_this_machine(six ? "[" + arguments.host + "]" : arguments.host))
    throw UsageError(
        fmt::format("--host {} is reached by other machines: that needs --client-key-variable, the key that "
                    "clients must send",
                    arguments.host));
}

live::FrontOptions front_of(const ServeArguments& arguments, const live::CollectSettings& settings,
                            std::size_t branches) {
  live::FrontOptions front{.beta = real_number("--beta", arguments.beta, {0, 1}),
                           .asking = {.system = settings.system, .raw = settings.raw},
                           .episodes = count_of("--episodes", arguments.episodes, kRequests),
                           .queue = count_of("--queue", arguments.queue, kQueues)};
  front.session.branches = arguments.branches ? count_of("--branches", *arguments.branches, kBranches)
                                              : std::clamp<std::size_t>(branches, 1, replay::kMaxOpened);
  if (arguments.budget) front.session.budget = whole_number("--budget", *arguments.budget, kBudgets);
  front.session.look_always = arguments.record_looks;
  if (arguments.deadline) front.seconds = seconds_of("--deadline", *arguments.deadline);
  if (!arguments.client_key_variable.empty()) front.key = key_in(arguments.client_key_variable);
  return front;
}

}  // namespace

void add_serve_options(CLI::App& command, ServeArguments& arguments) {
  add_the_controller(command, arguments);
  add_the_front(command, arguments);
  add_the_record(command, arguments);
  add_the_upstream(command, arguments);
  add_what_like_tells(command, arguments);
}

ServeRequest read_serve_options(const ServeArguments& arguments) {
  expect_address(arguments);
  ServeRequest asked;
  std::size_t branches = replay::kMaxOpened;
  if (arguments.like) {
    Like like = read_like(*arguments.like);
    asked.settings = std::move(like.settings);
    asked.like_model = std::move(like.model);
    branches = like.branches;
  } else {
    asked.settings = read_settings(arguments.made);
    (void)live::ReadingTask(asked.settings.words);  // throws where it is none
  }
  asked.front = front_of(arguments, asked.settings, branches);
  asked.http = {.address = arguments.host,
                .port = static_cast<std::uint16_t>(whole_number("--port", arguments.port, kPorts))};
  asked.http.most_connections =
      std::max(asked.http.most_connections, 2 * (asked.front.episodes + asked.front.queue));
  asked.calls.requests = count_of("--upstream-requests", arguments.upstream_requests, kRequests);
  asked.calls.seconds = seconds_of("--request-seconds", arguments.request_seconds);
  asked.calls.patience = seconds_of("--patience", arguments.patience);
  asked.finish = whole_number("--finish", arguments.finish, kTokens);
  asked.drain = seconds_of("--drain", arguments.drain);
  asked.record = arguments.record;
  return asked;
}

}  // namespace experiments
