// command_client.hpp: a language model behind a command: it reads a prompt on its standard input and prints
// a reply on its standard output. A coding agent's command line will do, or any script.
// Why:      every model that has a command line can be used without a line of code.
// Use:      CommandClient client({.argv = {"my-agent", "--print"}, .seconds = 300});
//           Reply reply = client.ask(prompt);
// Promises: no shell; nothing but the prompt is passed (environment and working folder are inherited).
//           Prompt and reply may be of any size up to the limit, in any order. At the deadline, on too long
//           a reply, at the end, and when this process ends in whatever way, the command's whole process
//           group is killed. A program that is not there,
//           another exit code than 0 and an empty reply are failures, told with the end of what the
//           command wrote on its standard error (Reply::said, which is for people and is not kept). One
//           that had to be ended may have been charged for. The secret is struck out of all of it.
// Threads:  any number of calls at a time.
// Tests:    tests/llm_mutators/clients/command_client_test.cpp
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "llm_mutators/clients/llm_client.hpp"

namespace llm_mutators {

struct CommandOptions {
  std::vector<std::string> argv;        // the program and its arguments; never empty
  std::string name;                     // for the journal; when empty, the file name of the program
  double seconds = 300;                 // the deadline of a reply
  std::size_t reply_bytes = 1U << 20U;  // a longer reply is none
  std::size_t error_bytes = 600;        // kept of the standard error: its end
  std::function<bool()> stop;           // may be empty; once it says true, waiting ends with a failure
  std::string secret;                   // a key that the program has of the environment; struck out
};

class CommandClient : public LlmClient {
 public:
  explicit CommandClient(CommandOptions options);
  std::string_view name() const override { return options_.name; }
  std::string identity() const override;
  Reply ask(const Prompt& prompt, const MayTryAgain& may_try_again = {}) override;

 private:
  CommandOptions options_;
};

}  // namespace llm_mutators
