// translation_key.hpp: what the native code of a program depends on.
// Why:      programs that differ in their numbers alone, as the samples of an optimiser do, have the same
//           code: their numbers lie in slots. One translation serves them all.
// Use:      if (translation_key(one) == translation_key(other)) ...  // sections of one are good for both
// Promises: equal keys, equal code. Names, schedules and the values of constants do not count.
// Threads:  pure.
// Tests:    tests/replay/native/translation_key_test.cpp
#pragma once

#include <string>

#include "genome/program/program.hpp"

namespace replay {

// Bytes, for maps: of the order of ten for each instruction.
using TranslationKey = std::string;
TranslationKey translation_key(const genome::Program& program);

}  // namespace replay
