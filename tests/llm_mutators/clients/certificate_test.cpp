// A server that cannot show who it is is sent nothing: no question, and above all no key.
#include <cstdlib>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "llm_mutators/clients/server_client.hpp"
#include "tests/support/loopback_server.hpp"
#include "tests/support/scripted_models.hpp"
#include "tests/support/tls_server.hpp"

namespace llm_mutators {
namespace {

using testing::HasSubstr;
using testing::Not;
using Outcome = Reply::Outcome;

constexpr const char* kKey = "sk-test-0123456789abcdef";

class CertificateTest : public ScriptedModels {
 protected:
  void TearDown() override {
    unsetenv("SSL_CERT_FILE");
    ScriptedModels::TearDown();
  }
  tests::TlsServer server_for(const std::string& names) const {
    return tests::TlsServer(folder_, names, tests::chat_answer("a reply").body);
  }
  static Reply ask(const std::string& url) {
    return ServerClient({.name = "m", .url = url, .key = kKey, .seconds = 20}, openai_format({.model = "x"}))
        .ask("a question");
  }
  static void expect_refused(const tests::TlsServer& server, const std::string& host) {
    const Reply reply = ask(server.url(host));
    EXPECT_EQ(reply.outcome, Outcome::kFailed) << reply.text;
    EXPECT_THAT(reply.error, HasSubstr("ertificate")) << "it is said what is wrong";
    EXPECT_THAT(reply.error, Not(HasSubstr("tries"))) << "it is no passing failure";
    EXPECT_EQ(reply.tries, 1);
    EXPECT_TRUE(reply.hopeless);
    EXPECT_EQ(reply.lost, 0);
    EXPECT_THAT(server.heard(), Not(HasSubstr("POST")));
    EXPECT_THAT(server.heard(), Not(HasSubstr(kKey)));
  }
};

TEST_F(CertificateTest, OneThatNobodyKnownSignedIsRefused) {
  const auto server = server_for("IP:127.0.0.1");
  expect_refused(server, "127.0.0.1");
}

TEST_F(CertificateTest, OneOfAnotherHostIsRefused) {
  const auto server = server_for("DNS:elsewhere.example");
  setenv("SSL_CERT_FILE", server.certificate().c_str(), 1);  // its signature is good
  expect_refused(server, "127.0.0.1");
}

TEST_F(CertificateTest, OneThatIsTrustedForThisHostIsNot) {
  const auto server = server_for("IP:127.0.0.1");
  setenv("SSL_CERT_FILE", server.certificate().c_str(), 1);
  const Reply reply = ask(server.url("127.0.0.1"));
  EXPECT_EQ(reply.outcome, Outcome::kAnswered) << reply.error << server.heard();
  EXPECT_EQ(reply.text, "a reply");
  EXPECT_THAT(server.heard(), HasSubstr("POST /v1/chat/completions"));
}

TEST_F(CertificateTest, AFileOfAuthoritiesThatIsNoneIsToldOf) {
  const auto server = server_for("IP:127.0.0.1");
  setenv("SSL_CERT_FILE", file("none.pem", "no certificate\n").c_str(), 1);
  const Reply reply = ask(server.url("127.0.0.1"));
  EXPECT_THAT(reply.error, HasSubstr("none.pem"));
  EXPECT_EQ(reply.tries, 1);
}

}  // namespace
}  // namespace llm_mutators
