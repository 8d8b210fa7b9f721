// command_run.hpp: what a program says to what it is told, with bounds on time and length.
// Why:      models' commands and commands run for an agent need the same: input and output in any order, a
//           deadline, an end to floods, and an ear for the wish to stop.
// Use:      auto child = ChildProcess::start({"my-agent", "--print"});
//           const CommandRun run = run_command(std::move(*child), "a question", {.seconds = 60});
//           if (run.end == CommandRun::End::kExited && run.code == 0) print(run.output);
// Promises: never throws for what the program does. When it returns, the program and all that it started have
//           ended. Of the errors the end is kept; of an output that is too long the beginning.
// Threads:  any number of calls at a time. SIGPIPE is held back in the calling thread for the time of a call.
// Tests:    tests/llm_mutators/clients/command_client_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "llm_mutators/clients/child_process.hpp"

namespace llm_mutators {

struct CommandLimits {
  double seconds = 300;
  std::size_t output_bytes = 1U << 20U;
  std::size_t error_bytes = 600;  // kept of the standard error: its end
  std::function<bool()> stop;     // may be empty; once it says true, the program is ended
};

struct CommandRun {
  enum class End : std::uint8_t {
    kExited,
    kBySignal,
    kLost,     // nobody knows how
    kLate,     // after the deadline
    kTooLong,  // it said more than it may
    kStopped,
  };
  End end = End::kLost;
  int code = 0;  // the exit code, or the number of the signal
  std::string output;
  std::string errors;
};

CommandRun run_command(ChildProcess child, const std::string& input, const CommandLimits& limits);

}  // namespace llm_mutators
