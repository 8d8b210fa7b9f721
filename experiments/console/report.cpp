#include "experiments/console/report.hpp"

#include <cstdio>

#include "experiments/terminal/live_line.hpp"
#include "genome/base/text.hpp"

namespace experiments {

// In one call, so that lines of several threads do not mix.
void report(const std::string& message) {
  clear_live_line();
  std::fputs(("evotts: " + genome::base::block(message) + "\n").c_str(), stderr);
}

}  // namespace experiments
