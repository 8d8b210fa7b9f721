// team.hpp: the other ranks, as rank 0 knows them.
// Why:      ranks that would compute other digits are found before anything is scored; and how much a rank
//           is given at a time depends on its threads and on how long a message takes.
// Use:      Team team(transport, hello);
//           tell(team.text());                    // "4 ranks on 2 hosts, 16 threads"
//           end_all(transport);
// Promises: everybody has the program and the C library of rank 0.
// Throws:   RankError that names rank, host and cause, for each that has not.
// Threads:  one thread, that of the transport.
// Tests:    tests/cluster/team_test.cpp
#pragma once

#include <string>
#include <vector>

#include "cluster/messages.hpp"
#include "cluster/transport.hpp"
#include "genome/base/error.hpp"

namespace cluster {

// What the user can put right: a host that does not fit.
struct RankError : genome::base::Error {
  explicit RankError(std::vector<std::string> messages)
      : Error(genome::base::Fault::kInput, std::move(messages)) {}
};

struct Member {
  int rank = 0;
  Hello hello;
  double round_trip = 0;  // seconds from a message to its answer, at best
};

// "rank 2 on host b"
std::string name_of(const Member& member);

// All others end their work, in order; nothing may be sent after it. By rank 0.
void end_all(Transport& transport);

class Team {
 public:
  // Waits until all have said who they are. The transport must outlive it.
  Team(Transport& transport, Hello own);

  Transport& transport() const { return *transport_; }
  const Hello& own() const { return own_; }
  const std::vector<Member>& others() const { return others_; }  // by rank, from 1 on
  const Member& other(int rank) const;
  unsigned threads() const;       // of all
  unsigned threads_here() const;  // of the ranks on the host of rank 0

  std::string text() const;
  // What is to be said about processor cores, a line each.
  std::vector<std::string> remarks() const;

 private:
  void await_hellos();
  void expect_alike() const;
  void measure();

  Transport* transport_;
  Hello own_;
  std::vector<Member> others_;
};

}  // namespace cluster
