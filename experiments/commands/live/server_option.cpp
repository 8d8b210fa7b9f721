#include "experiments/commands/live/server_option.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <sys/resource.h>

#include "experiments/console/usage_error.hpp"
#include "genome/base/text.hpp"
#include "net/address/key_rules.hpp"
#include "net/address/url.hpp"

namespace experiments {
namespace {

using genome::base::visible;

constexpr rlim_t kOtherFiles = 64;  // that are no connections

void expect_safe_way(const std::string& url, const std::vector<std::string>& hosts) {
  for (const std::string& host : hosts) {
    if (!net::is_host_name(host))
      throw UsageError(fmt::format(
          "--unencrypted-host must be a host, as in gpu.lan or 10.0.0.7, found \"{}\"", visible(host, 100)));
  }
  if (!net::key_may_go_to(url, hosts))
    throw UsageError(
        fmt::format("{} is another machine, reached without encryption: the key is not sent there; "
                    "use https, or --unencrypted-host {} where that network is your own",
                    visible(url, 200), net::host_of(url)));
  if (const auto reader = net::key_refusal(url, hosts))
    throw UsageError(
        fmt::format("{}: the key would go unencrypted to {}; use https, or name {} in no_proxy so that it is "
                    "reached directly",
                    visible(url, 200), *reader, net::host_of(url)));
}

}  // namespace

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
  command
      .add_option("--unencrypted-host", options.unencrypted_hosts,
                  "A host of your own network that may be sent the key without encryption")
      ->type_name("HOST")
      ->allow_extra_args(false);  // it may be given several times, and takes no word behind its own
}

std::string key_in(const std::string& named) {
  const char* const key = std::getenv(named.c_str());
  const std::string variable = visible(named, 100);
  if (key == nullptr || *key == 0)
    throw UsageError(
        fmt::format("the environment variable {}, which is to hold the key, is not set", variable));
  if (!net::is_key(key))
    throw UsageError(
        fmt::format("what {} holds is no key: one has at least 6 letters, digits and signs, and "
                    "neither blanks nor line ends",
                    variable));
  return key;
}

live::Server server_of(const ServerOptions& options) {
  live::Server server{.url = options.url, .key_variable = options.key_variable};
  if (net::host_of(server.url).empty())
    throw UsageError(
        fmt::format("URL must be an http or https address without user, query or fragment, found "
                    "\"{}\"",
                    visible(server.url, 200)));
  if (options.key_variable.empty()) return server;
  const std::string key = key_in(options.key_variable);
  expect_safe_way(server.url, options.unencrypted_hosts);
  server.key = key;
  return server;
}

std::size_t allow_open_files(std::size_t connections) {
  rlimit limit{};
  const rlim_t wanted = connections + kOtherFiles;
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted) return connections;
  const rlim_t before = limit.rlim_cur;
  limit.rlim_cur = std::min<rlim_t>(wanted, limit.rlim_max);
  const rlim_t now = ::setrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : before;
  return now > kOtherFiles ? static_cast<std::size_t>(now) - kOtherFiles : 0;
}

}  // namespace experiments
