// rng.hpp: random streams keyed by what they are for, never by thread or by call order.
// Why:      the same experiment and seed must give the same result on any number of threads, and
//           after any kill and resume; so a stream is a pure function of its key.
// Use:      auto rng = keyed_stream(seed, Purpose::kProposal, generation, index);
//           auto rng = keyed_stream(seed, Stream::kTuning, generation, index);
//           int die = uniform_int(rng, 1, 6);
// Promises: equal keys give equal streams on every platform. Distributions come from Boost.Random,
//           whose algorithms are fixed (those of the C++ standard library are not).
// Threads:  a stream belongs to one thread; making streams is free of state.
#pragma once

#include <boost/random/normal_distribution.hpp>
#include <boost/random/uniform_01.hpp>
#include <boost/random/uniform_int_distribution.hpp>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>

#include "genome/base/check.hpp"

namespace genome::base {

// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", OOPSLA 2014).
class Rng {
 public:
  using result_type = std::uint64_t;

  explicit constexpr Rng(std::uint64_t seed) : state_(seed) {}
  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return std::numeric_limits<result_type>::max(); }

  constexpr result_type operator()() {
    state_ += 0x9E3779B97F4A7C15ULL;
    return scramble(state_);
  }

  static constexpr std::uint64_t scramble(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
  }

 private:
  std::uint64_t state_;
};

// What a stream is for. The numbers are part of what makes a run repeatable: never reuse or reorder.
enum class Purpose : std::uint64_t {
  kFounders = 1,
  kProposal = 2,
  kSelection = 3,
  kBootstrap = 4,
  kSynthetic = 5,
  kTest = 6,
  kReweighting = 7,
  kFolds = 8,
  kIslands = 9,
  kHeldOut = 10,
};

// The stream of (seed, purpose, a, b, c), e.g. a = generation, b = index of the child.
constexpr Rng keyed_stream(std::uint64_t seed, Purpose purpose, std::uint64_t a = 0, std::uint64_t b = 0,
                           std::uint64_t c = 0) {
  std::uint64_t key = Rng::scramble(seed + 0x9E3779B97F4A7C15ULL);
  for (const std::uint64_t part : {static_cast<std::uint64_t>(purpose), a, b, c}) {
    key = Rng::scramble(key ^ (part + 0x9E3779B97F4A7C15ULL));
  }
  return Rng(key);
}

// Where a purpose has several streams, which of them (see streams.def): its purpose, then its number.
enum class Stream : std::uint64_t {
#define STREAM(identifier, purpose, number) \
  identifier = static_cast<std::uint64_t>(Purpose::purpose) << 8 | number,
#include "genome/base/streams.def"
#undef STREAM
};

constexpr Purpose purpose_of(Stream stream) {
  return static_cast<Purpose>(static_cast<std::uint64_t>(stream) >> 8);
}
constexpr std::uint64_t number_of(Stream stream) { return static_cast<std::uint64_t>(stream) & 0xFF; }

static_assert(
    [] {
      constexpr Stream all[] = {
#define STREAM(identifier, purpose, number) Stream::identifier,
#include "genome/base/streams.def"
#undef STREAM
      };
      for (const Stream& a : all) {
        for (const Stream& b : all) {
          if (&a != &b && a == b) return false;
        }
      }
      return true;
    }(),
    "two streams of a purpose have the same number");

// The stream with its number as the last part of the key.
constexpr Rng keyed_stream(std::uint64_t seed, Stream stream, std::uint64_t a = 0, std::uint64_t b = 0) {
  return keyed_stream(seed, purpose_of(stream), a, b, number_of(stream));
}

// A whole number uniform in [low, high], both included; low <= high.
inline std::int64_t uniform_int(Rng& rng, std::int64_t low, std::int64_t high) {
  EVOTTS_CHECK(low <= high);
  return boost::random::uniform_int_distribution<std::int64_t>(low, high)(rng);
}

// An index uniform in [0, size); size > 0.
inline std::size_t uniform_index(Rng& rng, std::size_t size) {
  EVOTTS_CHECK(size > 0);
  return static_cast<std::size_t>(uniform_int(rng, 0, static_cast<std::int64_t>(size) - 1));
}

// Uniform in [0, 1).
inline double uniform_real(Rng& rng) { return boost::random::uniform_01<double>()(rng); }

// True with the given probability in [0, 1].
inline bool chance(Rng& rng, double probability) { return uniform_real(rng) < probability; }

// Normal with mean 0 and deviation 1.
inline double normal(Rng& rng) { return boost::random::normal_distribution<double>()(rng); }

}  // namespace genome::base
