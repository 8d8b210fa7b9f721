#include "evo/base/sha256.hpp"

#include <array>
#include <openssl/evp.h>

#include "genome/base/check.hpp"
#include "genome/base/sha1.hpp"

namespace evo {

std::string sha256_hex(std::string_view bytes) {
  std::array<unsigned char, kSha256Digits / 2> digest{};
  unsigned int size = 0;
  const bool made = EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr) == 1;
  EVOTTS_CHECK(made && size == digest.size());
  return genome::base::hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

bool is_sha256_hex(std::string_view text) {
  return text.size() == kSha256Digits && text.find_first_not_of("0123456789abcdef") == text.npos;
}

}  // namespace evo
