#include "replay/environment/ordering.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <numeric>
#include <random>
#include <utility>

#include "genome/base/check.hpp"
#include "replay/parallel/interruption.hpp"

namespace replay {
namespace {

// Fills the state of std::mt19937 as init_by_array of the Mersenne Twister's authors does, which is
// how CPython seeds it; std::seed_seq mixes differently.
class InitByArray {
 public:
  using result_type = std::uint32_t;  // what the standard asks of a seed sequence

  // CPython's key: the seed in 32-bit words, low word first, without leading zero words.
  explicit InitByArray(std::uint64_t seed)
      : key_{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)},
        key_length_(key_[1] == 0 ? 1 : 2) {}

  template <class Iterator>
  void generate(Iterator begin, Iterator end) const {
    const auto size = static_cast<std::size_t>(end - begin);
    EVOTTS_CHECK(size == std::mt19937::state_size);
    std::array<std::uint32_t, std::mt19937::state_size> state;
    fill(state);
    std::copy(state.begin(), state.end(), begin);
  }

 private:
  static std::uint32_t stirred(std::uint32_t word) { return word ^ (word >> 30); }

  void fill(std::array<std::uint32_t, std::mt19937::state_size>& state) const {
    const std::size_t size = state.size();
    state[0] = 19650218U;
    for (std::size_t i = 1; i < size; ++i) {
      state[i] = 1812433253U * stirred(state[i - 1]) + static_cast<std::uint32_t>(i);
    }
    std::size_t i = 1;
    const auto step = [&] {
      if (++i < size) return;
      state[0] = state[size - 1];
      i = 1;
    };
    for (std::size_t k = 0; k < size; ++k, step()) {
      const std::size_t j = k % key_length_;
      state[i] = (state[i] ^ (stirred(state[i - 1]) * 1664525U)) + key_[j] + static_cast<std::uint32_t>(j);
    }
    for (std::size_t k = 0; k + 1 < size; ++k, step()) {
      state[i] = (state[i] ^ (stirred(state[i - 1]) * 1566083941U)) - static_cast<std::uint32_t>(i);
    }
    state[0] = 0x80000000U;
  }

  std::array<std::uint32_t, 2> key_;
  std::size_t key_length_;
};

// Uniform in [0, limit], by rejection on the top bits of each output as CPython's getrandbits does.
std::uint32_t uniform_up_to(std::mt19937& rng, std::uint32_t limit) {
  const unsigned unused_bits = 32U - static_cast<unsigned>(std::bit_width(limit + 1));
  std::uint32_t drawn;
  do {
    drawn = static_cast<std::uint32_t>(rng()) >> unused_bits;
  } while (drawn > limit);
  return drawn;
}

}  // namespace

std::vector<std::uint32_t> ordering(std::uint64_t seed, std::size_t branches) {
  EVOTTS_CHECK(branches <= std::numeric_limits<std::uint32_t>::max());
  InitByArray seeding(seed);
  std::mt19937 rng(seeding);
  std::vector<std::uint32_t> order(branches);
  std::iota(order.begin(), order.end(), 0U);
  for (std::size_t i = branches; i-- > 1;) {
    std::swap(order[i], order[uniform_up_to(rng, static_cast<std::uint32_t>(i))]);
  }
  return order;
}

Orderings::Orderings(std::uint64_t first_seed, std::size_t count, const std::vector<std::size_t>& sizes)
    : first_seed_(first_seed), count_(count) {
  std::vector<std::size_t> distinct = sizes;
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  for (const std::size_t branches : distinct) {
    Table table{branches, {}};
    table.dealt.reserve(branches * count);
    for (std::size_t index = 0; index < count; ++index) {
      take_breath();
      const std::vector<std::uint32_t> order = ordering(first_seed + index, branches);
      table.dealt.insert(table.dealt.end(), order.begin(), order.end());
    }
    tables_.push_back(std::move(table));
  }
}

std::span<const std::uint32_t> Orderings::at(std::size_t index, std::size_t branches) const {
  EVOTTS_CHECK(index < count_);
  const auto table = std::lower_bound(tables_.begin(), tables_.end(), branches,
                                      [](const Table& t, std::size_t size) { return t.branches < size; });
  EVOTTS_CHECK(table != tables_.end() && table->branches == branches);
  return std::span(table->dealt).subspan(index * branches, branches);
}

}  // namespace replay
