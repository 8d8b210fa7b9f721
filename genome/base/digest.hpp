// digest.hpp: SHA-1 as git uses it.
// Why:      an individual's identity is the git blob id of its canonical text, and checkpoints carry a
//           checksum; both must agree with what git itself computes.
// Use:      std::string id = git_blob_id("controller sc\n...");   // 40 lowercase hex digits
// Promises: equal to `git hash-object --stdin`. Not a defence against forgery: SHA-1 is not one.
// Threads:  pure functions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace genome::base {

// SHA-1 of the bytes, as 40 lowercase hexadecimal digits.
std::string sha1_hex(std::string_view bytes);

// The id git gives a blob with this content.
std::string git_blob_id(std::string_view content);

// An id as people are shown it: its first digits, which tell those of one run apart.
inline constexpr std::size_t kShortIdDigits = 10;
inline std::string short_id(std::string_view id) { return std::string(id.substr(0, kShortIdDigits)); }

}  // namespace genome::base
