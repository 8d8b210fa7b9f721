#include "llm_mutators/clients/failure_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace llm_mutators {
namespace {

using net::HttpResponse;
using Result = HttpResponse::Result;
using testing::HasSubstr;
using testing::Not;

std::string text_of(const std::string& base, HttpResponse response) {
  return status_text(base, base + "/chat/completions", response, net::server_error_in(response.body));
}

std::string nowhere(const std::string& base, const std::string& body = R"({"detail":"Not Found"})") {
  return text_of(base, {.status = 404, .body = body});
}

TEST(FailureText, AnAddressThatLeadsNowhereIsNamedWithWhatIsWrongWithIt) {
  EXPECT_EQ(
      nowhere("http://a:8000"),
      "status 404 of http://a:8000/chat/completions: Not Found; is /v1 missing, as in http://a:8000/v1?");
  EXPECT_THAT(nowhere("http://a:8000/v1/v1"), HasSubstr("/v1 stands there twice"));
  EXPECT_THAT(nowhere("http://a/v1/chat/completions"), HasSubstr("url is the base address alone"));
  EXPECT_THAT(nowhere("http://a/v1/messages"), HasSubstr("url is the base address alone"));
  EXPECT_THAT(nowhere("http://a/v1"), HasSubstr("is url the base address of the interface?"));
  EXPECT_THAT(nowhere("http://a/v1beta/openai"), Not(HasSubstr("missing")));
  EXPECT_THAT(nowhere("http://a/vision"), HasSubstr("is /v1 missing"));
  EXPECT_THAT(nowhere("http://a", "<html><body>Not\nfound</body>"),
              HasSubstr("the answer is a page for people"));
  EXPECT_THAT(nowhere("http://a", ""), HasSubstr("is /v1 missing"));
  EXPECT_THAT(text_of("http://a", {.status = 405}),
              HasSubstr("of http://a/chat/completions; is /v1 missing"));
  // it is not the address that is wrong
  const std::string model = nowhere("http://a", R"({"error":{"message":"The model `x` does not exist."}})");
  EXPECT_EQ(model, "status 404 of http://a/chat/completions: The model `x` does not exist.");
}

TEST(FailureText, ARedirectionNamesWhereItLeads) {
  const auto redirected = [](const std::string& to) {
    HttpResponse response{.status = 308};
    if (!to.empty()) response.headers["location"] = to;
    return text_of("http://a/v1", response);
  };
  EXPECT_THAT(redirected("https://a/v1/chat/completions"),
              HasSubstr("status 308 of http://a/v1/chat/completions; it leads to https://a/v1, which is not "
                        "followed, as the key would go with it: set url to that"));
  EXPECT_THAT(redirected("/api/v1/chat/completions?key=secret"),
              HasSubstr("leads to http://a/api/v1, which"));
  EXPECT_THAT(redirected("/login?next=secret"), HasSubstr("leads to http://a/login, which"));
  EXPECT_THAT(redirected("/login?next=secret"), Not(HasSubstr("secret")));
  for (const char* unclear : {"", "gopher://x"})
    EXPECT_THAT(redirected(unclear), HasSubstr("redirections are not followed")) << unclear;
}

TEST(FailureText, OtherStatusesSayWhatTheServerSays) {
  EXPECT_EQ(text_of("http://a/v1", {.status = 500, .body = R"({"error":{"message":"a\nb"}})"}),
            "status 500: a\\nb");
  EXPECT_EQ(text_of("http://a/v1", {.status = 502, .body = "busy"}),
            "status 502; the answer begins with \"busy\"");
  EXPECT_EQ(text_of("http://a/v1", {.status = 503}), "status 503");
  EXPECT_EQ(text_of("http://a/v1", {.status = 502, .proxy = "http://p:1"}),
            "status 502 of http://a/v1/chat/completions (through the proxy http://p:1)");
}

TEST(FailureText, WhatIsNotReachedIsNamedWithItsCause) {
  const auto of = [](Result result, const std::string& error) {
    return unreached_text("https://a/v1/x", {.result = result, .error = error});
  };
  EXPECT_EQ(of(Result::kNotReached, "Could not resolve host: a"),
            "https://a/v1/x cannot be reached: Could not resolve host: a");
  EXPECT_THAT(of(Result::kDropped, "Empty reply from server"), HasSubstr("https://a/v1/x broke off"));
  EXPECT_THAT(of(Result::kUnusable, "SSL certificate problem"),
              HasSubstr("a certificate that is not trusted"));
  EXPECT_THAT(of(Result::kDropped, "error:0A00010B:SSL routines::wrong version number"),
              HasSubstr("does not speak TLS"));
  EXPECT_THAT(of(Result::kDropped, "Received HTTP/0.9 when not allowed"), HasSubstr("does not speak HTTP"));
}

}  // namespace
}  // namespace llm_mutators
