// input_error.hpp: InputError, bad input of any kind.
// Why:      whoever typed a path or wrote a file wants one line that names the place and says what would
//           be right; the command line turns this exception into exit code 2.
// Use:      throw InputError(fmt::format("{}: no questions", genome::base::visible(path)));
// Promises: what() is one line without control characters when built from visible() texts.
// Threads:  pure.
#pragma once

#include <string>
#include <utility>

#include "genome/base/error.hpp"

namespace replay {

struct InputError : genome::base::Error {
  explicit InputError(std::string message) : Error(genome::base::Fault::kInput, std::move(message)) {}
};

}  // namespace replay
