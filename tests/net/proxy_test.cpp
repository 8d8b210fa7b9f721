// Which way a request goes, and who could read a key on it.
#include "net/address/proxy.hpp"

#include <arpa/inet.h>
#include <cstdlib>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <string>
#include <vector>

#include "net/address/key_rules.hpp"
#include "net/address/url.hpp"
#include "net/http_client.hpp"
#include "tests/support/loopback_server.hpp"

namespace net {
namespace {

using Result = HttpResponse::Result;
using testing::HasSubstr;
using testing::Not;
using tests::LoopbackServer;
using tests::Play;
using tests::Seen;

const std::vector<std::string> kVariables = {"http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY",
                                             "all_proxy",  "ALL_PROXY",  "no_proxy",    "NO_PROXY"};

class ProxyTest : public testing::Test {
 protected:
  void SetUp() override {
    for (const std::string& name : kVariables) {
      if (const char* const value = std::getenv(name.c_str())) before_[name] = value;
      ::unsetenv(name.c_str());
    }
  }
  void TearDown() override {
    for (const std::string& name : kVariables) {
      if (before_.contains(name))
        ::setenv(name.c_str(), before_[name].c_str(), 1);
      else
        ::unsetenv(name.c_str());
    }
  }

  static void set(const std::map<std::string, std::string>& variables) {
    for (const std::string& name : kVariables) ::unsetenv(name.c_str());
    for (const auto& [name, value] : variables) ::setenv(name.c_str(), value.c_str(), 1);
  }
  static std::string way_to(const std::string& url) {
    const auto proxy = proxy_for(url);
    return proxy ? proxy->shown + " of " + proxy->variable : "direct";
  }

