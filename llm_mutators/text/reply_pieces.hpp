// reply_pieces.hpp: what every way to read a reply shares: lines, the hypothesis, and how faults are told.
// Why:      the rules by which a controller is found change, and runs keep those they began with; the rest is
//           one thing.
// Use:      for (const std::string_view line : lines_of(text)) ...
// Promises: as reply.hpp.
// Threads:  pure functions.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "genome/text/checker.hpp"
#include "genome/tree/diagnostic.hpp"

namespace llm_mutators {

inline constexpr std::size_t kLongestHypothesis = 300;  // bytes

// Without their ends and a byte order mark.
std::vector<std::string_view> lines_of(std::string_view text);

// Of the first line `HYPOTHESIS: ...`; or nothing.
std::string hypothesis_in_lines(std::span<const std::string_view> lines);

// The errors, each with its line.
std::string faults_of(genome::Diagnostics all, std::string_view text);

// The controller by the name that all children have.
std::optional<genome::CheckedController> as_evolved(const genome::CheckedController& controller);

}  // namespace llm_mutators
