// commit_info.hpp: one commit of a run, as the rest of the program sees it.
// Why:      commits.hpp makes it and run_repository.hpp hands it out, so neither can own it.
// Use:      for (const CommitInfo& each : repository.log()) ...
// Promises: trailers are the `Key: value` lines at the end of the message, as git itself finds them
//           (see evo/record/trailers.hpp for the keys).
// Threads:  a value.
#pragma once

#include <cstdint>
#include <string>

#include "evo/base/message_trailers.hpp"

namespace evo {

struct CommitInfo {
  std::string id;
  std::string tree;
  std::string parent;  // The first; empty for the first commit of a run, and where it is cut.
  bool cut = false;    // Its parents are not here: the clone is shallow.
  std::string message;
  TrailerMap trailers;    // Of equal keys the last.
  std::int64_t time = 0;  // Seconds since 1970.
};

}  // namespace evo
