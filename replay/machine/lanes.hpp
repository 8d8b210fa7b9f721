// lanes.hpp: how branch values lie in memory: a lane for each of at most 64 branches, or a bit of a word.
// Why:      whole-set expressions become short loops over arrays that compilers turn into vector code.
// Threads:  values.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "replay/environment/environment.hpp"

namespace replay {

inline constexpr std::size_t kMaxOpened = 64;  // an episode opens no more

template <typename T>
struct alignas(64) Lanes {
  std::array<T, kMaxOpened> at{};
  T& operator[](std::size_t lane) { return at[lane]; }
  const T& operator[](std::size_t lane) const { return at[lane]; }
};
using NumberLanes = Lanes<double>;
using AnswerLanes = Lanes<AnswerId>;
using Mask = std::uint64_t;  // a set of branches, branch i at bit i

constexpr Mask bit(std::size_t lane) { return Mask{1} << lane; }
// The first `count` branches.
constexpr Mask first_lanes(std::size_t count) { return count >= kMaxOpened ? ~Mask{0} : bit(count) - 1; }

// Calls visit(lane) for each branch of the set in opening order.
template <typename Visit>
void for_each_lane(Mask set, Visit visit) {
  for (; set != 0; set &= set - 1) visit(static_cast<std::size_t>(std::countr_zero(set)));
}

}  // namespace replay
