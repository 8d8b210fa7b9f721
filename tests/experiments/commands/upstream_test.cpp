// `evotts upstream`: what is printed of a server, and what is said where there is none.
#include <cstdlib>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

#include "tests/support/command_line.hpp"
#include "tests/support/played_upstream.hpp"

namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using tests::Json;
using tests::PlayedUpstream;
using tests::Ran;

constexpr const char* kKey = "sk-test-0123456789";

class UpstreamTest : public tests::CommandLine {
 protected:
  void TearDown() override {
    ::unsetenv("TEST_KEY");
    tests::CommandLine::TearDown();
  }
};

TEST_F(UpstreamTest, PrintsWhatAServerCanDo) {
  const PlayedUpstream upstream(tests::vllm_like());
  const Ran ran = evotts({"upstream", upstream.url()});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(ran.err, "");
  EXPECT_THAT(ran.out, AllOf(HasSubstr("grade  exact: "), HasSubstr("model  small (small-1)"),
                             HasSubstr("found out by "), Not(HasSubstr("missing"))));
}

TEST_F(UpstreamTest, SaysWhatIsMissingAndWhatHelps) {
  const PlayedUpstream upstream(tests::plain_like());
  const Ran text = evotts({"upstream", upstream.url()});
  EXPECT_THAT(text.out, AllOf(HasSubstr("grade  text: "), HasSubstr("missing:\n- no tokenizer")));
  const Ran json = evotts({"upstream", upstream.url(), "--format", "json"});
  const Json found = Json::parse(json.out, nullptr, false);
  ASSERT_TRUE(found.is_object()) << json.out;
  EXPECT_EQ(found["grade"], "text");
  EXPECT_EQ(found["ids_in"], false);
  EXPECT_GT(found["missing"].size(), 1U);
}

TEST_F(UpstreamTest, TheKeyOfAVariableIsSentAndNotShown) {
  const PlayedUpstream upstream(tests::hosted_like());
  ::setenv("TEST_KEY", kKey, 1);
  const Ran ran = evotts({"upstream", upstream.url(), "--model", "large", "--key-variable", "TEST_KEY"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, AllOf(HasSubstr("grade  whole samples: "), Not(HasSubstr(kKey))));
  ASSERT_FALSE(upstream.server().requests().empty());
  for (const tests::Seen& seen : upstream.server().requests())
    EXPECT_EQ(seen.headers.at("authorization"), std::string("Bearer ") + kKey);
}

TEST_F(UpstreamTest, WhatTheUserCanPutRightIsOneLine) {
  ::setenv("TEST_KEY", kKey, 1);
  rejects({"upstream"}, {"upstream: URL is required"});
  rejects({"upstream", "ftp://x/"}, {"URL must be an http or https address", "\"ftp://x/\""});
  rejects({"upstream", "http://127.0.0.1:9/v1", "--format", "xml"},
          {"--format must be text or json", "\"xml\""});
  rejects({"upstream", "http://127.0.0.1:9/v1", "--key-variable", "NO_SUCH_KEY"},
          {"NO_SUCH_KEY", "is not set"});
  rejects({"upstream", "http://models.example/v1", "--key-variable", "TEST_KEY"},
          {"another machine, reached without encryption", "use https, or --unencrypted-host models.example"});
  rejects({"upstream", "http://models.example/v1", "--key-variable", "TEST_KEY", "--unencrypted-host", "*"},
          {"--unencrypted-host must be a host", "\"*\""});
  rejects({"upstream", "http://models.example/v1", "--key-variable", "TEST_KEY", "--unencrypted-host",
           "models.example"},
          {"the key would go unencrypted to the proxy http://proxy.example:3128 (of http_proxy)"},
          {.variables = {{"http_proxy", "http://me:password@proxy.example:3128"}}});
  const PlayedUpstream upstream(tests::hosted_like());
  rejects({"upstream", upstream.url()}, {"wants a key", "--key-variable"});
}

TEST_F(UpstreamTest, AServerThatIsNotThereIsNobodysMistake) {
  const Ran ran = evotts({"upstream", "http://127.0.0.1:9/v1"});
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_THAT(ran.err, HasSubstr("evotts: http://127.0.0.1:9/v1 is not reached: "));
}

}  // namespace
