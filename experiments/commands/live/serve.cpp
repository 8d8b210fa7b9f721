// The command that answers questions of others by a controller: serve.
#include <CLI/CLI.hpp>
#include <chrono>
#include <fmt/format.h>
#include <memory>
#include <thread>

#include "evo/base/program_version.hpp"
#include "experiments/commands/commands.hpp"
#include "experiments/commands/live/branch_making.hpp"
#include "experiments/commands/live/serve_options.hpp"
#include "experiments/console/output_file.hpp"
#include "experiments/console/report.hpp"
#include "experiments/console/text_file.hpp"
#include "experiments/console/usage_error.hpp"
#include "experiments/session/signals.hpp"
#include "experiments/sources/controller_source.hpp"
#include "genome/base/text.hpp"
#include "genome/program/compiler.hpp"
#include "genome/text/printer.hpp"
#include "live/discovery/discovery.hpp"
#include "live/record/episode_recorder.hpp"
#include "live/record/made.hpp"

namespace experiments {
namespace {

using genome::base::visible;

constexpr auto kBetweenLooks = std::chrono::milliseconds(50);
constexpr std::size_t kOtherClients = 8;  // who wait, or ask how the server is
constexpr double kLastWords = 2;          // seconds, for clients to hear that the server has ended

std::unique_ptr<net::HttpServer> listening(const net::HttpServerOptions& options,
                                           const std::shared_ptr<live::Front>& front) {
  try {
    return std::make_unique<net::HttpServer>(
        options,
        [front](net::ServedRequest request, std::shared_ptr<net::ReplyWriter> reply) {
          front->handle(std::move(request), std::move(reply));
        },
        [front](const net::ServedRequest& head) { return front->refused_at_once(head); });
  } catch (const std::runtime_error& error) {
    throw UsageError(fmt::format("nothing can listen at {}, port {}: {}", options.address, options.port,
                                 visible(error.what(), 200)));
  }
}

// Connections of clients must leave those to the upstream their files.
void share_open_files(ServeRequest& asked) {
  const std::size_t requests = asked.calls.requests, clients = asked.http.most_connections;
  const std::size_t allowed = allow_open_files(requests + clients);
  if (allowed >= requests + clients) return;
  const std::size_t least = asked.front.episodes + kOtherClients;
  if (allowed < requests + least)
    throw UsageError(fmt::format(
        "so few files may be open (ulimit -n) that {} connections are left: --upstream-requests {} "
        "and --episodes {} need {}; lower them, or raise the limit by {}",
        allowed, requests, asked.front.episodes, requests + least, requests + least - allowed));
  asked.http.most_connections = allowed - requests;
}

void tell_where(const ServeRequest& asked, const std::string& controller, const live::Capabilities& can,
                std::uint16_t port) {
  const std::string& host = asked.http.address;
  const bool six = host.find(':') != std::string::npos;
  tell_on_the_way(fmt::format("serving {} by {} at http://{}:{}/v1, beta {}, grade {}\n",
                              visible(asked.front.model, 200), visible(controller, 200),
                              six ? "[" + host + "]" : host, port, asked.front.beta, name_of(grade_of(can))));
}

// Nothing where episodes are not kept.
std::unique_ptr<live::EpisodeRecorder> recorder_of(const ServeRequest& asked) {
  if (!asked.record) return nullptr;
  expect_folder_of(*asked.record);
  try {
    return std::make_unique<live::EpisodeRecorder>(*asked.record, report);
  } catch (const genome::base::StorageError& error) {
    throw UsageError(fmt::format("--record: {}", error.what()));
  }
}

void record_in(live::EpisodeRecorder& recorder, const NamedController& named, const live::Capabilities& can,
               ServeRequest& asked) {
  asked.front.head = {.program = evo::program_version(),
                      .controller = named.label,
                      .digest = genome::identity(named.controller.tree()),
                      .made = made_json(asked.settings, live::ReadingTask(asked.settings.words), can).dump()};
  asked.front.record = [&recorder](live::EpisodeRecord it) { recorder.add(std::move(it)); };
  asked.front.recorded = [&recorder] { return recorder.counts(); };
}

int run_serve(const ServeArguments& arguments) {
  ServeRequest asked = read_serve_options(arguments);
  const NamedController named = resolve_controller(arguments.controller);
  genome::Program program = genome::compile(named.controller);
  live::Server server = server_of(arguments.made.server);
  if (!server.key.empty() && server.key == asked.front.key)
    throw UsageError("the clients' key is that of the upstream: whoever may ask here could ask there");
  const std::unique_ptr<live::EpisodeRecorder> recorder = recorder_of(asked);  // outlives what is below
  const StopSignals signals(
      "evotts: ending once what is under way is answered; a second signal ends at once\n");
  server.stop = stop_requested;
  share_open_files(asked);
  const live::Capabilities can = discover(server, arguments.made.server.model);
  expect_servable(program, can, !asked.settings.raw);
  if (!asked.like_model.empty() && asked.like_model != can.model)
    report(fmt::format("--like was recorded of the model {}, and this is {}", visible(asked.like_model, 200),
                       visible(can.model, 200)));
  server.stop = nullptr;  // what is under way goes on
  asked.front.model = can.model.empty() ? "evotts" : can.model;
  asked.front.on_failure = [](const std::string& why) { report("a question failed: " + visible(why, 500)); };

  if (recorder) record_in(*recorder, named, can, asked);

  live::Upstream upstream(server, can, asked.calls, asked.settings.sampling);
  const auto front = live::Front::make(
      asked.front, std::make_shared<live::Serving>(serving_of(asked.settings, asked.finish, upstream)),
      std::move(program), upstream);
  const auto listener = listening(asked.http, front);
  tell_where(asked, named.label, can, listener->port());
  while (!stop_requested()) std::this_thread::sleep_for(kBetweenLooks);
  listener->drain(asked.drain);
  front->stop();
  listener->drain(kLastWords);
  finish_telling();
  return kGood;
}

}  // namespace

void add_serve_command(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<ServeArguments>();
  CLI::App* const command =
      app.add_subcommand("serve", "Answer chats by a controller whose branches run at a server of models");
  add_serve_options(*command, *arguments);
  command->footer(
      R"(Speaks the protocol of chat completions, plain and streamed, at /v1/chat/completions; besides there are
/v1/models, /health and /metrics. Each question is an episode of the controller, whose branches are begun,
lengthened, looked into and dropped at the upstream. A request may name its beta, as in "model": "NAME@0.8".
The first SIGINT or SIGTERM lets what is under way end, a second one ends at once. docs/serve.md tells more.

Example: evotts serve cmc --upstream http://127.0.0.1:8000/v1 --like recorded/mine.json
         evotts serve best.ctl --upstream http://127.0.0.1:8000/v1 --task number --interval 250 --beta 0.3)");
  command->callback([arguments, &action] { action = [arguments] { return run_serve(*arguments); }; });
}

}  // namespace experiments
