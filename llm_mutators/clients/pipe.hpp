// pipe.hpp: a pipe to a process that is about to be started.
// Why:      commands and their guards are reached through pipes that no other process may inherit.
// Use:      if (auto pipe = make_pipe()) ... pipe->read_end.number() ...
// Promises: both ends are closed on exec and lie above the standard streams, where the child's own are put.
// Threads:  any.
// Tests:    tests/llm_mutators/clients/command_client_test.cpp
#pragma once

#include <fcntl.h>
#include <optional>
#include <unistd.h>
#include <utility>

#include "genome/base/descriptor.hpp"

namespace llm_mutators {

struct Pipe {
  genome::base::Descriptor read_end, write_end;
};

inline genome::base::Descriptor above_standard_streams(genome::base::Descriptor low) {
  if (!low.open() || low.number() > STDERR_FILENO) return low;
  return genome::base::Descriptor(::fcntl(low.number(), F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
}

// Nothing when there are too many open files; errno tells.
inline std::optional<Pipe> make_pipe() {
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0) return std::nullopt;
  Pipe pipe{above_standard_streams(genome::base::Descriptor(ends[0])),
            above_standard_streams(genome::base::Descriptor(ends[1]))};
  if (!pipe.read_end.open() || !pipe.write_end.open()) return std::nullopt;
  return pipe;
}

}  // namespace llm_mutators
