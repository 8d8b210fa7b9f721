// server_option.hpp: the options that name a server of models, for all commands that ask one.
// Why:      an address, a model and a key are given, checked and refused in one way.
// Use:      add_server_options(*command, arguments->server);          // --upstream, --model, --key-variable
//           add_server_options(*command, arguments->server, "URL");   // the address stands by itself
//           const live::Server server = server_of(arguments.server);
// Promises: what server_of() gives may be sent its key. UsageError, in one line that never has the key, where
//           the address is none or holds a password, the variable is not set or holds no key, or the key
//           would go to another machine without encryption.
// Threads:  reads the environment of the process, otherwise pure.
// Tests:    tests/experiments/commands/upstream_test.cpp
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "live/upstream/server.hpp"

namespace CLI {
class App;
}

namespace experiments {

struct ServerOptions {
  std::string url, model, key_variable;
  std::vector<std::string> unencrypted_hosts;  // that may be sent the key without encryption
};

// `address` is how the address is given: the name of an option, or of a word that stands by itself.
void add_server_options(CLI::App& command, ServerOptions& options, const std::string& address = "--upstream");

live::Server server_of(const ServerOptions& options);

// The key that an environment variable holds.
std::string key_in(const std::string& variable);

// Connections are open files, one for each request. Gives how many there may be at most.
std::size_t allow_open_files(std::size_t connections);

}  // namespace experiments
