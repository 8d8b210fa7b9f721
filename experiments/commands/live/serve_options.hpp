// serve_options.hpp: the options of `evotts serve`, and what they ask for.
// Why:      there are many; the command itself should read as what it does.
// Use:      add_serve_options(*command, *arguments);  ...  const ServeRequest asked =
//           read_serve_options(arguments);
// Promises: UsageError names the option and says what would be right. An address that other machines reach
//           is taken with a client key alone.
// Threads:  reads the file of --like and the environment of the process, otherwise pure.
// Tests:    tests/experiments/commands/serve_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "experiments/commands/live/collect_options.hpp"
#include "live/serve/front.hpp"

namespace experiments {

// As they were written.
struct ServeArguments {
  std::string controller;
  CollectArguments made;  // how branches are made, without --like; and the server
  std::optional<std::string> like;
  std::string beta = "0.5", host = "127.0.0.1", port = "8080", finish = "1024";
  std::optional<std::string> branches, budget, deadline;
  std::string episodes = "32", queue = "256", upstream_requests = "256";
  std::string request_seconds = "1200", patience = "60", drain = "600";
  std::string client_key_variable;
  std::optional<std::string> record;
  bool record_looks = false;
};

// What they mean.
struct ServeRequest {
  live::CollectSettings settings;
  std::string like_model;  // empty: not told
  live::FrontOptions front;
  net::HttpServerOptions http;
  live::CallOptions calls;
  std::int64_t finish = 0;
  double drain = 0;                   // seconds
  std::optional<std::string> record;  // the file that episodes are kept in
};

void add_serve_options(CLI::App& command, ServeArguments& arguments);

ServeRequest read_serve_options(const ServeArguments& arguments);

}  // namespace experiments
