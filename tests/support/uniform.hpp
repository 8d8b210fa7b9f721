// uniform.hpp: draws of rapidcheck that do not depend on the size of the case.
// Why:      rapidcheck scales its generators with the size, which grows from 0 to 100 over the cases of a
//           property. inRange(0, 1000) has a mean of 245, reaches 900 in one case of 200, and its first case
//           is always the minimum: a damage position drawn so hardly ever lies in the second half of a file.
// Use:      const auto at = *tests::uniform<std::size_t>(0, bytes.size());   // the end is excluded
//           bytes[at] = *tests::uniform_char();
// Promises: every value is equally likely in every case. The seed of RC_PARAMS repeats the draws, and a
//           failing draw shrinks towards the least value, as with inRange. An empty range fails the test.
// Threads:  pure functions.
// Tests:    tests/support/uniform_test.cpp
#pragma once

#include <cstdint>
#include <rapidcheck.h>
#include <stdexcept>
#include <type_traits>

namespace tests {

template <typename T>
rc::Gen<T> uniform(T least, T end) {
  static_assert(std::is_integral_v<T>);
  if (least >= end) throw std::invalid_argument("uniform: an empty range");
  const std::uint64_t values = static_cast<std::uint64_t>(end) - static_cast<std::uint64_t>(least);
  return [least, values](const rc::Random& random, int /*size*/) {
    rc::Random stream(random);
    const std::uint64_t offset = stream.next() % values;  // its bias is below values / 2^64
    return rc::shrinkable::shrinkRecur(static_cast<T>(static_cast<std::uint64_t>(least) + offset),
                                       [least](T value) { return rc::shrink::towards(value, least); });
  };
}

inline rc::Gen<char> uniform_char() {
  return rc::gen::map(uniform(0, 256), [](int byte) { return static_cast<char>(byte); });
}

}  // namespace tests
