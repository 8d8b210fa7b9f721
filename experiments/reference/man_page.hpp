// man_page.hpp: manual pages, of the whole program and of one command.
// Why:      `man evotts` is where many people look first, and a package is expected to have it.
// Use:      print_exactly(man_page(program));
//           print_exactly(man_page_of(*find_command(program, "env synth")));
// Promises: roff for man(7) that groff reads without a warning; no date, so that equal programs give equal
//           pages.
// Threads:  pure functions.
// Tests:    tests/experiments/reference/command_pages_test.cpp
#pragma once

#include <string>

#include "experiments/reference/command_info.hpp"

namespace experiments {

// evotts.1: the program and all its commands.
std::string man_page(const CommandInfo& program);

// evotts-env-synth.1: one command.
std::string man_page_of(const CommandInfo& command);

}  // namespace experiments
