// transport.hpp: bytes between the processes of one job, its ranks.
// Why:      evaluation on many machines is by MPI, which is loaded only where a launcher asks for it; all
//           that decides who does what is told of it by this interface, and can be tested without.
// Use:      transport.send(0, Tag::kSums, bytes);
//           while (const auto message = transport.receive()) handle(*message);
// Promises: messages between two ranks arrive in the order in which they were sent. send() does not wait for
//           the other side, and receive() waits for nobody. Rank 0 holds the run.
// Throws:   TransportError where a message cannot be sent or received.
// Threads:  all calls by the thread that made it.
// Tests:    tests/cluster/coordinator_test.cpp, tests/cluster/mpirun_test.cpp
#pragma once

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>

#include "cluster/tag.hpp"

namespace cluster {

// Of the language's own kind, as it is thrown by a library that is loaded later too.
struct TransportError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Rank 0 ended the work while this rank waited for something else. No failure.
struct WorkIsOver {};

struct Message {
  int from = 0;
  Tag tag = Tag::kEnd;
  std::string bytes;
};

class Transport {
 public:
  virtual ~Transport() = default;

  virtual int rank() const = 0;
  virtual int size() const = 0;
  virtual std::string host() const = 0;

  virtual void send(int to, Tag tag, std::string bytes) = 0;
  virtual std::optional<Message> receive() = 0;
  // Of what was sent from here, how much is still kept for those who did not take it yet.
  virtual std::size_t bytes_under_way() = 0;

  // The orderly end, by all ranks together; nothing may be called after it.
  virtual void end() = 0;
  // Ends the whole job at once. REQUIRES: 1 to 255, or the launcher would tell of success.
  [[noreturn]] virtual void abort(int code) = 0;
};

}  // namespace cluster
