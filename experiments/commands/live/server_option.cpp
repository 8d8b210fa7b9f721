#include "experiments/commands/live/server_option.hpp"

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <fmt/format.h>

#include "experiments/console/usage_error.hpp"
#include "genome/base/text.hpp"
#include "net/key_rules.hpp"

namespace experiments {

using genome::base::visible;

void add_server_options(CLI::App& command, ServerOptions& options, const std::string& address) {
  CLI::Option* const url =
      command.add_option(address, options.url, "Its base address, with /v1 or without")->required();
  if (address.starts_with('-'))
    url->type_name("URL")->description("The server's base address, with /v1 or without");
  command.add_option("--model", options.model, "Which of its models to ask; needed when it has several")
      ->type_name("NAME");
  command
      .add_option("--key-variable", options.key_variable,
                  "The environment variable that holds the key; without it none is sent")
      ->type_name("VARIABLE");
}

live::Server server_of(const ServerOptions& options) {
  live::Server server{.url = options.url, .key_variable = options.key_variable};
  if (net::host_of(server.url).empty())
    throw UsageError(
        fmt::format("URL must be an http or https address without user, query or fragment, found "
                    "\"{}\"",
                    visible(server.url, 200)));
  if (options.key_variable.empty()) return server;
  const char* const key = std::getenv(options.key_variable.c_str());
  const std::string variable = visible(options.key_variable, 100);
  if (key == nullptr || *key == 0)
    throw UsageError(
        fmt::format("the environment variable {}, which is to hold the key, is not set", variable));
  if (!net::is_key(key))
    throw UsageError(
        fmt::format("what {} holds is no key: one has at least 6 letters, digits and signs, and "
                    "neither blanks nor line ends",
                    variable));
  if (!net::key_may_go_to(server.url))
    throw UsageError(
        fmt::format("{} is another machine, reached without encryption: the key is not sent there; "
                    "use https",
                    visible(server.url, 200)));
  server.key = key;
  return server;
}

}  // namespace experiments
