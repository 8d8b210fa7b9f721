#include "experiments/console/standard_streams.hpp"

#include <cstdlib>
#include <fcntl.h>
#include <initializer_list>
#include <paths.h>
#include <unistd.h>

namespace experiments {

void open_standard_streams() {
  struct Stream {
    int number, mode;
  };
  // In the mode that the stream is not used in, but for standard error, which never fails.
  for (const auto [number, mode] :
       {Stream{STDIN_FILENO, O_WRONLY}, {STDOUT_FILENO, O_RDONLY}, {STDERR_FILENO, O_WRONLY}}) {
    if (::fcntl(number, F_GETFD) >= 0) continue;
    // The lowest number that is free is given: this one, as those below it are taken.
    if (::open(_PATH_DEVNULL, mode) != number) std::_Exit(EXIT_FAILURE);
  }
}

}  // namespace experiments
