// error.hpp: what functions of evotts throw.
// Why:      a caller wants to know whether its user can put something right, and what to show.
// Use:      try {
//             evotts::Environment::load("aime24.json");
//           } catch (const evotts::Error& error) {
//             for (const std::string& message : error.messages()) std::cerr << message << "\n";
//             return error.fault() == evotts::Fault::kInput ? 2 : 1;
//           }
// Promises: bad input and failures of disks or libraries are thrown as this type and no other; beside it
//           there is std::bad_alloc. what() is all messages, each on lines of its own. A message names the
//           file, key or place that it is about; bytes of input in it are shown as text that is harmless.
// Threads:  a value.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace evotts {

enum class Fault {
  kInput,   // the caller or its user can put it right: a text, a path, a number out of range
  kSystem,  // a disk or a library failed
};

class Error : public std::runtime_error {
 public:
  // REQUIRES: at least one message.
  Error(Fault fault, std::vector<std::string> messages);
  ~Error() override;

  Fault fault() const noexcept { return fault_; }
  const std::vector<std::string>& messages() const noexcept { return messages_; }

 private:
  Fault fault_;
  std::vector<std::string> messages_;
};

}  // namespace evotts
