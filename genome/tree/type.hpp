// type.hpp: the types of the language: number, truth or answer; of a constant, the question or the branch.
// Why:      the vocabulary gives every observed value a type, and typing looks words up in the vocabulary;
//           both build on this.
// Use:      constexpr Type set{Kind::kTruth, Level::kBranch};   describe(set) == "truth of the branch"
// Promises: plain values; the order of Level is part of its meaning.
// Threads:  values.
// Tests:    tests/genome/tree/typing_test.cpp
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace genome {

enum class Kind : std::uint8_t { kUnknown, kNumber, kTruth, kAnswer };

// Of what a value is. A constant depends on beta alone; the order matters: an expression is of the
// highest level it mentions, unless a reduction or a vote has folded the branches.
enum class Level : std::uint8_t { kConstant, kQuestion, kBranch };

struct Type {
  Kind kind = Kind::kUnknown;
  Level level = Level::kConstant;
  friend constexpr bool operator==(Type, Type) = default;
};

std::string_view name_of(Kind kind);  // "number", "truth", "answer"
std::string describe(Type type);      // "number of the branch"

}  // namespace genome
