// error.hpp: the two ways in which work on a run can fail.
// Why:      "you named something that is not a usable run" and "the disk or libgit2 failed" need
//           different exit codes and different advice, so they are different types.
// Use:      throw RunError("runs/a: exists already; choose another folder, or resume it");
// Promises: every message names the path; a StorageError names the operation as well. Nothing that was
//           committed is lost when one is thrown.
// Threads:  any.
#pragma once

#include <string>
#include <utility>

#include "genome/base/error.hpp"

namespace evo {

// What the user can put right: the run does not exist, exists already, is locked by another process,
// is not a run, or is damaged. The command line exits with 2.
struct RunError : genome::base::Error {
  explicit RunError(std::string message) : Error(genome::base::Fault::kInput, std::move(message)) {}
};

// Input, output or libgit2 failed. The command line exits with 1.
using genome::base::StorageError;

}  // namespace evo
