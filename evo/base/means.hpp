// means.hpp: how means over environments are taken.
// Why:      checkpoints before version 4 come from programs that added up rounded shares. What they chose
//           hung on last digits, so their runs are repeated, and their scores made again, in their way.
// Use:      experiment.means = state.exact ? Means::kExact : Means::kRounded;
// Threads:  a constant.
#pragma once

#include <cstdint>

namespace evo {

enum class Means : std::uint8_t {
  kExact,    // see evo/population/exact_means.hpp
  kRounded,  // of an earlier program; equal means may come out apart in their last bit
};

}  // namespace evo
