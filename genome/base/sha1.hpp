// sha1.hpp: SHA-1 of what comes in pieces.
// Why:      files too large for memory carry checksums as well.
// Use:      Sha1 hash; hash.add(head); hash.add(body); file << hash.bytes();
// Promises: the same however the bytes are cut.
// Threads:  an object belongs to one thread.
// Tests:    tests/genome/base/digest_test.cpp
#pragma once

#include <boost/uuid/detail/sha1.hpp>
#include <string>
#include <string_view>

namespace genome::base {

class Sha1 {
 public:
  void add(std::string_view bytes) { hash_.process_bytes(bytes.data(), bytes.size()); }

  // Of all that was added: 20 bytes. Call it once, at the end.
  std::string bytes();

 private:
  boost::uuids::detail::sha1 hash_;
};

// As lowercase hexadecimal digits, two a byte.
std::string hex(std::string_view bytes);

}  // namespace genome::base
