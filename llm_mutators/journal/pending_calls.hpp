// pending_calls.hpp: calls of models that were begun, written down before anything is sent.
// Why:      a process may be killed while a call is under way. The call may be charged all the same, so the
//           next process must know of it: a budget that forgets what was lost is passed, kill by kill.
// Use:      PendingCalls calls(spool);
//           calls.sending(digest, worst);   ... send ...   calls.heard(digest, 0);
//           for (const PendingCall& each : calls.all()) ...
// Life:     a file beside the spooled replies while the call is under way. It goes when the call has come to
//           something, unless calls of the same question were lost before: those stay on record for good. It
//           is never committed, as a run that was killed has the trees of one that was not; a replay takes
//           from the journal what was asked, and needs no budget.
// Promises: what sending() and sending_again() note is on the disk before they return. A file that is damaged
//           is taken for one call lost whose price is not known.
// Throws:   genome::base::StorageError.
// Threads:  any, on different digests.
// Tests:    tests/llm_mutators/journal/pending_calls_test.cpp
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "net/ledger.hpp"

namespace llm_mutators {

struct PendingCall {
  std::string digest;  // of the exchange
  net::Amount worst;   // of one call
  int lost = 0;        // calls of processes that ended before they came to anything
  int under_way = 0;  // calls of this or the last process that may be charged, and of which no record says so
  friend bool operator==(const PendingCall&, const PendingCall&) = default;
};

// Calls that may have been paid for and of which nothing came: the process ended while they were under way.
struct LostCalls {
  int calls = 0;
  net::Amount amount;  // at the most
};

class PendingCalls {
 public:
  explicit PendingCalls(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // The first call of an exchange in this process: what was under way in another is lost.
  void sending(const std::string& digest, const net::Amount& worst) const;
  // One more, after one that may be charged.
  void sending_again(const std::string& digest) const;
  // The calls are over; so many of them may be charged, and no record of a reply says so.
  void heard(const std::string& digest, int unrecorded) const;

  std::vector<PendingCall> all() const;  // by digest

 private:
  std::filesystem::path path_of(const std::string& digest) const;
  PendingCall known(const std::string& digest) const;
  void write(const PendingCall& call) const;
  std::filesystem::path folder_;
};

}  // namespace llm_mutators
