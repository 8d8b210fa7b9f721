// cores.hpp: the processor cores that a rank may use, and how many threads it makes of them.
// Why:      mpirun binds each rank of a job of one or two to a single core, where a rank would use one thread
//           without a word, and ranks of larger jobs to the cores of a socket, which they would all use.
// Use:      const Cores cores = share_of_cores(launch);     // before any thread is made
//           hello.threads = cores.threads;
// How:      where the launcher bound the rank by itself, the binding is lifted to the cores that the launcher
//           may use. The ranks of a host share its cores evenly. A binding that the user asked for stays.
// Promises: never fewer than one thread. The remark says what was found, for the user; empty when there is
//           nothing to say.
// Threads:  before others are made: they inherit the binding.
// Tests:    tests/cluster/cores_test.cpp, tests/cluster/mpirun_test.cpp
#pragma once

#include <string>

#include "cluster/launch.hpp"

namespace cluster {

struct Cores {
  unsigned threads = 1;
  std::string remark;
};

// Of `cores` shared by the ranks of a host: the first ranks have one more where they do not divide.
unsigned even_share(unsigned cores, int local_rank, int local_ranks);

// Of a host whose ranks are bound to sets of `bound` of its cores, as to sockets: ranks are taken to be
// spread over the sets, and those of one set share it.
unsigned share_of_binding(unsigned bound, unsigned cores, int local_ranks);

Cores share_of_cores(const Launch& launch);

// Cores that this process may run on by now, at least 1.
unsigned usable_cores();

}  // namespace cluster
