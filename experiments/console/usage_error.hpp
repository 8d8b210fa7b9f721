// usage_error.hpp: what the person at the command line can put right.
// Why:      all problems of a file or a command are told at once, and none of them is our failure.
// Use:      throw UsageError("--orderings must be a whole number from 1 to 10000, found \"0\"");
// Promises: each message says what and where; the command line prints one line "evotts: ..." for each
//           and exits with 2. A message may go on below its first line, as diagnostics of a text do.
// Threads:  any.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace experiments {

class UsageError : public std::runtime_error {
 public:
  explicit UsageError(std::string message) : UsageError(std::vector<std::string>{std::move(message)}) {}
  // REQUIRES: at least one message.
  explicit UsageError(std::vector<std::string> messages)
      : std::runtime_error(joined(messages)), messages_(std::move(messages)) {}

  const std::vector<std::string>& messages() const { return messages_; }

 private:
  static std::string joined(const std::vector<std::string>& messages) {
    std::string all;
    for (const std::string& message : messages) all += (all.empty() ? "" : "\n") + message;
    return all;
  }

  std::vector<std::string> messages_;
};

}  // namespace experiments
