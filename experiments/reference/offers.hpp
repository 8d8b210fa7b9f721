// offers.hpp: what may be offered for a value on the command line, each with its meaning.
// Why:      shells complete the same values, and those that can show a meaning beside each.
// Use:      for (const Offer& each : offered(option)) ... each.word ... each.meaning
// Promises: values of a few words, names of controllers, keys of experiment files and words of the language.
//           Meanings are a line each, from the tables that explain them elsewhere; none is empty.
// Threads:  pure functions.
// Tests:    tests/experiments/reference/completion_test.cpp
#pragma once

#include <string>
#include <vector>

#include "experiments/reference/command_info.hpp"

namespace experiments {

struct Offer {
  std::string word, meaning;
};

// None where anything may stand, or files are.
std::vector<Offer> offered(const OptionInfo& option);

// Whether a file may stand there too.
bool takes_files(const OptionInfo& option);

// Whether the value is the name of a command, word by word: "env synth".
bool takes_command(const OptionInfo& option);

// The known controllers, with the first sentence of the comment that each begins with.
std::vector<Offer> described_controllers();

}  // namespace experiments
