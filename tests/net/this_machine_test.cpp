#include "net/this_machine.hpp"

#include <gtest/gtest.h>

#include "net/http_client.hpp"

namespace net {
namespace {

TEST(ThisMachine, ItsNamesAndAddressesNeedNoProxy) {
  for (const char* url : {"http://localhost:1/v1", "http://LocalHost./", "http://models.localhost/",
                          "http://127.0.0.1/", "http://127.1.2.3:80/", "http://[::1]:9/", "http://0.0.0.0/",
                          "http://[::]/", "http://[::ffff:127.0.0.1]/", "http://[0:0:0:0:0:0:0:1]/"})
    EXPECT_TRUE(needs_no_proxy(host_of(url))) << url;
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
