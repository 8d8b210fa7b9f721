// observed.hpp: the values that an episode shows to a controller, as observed.def lists them.
// Why:      the language, the compiler, the machines and the sampler each know something of every observed
//           value; all of it is made from one table.
// Use:      for (const Observed& o : observed_values()) ...
//           numbers[slots::kRound] = 3;   about(Observable::kFinished).name == "finished"
// Promises: constant tables. Slots are fixed places: compiled programs and machines count on them.
// Threads:  any.
// Tests:    tests/genome/tree/observed_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <string_view>

#include "genome/tree/type.hpp"

namespace genome {

// A place among the values of one kind, of the question or of the branch.
using Slot = std::uint16_t;
inline constexpr Slot kNoSlot = 0xFFFF;

enum class Observable : std::uint8_t {
#define OBSERVED(kind, level, identifier, name, varies, drawn, meaning) k##identifier,
#include "genome/tree/observed.def"
};

// When an observed value changes during an episode. The order matters: a later one changes more often.
enum class Varies : std::uint8_t {
  kNever,
  kEachRound,
  kByReveals,    // by reading and probing branches; each revealed answer counts, not the latest alone
  kByActions,    // by opening, reading, advancing or probing branches
  kByAnyAction,  // and by pruning them
};

// How the sampler draws an observed value by itself; not at all where it makes sense only beside others.
struct Drawn {
  bool at_all = false;
  double low = 0, high = 0;  // of a number: whole thresholds that it is compared with
  friend constexpr bool operator==(const Drawn&, const Drawn&) = default;
};

struct Observed {
  Observable observable;
  std::string_view name;
  Type type;
  Slot slot;  // among the values of its kind and of the question (constants included) or the branch
  Varies varies;
  Drawn drawn;
  std::string_view meaning;
};

// All of them, in the order of the enumerators.
std::span<const Observed> observed_values();
const Observed& about(Observable observable);

// The observed value of this name; null when there is none.
const Observed* observed_named(std::string_view name);

// The slots that the episode keeps up to date and compiled code only reads; then, for each sort of value,
// the first slot that a program may use as it likes.
namespace slots {

namespace detail {
inline constexpr Type kTypes[] = {
#define OBSERVED(kind, level, identifier, name, varies, drawn, meaning) {Kind::kind, Level::level},
#include "genome/tree/observed.def"
};

// How many of the first `rows` rows lie together with values of this type.
constexpr Slot count(Type type, std::size_t rows = std::size(kTypes)) {
  Slot slots = 0;
  for (std::size_t i = 0; i < rows; ++i) {
    const bool same_level = (kTypes[i].level == Level::kBranch) == (type.level == Level::kBranch);
    if (kTypes[i].kind == type.kind && same_level) ++slots;
  }
  return slots;
}

constexpr Slot slot_of(Observable observable) {
  const auto row = static_cast<std::size_t>(observable);
  return count(kTypes[row], row);
}
}  // namespace detail

inline constexpr std::size_t kObservables = std::size(detail::kTypes);

#define OBSERVED(kind, level, identifier, name, varies, drawn, meaning) \
  inline constexpr Slot k##identifier = detail::slot_of(Observable::k##identifier);
#include "genome/tree/observed.def"

// Numbers of the branch that change by reveals, bit s for slot s.
inline constexpr std::uint32_t kByReveals = 0U
#define BRANCH_NUMBER(identifier, name, varies, ...) \
  | std::uint32_t{Varies::varies == Varies::kByReveals} << k##identifier
#include "genome/tree/observed.def"
    ;

inline constexpr Slot kFirstNumber = detail::count({Kind::kNumber, Level::kQuestion});
inline constexpr Slot kFirstTruth = detail::count({Kind::kTruth, Level::kQuestion});
inline constexpr Slot kFirstAnswer = detail::count({Kind::kAnswer, Level::kQuestion});
inline constexpr Slot kFirstBranchNumber = detail::count({Kind::kNumber, Level::kBranch});
inline constexpr Slot kFirstBranchTruth = detail::count({Kind::kTruth, Level::kBranch});
inline constexpr Slot kFirstBranchAnswer = detail::count({Kind::kAnswer, Level::kBranch});

}  // namespace slots
}  // namespace genome
