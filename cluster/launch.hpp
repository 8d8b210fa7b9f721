// launch.hpp: whether this process is one of several that mpirun started, and what they talk by.
// Why:      MPI is loaded, which takes its time, only where a launcher asks for it; the program itself is not
//           linked to it, and runs where there is none.
// Use:      if (const auto launch = launch_in(variable)) auto transport = loaded_transport();
// Promises: launch_in() reads variables alone. Nothing of MPI is loaded before loaded_transport().
// Throws:   InputError when the part for MPI is not installed, or is of another version.
// Threads:  one thread.
// Tests:    tests/cluster/launch_test.cpp, tests/cluster/mpirun_test.cpp
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "cluster/transport.hpp"

namespace cluster {

struct Launch {
  int rank = 0, ranks = 1;
  int local_rank = 0, local_ranks = 1;  // on this host
  bool binds = false;                   // the launcher binds ranks to processor cores, and was not asked to
};

using Variable = std::function<std::optional<std::string>(const char* name)>;

// By what OpenMPI's launcher gives its processes; nothing where it is not complete.
std::optional<Launch> launch_in(const Variable& variable);

// Of this process.
std::optional<std::string> variable_here(const char* name);

// MPI's, out of evotts_mpi.so beside the program or in ../lib/evotts.
std::unique_ptr<Transport> loaded_transport();

}  // namespace cluster
