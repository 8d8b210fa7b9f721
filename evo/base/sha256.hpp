// sha256.hpp: SHA-256 (FIPS 180-4; by OpenSSL), for digests that people hold each other to.
// Why:      a statement that is published by its digest binds only if nobody can make another text of the
//           same digest. SHA-1 and the fingerprints of environments do not promise that.
// Use:      const std::string digest = sha256_hex(text);   // 64 lowercase hexadecimal digits
// Promises: equal to what `sha256sum` prints.
// Threads:  pure functions.
// Tests:    tests/evo/base/sha256_test.cpp
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace evo {

inline constexpr std::size_t kSha256Digits = 64;

std::string sha256_hex(std::string_view bytes);

// Whether a text looks like one: 64 lowercase hexadecimal digits.
bool is_sha256_hex(std::string_view text);

}  // namespace evo
