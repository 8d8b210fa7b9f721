// The command that shows the runs of a folder while they grow: watch.
#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <memory>
#include <string>
#include <thread>

#include "experiments/commands/commands.hpp"
#include "experiments/commands/pages/watched_runs.hpp"
#include "experiments/console/options.hpp"
#include "experiments/console/text_file.hpp"
#include "experiments/console/usage_error.hpp"
#include "experiments/pages/page.hpp"
#include "experiments/session/signals.hpp"
#include "genome/base/text.hpp"
#include "net/server/http_server.hpp"

namespace experiments {
namespace {

constexpr Range<std::int64_t> kPorts{0, 65535};

struct Arguments {
  std::string folder = ".", port = "8090";
};

// A page elsewhere may send a browser here under a name of its own; such a name is not answered.
bool is_loopback_host(const net::ServedRequest& request) {
  const auto found = request.headers.find("host");
  if (found == request.headers.end()) return false;
  const std::string name = found->second.substr(0, found->second.rfind(':'));
  return name == "127.0.0.1" || name == "localhost" || name == "[::1]";
}

net::ReplyHead refusal(int status, const std::string& why) {
  return {.status = status, .type = "text/plain; charset=utf-8", .body = why + "\n"};
}

net::ReplyHead data_reply(std::string json) {
  return {.headers = {{"Cache-Control", "no-store"}, {"X-Content-Type-Options", "nosniff"}},
          .body = std::move(json)};
}

void answer(const net::ServedRequest& request, const std::shared_ptr<net::ReplyWriter>& reply,
            const std::string& page, WatchedRuns& runs) {
  if (!is_loopback_host(request)) return reply->send(refusal(403, "ask by 127.0.0.1 or localhost"));
  if (request.method != "GET" && request.method != "HEAD")
    return reply->send(refusal(405, "there is nothing to change here"));
  const std::string path = request.target.substr(0, request.target.find('?'));
  if (path == "/") return reply->send({.type = "text/html; charset=utf-8", .body = page});
  if (path == "/runs.json") return reply->send(data_reply(runs.list()));
  if (path == "/run.json") {
    const std::string query = request.target.substr(path.size());
    constexpr std::string_view kNumber = "?number=";
    if (query.starts_with(kNumber)) {
      // Made by the other thread: the server's must not be kept.
      return runs.want(query.substr(kNumber.size()), [reply](std::optional<std::string> json) {
        reply->send(json ? data_reply(std::move(*json)) : refusal(404, "there is no such run"));
      });
    }
  }
  reply->send(refusal(404, "there are /, /runs.json and /run.json?number=N"));
}

int run_watch(const Arguments& arguments) {
  const auto port = static_cast<std::uint16_t>(whole_number("--port", arguments.port, kPorts));
  WatchedRuns runs(arguments.folder);
  const std::string page = page_html("runs", {{"runs", PageJson::array()}}, PageKind::kServed);
  const StopSignals signals("evotts: ending\n");
  std::unique_ptr<net::HttpServer> server;
  try {
    server = std::make_unique<net::HttpServer>(
        net::HttpServerOptions{.port = port, .most_connections = 64, .body_bytes = 1024},
        [&](const net::ServedRequest& request, const std::shared_ptr<net::ReplyWriter>& reply) {
          answer(request, reply, page, runs);
        });
  } catch (const std::runtime_error& error) {
    throw UsageError(
        fmt::format("nothing can listen at port {}: {}", port, genome::base::visible(error.what(), 200)));
  }
  tell_on_the_way(fmt::format("watching {} at http://127.0.0.1:{}/ (Ctrl-C ends it)\n",
                              genome::base::visible(arguments.folder), server->port()));
  while (!stop_requested()) {
    runs.look();
    std::this_thread::sleep_for(runs.pause());
  }
  runs.end();
  server.reset();
  finish_telling();
  return kGood;
}

}  // namespace

void add_watch_command(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* const watch =
      app.add_subcommand("watch", "Show the runs of a folder in a browser while they grow");
  watch->add_option("FOLDER", arguments->folder, "A run, or a folder with runs in it, up to two folders deep")
      ->capture_default_str();
  watch->add_option("--port", arguments->port, "The port to listen at; 0: any that is free")
      ->type_name("PORT")
      ->capture_default_str();
  watch->footer(
      R"(Listens on this machine alone (127.0.0.1) and only reads. The page has what `evotts report --no-episodes`
shows, and is renewed as generations are committed; a run whose page takes long to make is renewed less
often. Runs may come, go and be moved meanwhile.

Example: evotts watch runs)");
  watch->callback([arguments, &action] { action = [arguments] { return run_watch(*arguments); }; });
}

}  // namespace experiments
