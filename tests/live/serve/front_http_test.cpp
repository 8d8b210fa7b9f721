// What a front makes of requests by their heads alone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <utility>

#include "tests/live/serve/front_scene.hpp"
#include "tests/support/http_caller.hpp"

namespace live {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using tests::call;
using tests::Client;
using tests::Heard;

// A head whose body is still to come.
std::string promised(const std::string& headers, const std::string& path = "/v1/chat/completions") {
  return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 1000\r\n" +
         headers + "\r\n";
}

TEST(FrontHttp, ReadsNoBodyOfThoseWhoMayNotAsk) {
  const Scene scene(kReads, {.key = "clients-key-1"});
  const std::string key = "Authorization: Bearer clients-key-1\r\n";
  for (const auto& [said, status] :
       {std::pair(promised(kType), "401"), std::pair(promised(kType + "Authorization: Bearer x\r\n"), "401"),
        std::pair(promised(kType + key, "/v1/files"), "404"),
        std::pair(promised(kType + key, "/v1/models"), "405"), std::pair(promised(key), "415")}) {
    Client client(scene.port());
    client.say(said);
    const std::string heard = client.hear("");
    EXPECT_THAT(heard, StartsWith(std::string("HTTP/1.1 ") + status)) << said;
    EXPECT_THAT(heard, Not(HasSubstr("100 Continue")));
    EXPECT_TRUE(client.closed()) << said;
  }
  Client client(scene.port());
  client.say(promised(kType + key));
  EXPECT_THAT(client.hear("\r\n\r\n"), StartsWith("HTTP/1.1 100 Continue"));
  const Heard metrics = call(scene.port(), "GET", "/metrics", "", key);
  EXPECT_THAT(metrics.body, HasSubstr("evotts_refused_total{status=\"401\"} 2\n"));
  EXPECT_THAT(metrics.body, HasSubstr("evotts_refused_total{status=\"415\"} 1\n"));
}

TEST(FrontHttp, ReadsNoBodyOfAHostThatIsElsewhere) {
  const Scene scene(kReads);
  Client client(scene.port());
  client.say("POST /v1/chat/completions HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 1000\r\n" + kType +
             "\r\n");
  EXPECT_THAT(client.hear(""), StartsWith("HTTP/1.1 403"));
  EXPECT_TRUE(client.closed());
}

TEST(FrontHttp, AnswersHeadAsGetWithoutTheBody) {
  const Scene scene(kReads);
  Client client(scene.port());
  for (const char* path : {"/health", "/v1/models", "/metrics", "/nowhere", "/v1/chat/completions"}) {
    client.say(fmt::format(
        "HEAD {} HTTP/1.1\r\nHost: localhost\r\n\r\nGET /health HTTP/1.1\r\nHost: localhost\r\n\r\n", path));
    const std::string heard = client.hear("\"ok\"}");
    EXPECT_THAT(heard, StartsWith(path[1] == 'n'   ? "HTTP/1.1 404"
                                  : path[4] == 'c' ? "HTTP/1.1 405"
                                                   : "HTTP/1.1 200"))
        << path;
    EXPECT_THAT(heard.substr(heard.find("\r\n\r\n")), StartsWith("\r\n\r\nHTTP/1.1 200 OK")) << path;
  }
}

TEST(FrontHttp, TellsWhichMethodsThereAre) {
  const Scene scene(kReads);
  EXPECT_THAT(call(scene.port(), "GET", "/v1/chat/completions").head, HasSubstr("\r\nallow: POST\r\n"));
  EXPECT_THAT(call(scene.port(), "POST", "/v1/models", "{}").head, HasSubstr("\r\nallow: GET, HEAD\r\n"));
}

TEST(FrontHttp, TellsOfOneModel) {
  const Scene scene(kReads);
  const tests::Json json = call(scene.port(), "GET", "/v1/models/small").json();
  EXPECT_EQ(json, call(scene.port(), "GET", "/v1/models").json()["data"][0]);
  EXPECT_EQ(json["object"], "model");
  EXPECT_EQ(call(scene.port(), "GET", "/v1/models/small%400.5").json()["id"], "small@0.5");
  const Heard other = call(scene.port(), "GET", "/v1/models/large");
  EXPECT_EQ(other.status, 404);
  EXPECT_EQ(other.json()["error"]["code"], "model_not_found");
}

TEST(FrontHttp, StreamsToAnOlderClient) {
  const Scene scene(kSteps);
  Client client(scene.port());
  const std::string body = asking(R"("stream": true)");
  client.say(fmt::format("POST /v1/chat/completions HTTP/1.0\r\n{}Content-Length: {}\r\n\r\n{}", kType,
                         body.size(), body));
  const std::string heard = client.hear("", 20'000);
  EXPECT_TRUE(client.closed());
  EXPECT_THAT(heard, Not(HasSubstr("transfer-encoding")));
  EXPECT_THAT(heard, HasSubstr("\r\n\r\n: evotts rounds"));
  EXPECT_TRUE(heard.ends_with("data: [DONE]\n\n")) << heard;
}

}  // namespace
}  // namespace live
