// ordering.hpp: the orders in which BRANCH deals the recorded branches.
// Why:      published scores are means over orderings made by CPython's random.Random(s).shuffle; ours
//           agree with them digit by digit only if the orderings are the very same.
// Use:      std::vector<std::uint32_t> first = ordering(0, 8);       // 4 1 5 2 0 3 7 6
//           const Orderings orderings(0, 100, {128});                // seeds 0 to 99
//           std::span<const std::uint32_t> dealt = orderings.at(99, 128);
// Promises: ordering(s, n) is random.Random(s).shuffle(list(range(n))) of CPython 3.2 and later, for
//           every 64-bit seed.
// Threads:  ordering is a pure function; Orderings is immutable once made, share it freely.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace replay {

// The permutation of 0 .. branches-1 with this seed.
std::vector<std::uint32_t> ordering(std::uint64_t seed, std::size_t branches);

// The orderings of seeds first_seed, first_seed + 1, ... for every number of branches that occurs,
// each computed once.
class Orderings {
 public:
  // `sizes` are the numbers of branches at() may be asked for, in any order, repeats allowed.
  Orderings(std::uint64_t first_seed, std::size_t count, const std::vector<std::size_t>& sizes);

  std::size_t count() const { return count_; }
  std::uint64_t seed(std::size_t index) const { return first_seed_ + index; }

  // The ordering of seed(index) for a question with this many branches. REQUIRES: index < count() and
  // `branches` was among the sizes.
  std::span<const std::uint32_t> at(std::size_t index, std::size_t branches) const;

 private:
  struct Table {
    std::size_t branches;
    std::vector<std::uint32_t> dealt;  // count_ permutations, one after another
  };

  std::uint64_t first_seed_;
  std::size_t count_;
  std::vector<Table> tables_;  // by branches, ascending
};

}  // namespace replay
