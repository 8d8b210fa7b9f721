// results.hpp: whether a result is one of what was wanted.
// Why:      results come from servers and from other people's programs; nothing in them is taken on trust.
// Use:      expect_fitting(want, result, program.signals.size());
// Promises: what passes is within the limits of recordings (replay/environment/limits.hpp), finite and UTF-8.
// Throws:   replay::InputError that names the branch, what is wrong, and what would be right.
// Threads:  pure function.
// Tests:    tests/live/session/session_test.cpp
#pragma once

#include <cstddef>

#include "live/session/want.hpp"

namespace live {

inline constexpr double kMostSignal = 1e250;                // of a number, so that sums stay finite
inline constexpr std::size_t kMostAnswerBytes = 1U << 20U;  // 1 MiB

// REQUIRES: result.branch is want.branch, and the want takes a result.
void expect_fitting(const Want& want, const Result& result, std::size_t signals);

}  // namespace live
