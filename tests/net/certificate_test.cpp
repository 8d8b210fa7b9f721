// A server that cannot show who it is is sent nothing: no question, and above all no key.
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/http_client.hpp"
#include "net/retry.hpp"
#include "tests/support/tls_server.hpp"

namespace net {
namespace {

using testing::HasSubstr;
using testing::Not;
using Result = HttpResponse::Result;

constexpr const char* kKey = "sk-test-0123456789abcdef";

class CertificateTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "evotts-tls-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override {
    unsetenv("SSL_CERT_FILE");
    std::filesystem::remove_all(folder_);
  }
  tests::TlsServer server_for(const std::string& names) const {
    return tests::TlsServer(folder_, names, "{\"text\": \"a reply\"}");
  }
  static HttpResponse post(const std::string& url) {
    std::string key = fmt::format("authorization: Bearer {}", kKey);
    HttpRequest request{.url = url + "/chat/completions", .body = "{\"messages\": []}", .seconds = 20};
    request.headers.push_back(std::move(key));
    return http_exchange(request);
  }
  static void expect_refused(const tests::TlsServer& server, const std::string& host) {
    const HttpResponse response = post(server.url(host));
    EXPECT_EQ(response.result, Result::kUnusable) << response.body;
    EXPECT_THAT(response.error, HasSubstr("ertificate")) << "it is said what is wrong";
    EXPECT_EQ(verdict_of(response, {}), Verdict::kHopeless) << "it is no passing failure";
    EXPECT_FALSE(response.sent);
    EXPECT_THAT(server.heard(), Not(HasSubstr("POST")));
    EXPECT_THAT(server.heard(), Not(HasSubstr(kKey)));
  }
  std::filesystem::path folder_;
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
  const HttpResponse response = post(server.url("127.0.0.1"));
  EXPECT_EQ(response.result, Result::kAnswered) << response.error << server.heard();
  EXPECT_EQ(response.body, "{\"text\": \"a reply\"}");
  EXPECT_THAT(server.heard(), HasSubstr("POST /v1/chat/completions"));
}

TEST_F(CertificateTest, AFileOfAuthoritiesThatIsNoneIsToldOf) {
  const auto server = server_for("IP:127.0.0.1");
  const std::string none = (folder_ / "none.pem").string();
  std::ofstream(none) << "no certificate\n";
  setenv("SSL_CERT_FILE", none.c_str(), 1);
  const HttpResponse response = post(server.url("127.0.0.1"));
  EXPECT_THAT(response.error, HasSubstr("none.pem"));
  EXPECT_EQ(verdict_of(response, {}), Verdict::kHopeless);
}

}  // namespace
}  // namespace net
