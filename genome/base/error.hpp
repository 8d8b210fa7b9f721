// error.hpp: what every exception of this project derives from: messages, and whose fault it is.
// Why:      a command exits with 2 for what its user can put right and with 1 for what failed by itself; that
//           is decided in one place, from the type, so that a new kind of error cannot be forgotten.
// Use:      struct InputError : Error { explicit InputError(std::string m) : Error(Fault::kInput, m) {} };
//           catch (const base::Error& e) { for (const std::string& m : e.messages()) report(m); }
// Promises: what() is all messages, one a line. A message names the file, option or place it is about. When
//           no more files can be opened, the last message says so, and how the limit is raised.
// Threads:  any.
// Tests:    tests/genome/base/error_test.cpp
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace genome::base {

enum class Fault : std::uint8_t {
  kInput,   // the user can put it right: a command exits with 2
  kSystem,  // a disk, a server, a library failed: a command exits with 1
};

class Error : public std::runtime_error {
 public:
  Error(Fault fault, std::string message) : Error(fault, std::vector<std::string>{std::move(message)}) {}
  // REQUIRES: at least one message.
  Error(Fault fault, std::vector<std::string> messages);

  Fault fault() const { return fault_; }
  const std::vector<std::string>& messages() const { return messages_; }

 private:
  struct Advised {};
  Error(Advised, Fault fault, std::vector<std::string> messages)
      : std::runtime_error(joined(messages)), fault_(fault), messages_(std::move(messages)) {}

  static std::string joined(const std::vector<std::string>& messages) {
    std::string all;
    for (const std::string& message : messages) all += (all.empty() ? "" : "\n") + message;
    return all;
  }

  Fault fault_;
  std::vector<std::string> messages_;
};

// Input or output failed: a full disk, no permission, an unreadable pack. It names path and operation.
struct StorageError : Error {
  explicit StorageError(std::string message) : Error(Fault::kSystem, std::move(message)) {}
};

}  // namespace genome::base
