#include "net/address/key_rules.hpp"

#include <gtest/gtest.h>

#include "net/address/this_machine.hpp"

namespace net {
namespace {

TEST(KeyRules, AKeyGoesUnencryptedToThisMachineOnly) {
  for (const char* good : {"https://api.example.com/v1", "http://localhost:8080/v1", "http://127.0.0.1/v1",
                           "http://127.1.2.3:80/v1", "http://[::1]:80/v1", "HTTPS://api.example.com"})
    EXPECT_TRUE(key_may_go_to(good)) << good;
  for (const char* bad : {"http://api.example.com/v1", "HTTP://api.example.com/v1",
                          "http://localhost.example.com", "http://127.0.0.1.example.com/", "http://10.0.0.1/",
                          "http://user@localhost/", "http:/api.example.com/v1"})
    EXPECT_FALSE(key_may_go_to(bad)) << bad;
}

TEST(KeyRules, ThisMachineIsKnownByItsNamesAndNumbers) {
  for (const char* here : {"localhost", "127.0.0.1", "127.255.255.254", "[::1]"})
    EXPECT_TRUE(is_this_machine(here)) << here;
  for (const char* there : {"", "example.com", "128.0.0.1", "127.example.com", "localhost.localdomain"})
    EXPECT_FALSE(is_this_machine(there)) << there;
}

TEST(KeyRules, AKeyIsVisibleCharacters) {
  EXPECT_TRUE(is_key("sk-0123456789"));
  for (const char* bad : {"", "short", "two words", "line\nend", "tab\there", "caf\xC3\xA9-key"})
    EXPECT_FALSE(is_key(bad)) << bad;
}

TEST(KeyRules, KeysAreStruckOut) {
  EXPECT_EQ(without_secret("a secret1 b secret1secret1", "secret1"), "a [key] b [key][key]");
  EXPECT_EQ(without_secret("nothing here", "secret1"), "nothing here");
  EXPECT_EQ(without_secret("x short x", "short"), "x short x") << "what is so short is no key";
  EXPECT_EQ(without_secret("]abcdefabcdef", "]abcdef"), "[key[key]") << "what is left makes no key again";
  EXPECT_EQ(without_secret("is a\\/secret1 b", "a/secret1"), "is [key] b") << "as JSON may write it";
  EXPECT_EQ(without_secret("it was secret-1", "secret-123"), "it was [key]") << "the text was cut";
  EXPECT_EQ(without_secret("it was secre", "secret-123"), "it was secre") << "what is so short is no key";
}

}  // namespace
}  // namespace net