  std::map<std::string, std::string> before_;
};

TEST_F(ProxyTest, EachSchemeHasItsVariables) {
  const std::string plain = "http://models.lan/v1", secure = "https://models.lan/v1";
  set({{"http_proxy", "http://p:1"}});
  EXPECT_EQ(way_to(plain), "http://p:1 of http_proxy");
  EXPECT_EQ(way_to(secure), "direct");
  set({{"HTTP_PROXY", "http://p:1"}});  // a header named "Proxy" comes in this way
  EXPECT_EQ(way_to(plain), "direct");
  set({{"HTTPS_PROXY", "http://p:1"}, {"https_proxy", "http://q:2"}});
  EXPECT_EQ(way_to(secure), "http://q:2 of https_proxy");
  EXPECT_EQ(way_to("HTTPS://models.lan/v1"), "http://q:2 of https_proxy");
  EXPECT_EQ(way_to(plain), "direct");
  set({{"HTTPS_PROXY", "http://p:1"}});
  EXPECT_EQ(way_to(secure), "http://p:1 of HTTPS_PROXY");
  set({{"ALL_PROXY", "socks5h://s:3"}});
  EXPECT_EQ(way_to(secure), "socks5h://s:3 of ALL_PROXY");
  EXPECT_EQ(way_to(plain), "socks5h://s:3 of ALL_PROXY");
  set({{"all_proxy", "p.lan:3128"}});
  EXPECT_EQ(way_to(plain), "http://p.lan:3128 of all_proxy");
  set({{"all_proxy", "http://[2001:db8::1]:3128"}});
  EXPECT_EQ(way_to(plain), "http://[2001:db8::1]:3128 of all_proxy");
}

TEST_F(ProxyTest, WhatIsListedGoesDirectly) {
  for (const char* list :
       {"*", "models.lan", ".lan", "lan", "a.b, models.lan", "x models.lan.", "MODELS.LAN"}) {
    set({{"http_proxy", "http://p:1"}, {"NO_PROXY", list}});
    EXPECT_EQ(way_to("http://models.lan:8000/v1"), "direct") << list;
  }
  for (const char* list : {"", "odels.lan", "models.la", "models.lan.org", "10.0.0.0/8", ","}) {
    set({{"http_proxy", "http://p:1"}, {"no_proxy", list}});
    EXPECT_EQ(way_to("http://models.lan:8000/v1"), "http://p:1 of http_proxy") << list;
  }
  EXPECT_TRUE(is_listed("10.0.0.0/8", "10.1.2.3"));
  EXPECT_TRUE(is_listed("10.1.2.3", "10.1.2.3"));
  EXPECT_TRUE(is_listed("2001:db8::/32", "[2001:db8:1::7]"));
  EXPECT_TRUE(is_listed("[2001:db8::1]", "[2001:db8::1]"));
  for (const char* other : {"10.0.0.0/33", "10.0.0.0/8x", "0.1.2.3", "11.0.0.0/8", "::/0"})
    EXPECT_FALSE(is_listed(other, "10.1.2.3")) << other;
  set({{"http_proxy", "http://p:1"}});
  for (const char* here :
       {"http://localhost:1/", "http://127.0.0.1/", "http://[::1]/", "http://a.localhost/"})
    EXPECT_EQ(way_to(here), "direct") << here;
}

TEST_F(ProxyTest, APasswordIsNeverShown) {
  set({{"http_proxy", "http://me:pass@word@p.lan:1/path?x"}});
  const auto proxy = proxy_for("http://models.lan/");
  ASSERT_TRUE(proxy.has_value());
  EXPECT_THAT(proxy->shown, Not(HasSubstr("pass")));
  for (const char* bad : {"http://me:password@", "ftp://me:password@p", "http://me:password@p:port", "://"}) {
    set({{"all_proxy", bad}});
    const auto unusable = proxy_for("https://models.invalid/");
    ASSERT_TRUE(unusable.has_value());
    EXPECT_FALSE(unusable->usable()) << bad;
    const HttpResponse response = http_exchange({.url = "https://models.invalid/", .body = "{}"});
    EXPECT_EQ(response.result, Result::kUnusable) << bad;
    EXPECT_THAT(response.error, HasSubstr("what all_proxy holds is no address of a proxy")) << bad;
    EXPECT_THAT(response.error, Not(HasSubstr("password"))) << bad;
  }
}

TEST_F(ProxyTest, AKeyGoesUnencryptedOnlyToWhoMayReadIt) {
  const std::vector<std::string> lan = {"models.lan"}, both = {"models.lan", "10.0.0.0/8"};
  const std::string url = "http://models.lan:8000/v1";
  EXPECT_EQ(key_refusal(url), "models.lan");
  EXPECT_EQ(key_refusal(url, lan), std::nullopt);
  EXPECT_TRUE(key_may_go_to(url, lan));
  EXPECT_FALSE(key_may_go_to(url, std::vector<std::string>{"*"})) << "everybody is nobody's network";
  for (const char* variable : {"http_proxy", "all_proxy", "ALL_PROXY"}) {
    set({{variable, "http://me:password@10.0.0.9:3128"}});
    EXPECT_EQ(key_refusal(url, lan), std::string("the proxy http://10.0.0.9:3128 (of ") + variable + ")");
    EXPECT_EQ(key_refusal(url, both), std::nullopt);
    EXPECT_EQ(key_refusal("https://models.lan/v1"), std::nullopt) << "the tunnel is encrypted";
    EXPECT_EQ(key_refusal("http://127.0.0.1:1/v1"), std::nullopt);
  }
  set({{"http_proxy", "http://10.0.0.9:3128"}, {"no_proxy", ".lan"}});
  EXPECT_EQ(key_refusal(url, lan), std::nullopt);
  set({{"http_proxy", "http://127.0.0.1:3128"}});
  EXPECT_EQ(key_refusal(url, lan), std::nullopt) << "this machine may read it";
  EXPECT_EQ(key_refusal(url), "models.lan") << "who reads it in the end may not";
  set({{"http_proxy", "nonsense://x"}});
  EXPECT_EQ(key_refusal(url, lan), "the proxy (of http_proxy)");
}

TEST_F(ProxyTest, OnlyHostsAreNames) {
  for (const char* good : {"gpu.lan", "10.0.0.7", "10.0.0.0/8", "[2001:db8::1]", "2001:db8::/32", "a_b-c"})
    EXPECT_TRUE(is_host_name(good)) << good;
  for (const char* bad : {"", "*", "http://gpu.lan", "gpu lan", "gpu,lan", ".", "user@gpu"})
    EXPECT_FALSE(is_host_name(bad)) << bad;
}

// The proxy is a server on this machine: what it is sent shows who would have read a key.
TEST_F(ProxyTest, RequestsGoAsTheEnvironmentSaysAndFailuresNameTheWay) {
  LoopbackServer proxy([](const Seen&, int) { return Play{.status = 502, .body = "no route"}; });
  const std::string address = proxy.url("");
  set({{"http_proxy", "http://me:password@" + address.substr(7)}});
  const HttpResponse plain = http_exchange({.url = "http://models.invalid/v1", .body = "{}"});
  EXPECT_EQ(plain.status, 502);
  EXPECT_EQ(plain.proxy, address);
  ASSERT_EQ(proxy.requests().size(), 1U);
  EXPECT_EQ(proxy.requests()[0].path, "http://models.invalid/v1");
  set({{"HTTPS_PROXY", "http://me:password@" + address.substr(7)}});
  const HttpResponse secure = http_exchange(
      {.url = "https://models.invalid/v1", .headers = {"authorization: Bearer sk-0123456789"}, .body = "{}"});
  EXPECT_NE(secure.result, Result::kAnswered);
  EXPECT_THAT(secure.error, HasSubstr("through the proxy " + address + " of HTTPS_PROXY"));
  EXPECT_THAT(secure.error, Not(HasSubstr("password")));
  ASSERT_EQ(proxy.requests().size(), 2U);
  EXPECT_FALSE(proxy.requests()[1].headers.contains("authorization")) << "it belongs into the tunnel";
  set({{"http_proxy", address}, {"all_proxy", address}, {"no_proxy", "models.invalid"}});
  const HttpResponse direct = http_exchange({.url = "http://models.invalid/v1", .body = "{}"});
  EXPECT_EQ(direct.result, Result::kNotReached);
  EXPECT_THAT(direct.error, Not(HasSubstr("proxy")));
  EXPECT_EQ(proxy.requests().size(), 2U);
}

TEST(Url, APlaceThatARedirectionLeadsToIsShownWithoutItsSecrets) {
  EXPECT_EQ(led_to("http://a/v1/x", "/v2/y?token=1")->shown(), "http://a/v2/y");
  EXPECT_EQ(led_to("http://a/v1/x", "https://me:pw@B:8/z#f")->shown(), "https://b:8/z");
  EXPECT_EQ(led_to("http://a/v1/x", "//b/z")->shown(), "http://b/z");
  for (const char* bad : {"", "ftp://b/", "javascript:x"}) EXPECT_FALSE(led_to("http://a/", bad)) << bad;
}

}  // namespace
}  // namespace net
