#include "net/address/this_machine.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include "net/address/url.hpp"

namespace net {
namespace {

TEST(ThisMachine, ItsNamesAndAddressesNeedNoProxy) {
  for (const char* url : {"http://localhost:1/v1", "http://LocalHost./", "http://models.localhost/",
                          "http://127.0.0.1/", "http://127.1.2.3:80/", "http://[::1]:9/", "http://0.0.0.0/",
                          "http://[::]/", "http://[::ffff:127.0.0.1]/", "http://[0:0:0:0:0:0:0:1]/"})
    EXPECT_TRUE(needs_no_proxy(host_of(url))) << url;
  EXPECT_TRUE(needs_no_proxy("ip6-localhost"));
  char own[256] = {};
  ASSERT_EQ(gethostname(own, sizeof own - 1), 0);
  EXPECT_TRUE(needs_no_proxy(own));
}

// What no address is goes to name servers, whatever it begins with.
TEST(ThisMachine, OnlyAWholeAddressIsOne) {
  EXPECT_TRUE(is_this_machine("127.0.0.1"));
  for (const char* host : {"127.", "127..", "127.0.0.1.", "127.0.0.300", "127.0.0.1.5", "128.0.0.1", ""}) {
    EXPECT_FALSE(is_this_machine(host)) << host;
  }
}

TEST(ThisMachine, OthersAreReachedAsTheEnvironmentSays) {
  for (const char* url :
       {"http://localhost.example.com/", "http://notlocalhost/", "http://198.51.100.7/",
        "http://127.0.0.1.example.com/", "http://[2001:db8::1]/", "https://api.example.com/"})
    EXPECT_FALSE(needs_no_proxy(host_of(url))) << url;
  EXPECT_FALSE(needs_no_proxy(""));
}

}  // namespace
}  // namespace net
