// open_files.hpp: whether this process, or the system, can open another file.
// Why:      libraries call a file that could not be opened missing or damaged, whatever the reason; with too
//           many open files that is wrong, and nobody finds out from it what to do.
// Use:      throw InputError(fmt::format("{}: cannot be read{}", path, open_files_advice()));
// Promises: the advice is empty while files can be opened. Every Error has it in its message by itself.
// Threads:  any.
// Tests:    tests/genome/base/error_test.cpp
#pragma once

#include <string>
#include <string_view>

namespace genome::base {

// "; too many files are open (at most 64): raise the limit with 'ulimit -n 1024'", or nothing. A message that
// says so in the system's words is believed: some may have been closed since.
std::string open_files_advice(std::string_view message = {});

}  // namespace genome::base
