// run_changes.hpp: what a commit changes in the files of a run.
// Why:      the repository is told them and its writer makes trees of them, so neither can own them.
// Use:      repository.commit({.put = {{"best.ctl", text}}, .remove = {"population/0ld.ctl"}}, message);
// Promises: paths go from the root of the run, with '/' between their parts. A path that is removed but is
//           not there, and a file put with the content it has, change nothing.
// Threads:  a value.
#pragma once

#include <map>
#include <set>
#include <string>

namespace evo {

struct RunChanges {
  std::map<std::string, std::string> put;
  std::set<std::string> remove;
};

}  // namespace evo
