// usage_error.hpp: what the person at the command line can put right.
// Why:      all problems of a file or a command are told at once, and none of them is our failure.
// Use:      throw UsageError("--orderings must be a whole number from 1 to 10000, found \"0\"");
// Promises: each message says what and where; the command line prints one line "evotts: ..." for each
//           and exits with 2. A message may go on below its first line, as diagnostics of a text do.
// Threads:  any.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "genome/base/error.hpp"

namespace experiments {

struct UsageError : genome::base::Error {
  explicit UsageError(std::string message) : Error(genome::base::Fault::kInput, std::move(message)) {}
  // REQUIRES: at least one message.
  explicit UsageError(std::vector<std::string> messages)
      : Error(genome::base::Fault::kInput, std::move(messages)) {}
};

}  // namespace experiments
