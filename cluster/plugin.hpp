// plugin.hpp: what the program and its part for MPI know of each other.
// Why:      evotts_mpi.so is loaded while the program runs, and must be of the same build.
// Use:      const auto make = reinterpret_cast<PluginMake>(dlsym(library, kPluginMake));
// Promises: the version changes with that of the program, and with kInterface, which counts up when the
//           class Transport changes.
// Threads:  constants.
// Tests:    tests/cluster/mpirun_test.cpp
#pragma once

#include <string_view>

#include "cluster/transport.hpp"

namespace cluster {

inline constexpr const char* kPluginFile = "evotts_mpi.so";
inline constexpr const char* kPluginVersion = "evotts_mpi_version";
inline constexpr const char* kPluginMake = "evotts_mpi_transport";

using PluginVersion = const char* (*)();
using PluginMake = Transport* (*)();

constexpr const char* plugin_version() { return EVOTTS_PLUGIN_VERSION; }

}  // namespace cluster
