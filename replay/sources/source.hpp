// source.hpp: from what people write after --env to environments.
// Why:      the command line and experiment files name environments alike: a file, a folder of them, or
//           a made-up one; only here is it known how.
// Use:      auto envs = open_environments(std::vector<std::string>{"recorded/", "synthetic:seed=3"});
// Promises: the order of the specifications is kept, files of a folder are sorted by path; names are
//           different from each other; every mistake is an InputError that names the specification.
// Threads:  reads the file system, otherwise pure.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "replay/environment/environment.hpp"

namespace replay {

// Each specification is a file, a directory (every *.json in it and below; hidden ones and runs are passed
// over), or "synthetic:key=value,..." as in synthetic.hpp ("synthetic:" alone for the defaults).
std::vector<Environment> open_environments(std::span<const std::string> specs);

}  // namespace replay
