// keys_page.hpp: the reference of experiment files, as a page and as text for a terminal.
// Why:      docs/experiment-file.md and `evotts keys` say the same, from the tables that files are read by.
// Use:      print(keys_page());   print(keys_text(keys_like("orderings")));
// Promises: every key is there, with its default, unit, values, meaning and when to change it.
// Threads:  pure functions.
// Tests:    tests/experiments/reference/keys_page_test.cpp
#pragma once

#include <span>
#include <string>

#include "experiments/reference/key_list.hpp"

namespace experiments {

// docs/experiment-file.md.
std::string keys_page();

// All that is known of these.
std::string keys_text(std::span<const KeyInfo* const> keys);

// The example of the page.
std::string example_experiment();

}  // namespace experiments
