#include "live/serve/routing.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <string>
#include <vector>

#include "live/serve/chat_request.hpp"

namespace live {
namespace {

using Place = Route::Place;
using testing::HasSubstr;

constexpr const char* kModel = "Qwen/Qwen3-4B";

struct Asked {
  std::string method = "GET", target = "/v1/models";
  std::map<std::string, std::string> headers = {{"host", "localhost:8080"}};
  std::string key = {};
};

Route routed(const Asked& asked) {
  return route_of({.method = asked.method, .target = asked.target, .body = {}, .headers = asked.headers},
                  asked.key, kModel);
}

ChatRefusal refused(const Asked& asked) {
  try {
    routed(asked);
  } catch (const ChatRefusal& refusal) {
    return refusal;
  }
  return {200, "was taken"};
}

TEST(Routing, FindsPlaces) {
  EXPECT_EQ(routed({.target = "/v1/models"}).place, Place::kModels);
  EXPECT_EQ(routed({.method = "HEAD", .target = "/v1/models?a=b"}).place, Place::kModels);
  EXPECT_EQ(routed({.target = "/health?/v1/models"}).place, Place::kHealth);
  EXPECT_EQ(routed({.method = "HEAD", .target = "/metrics"}).place, Place::kMetrics);
  for (const char* target : {"/", "", "*", "/v1", "/v1/models/", "/v1/files", "/health/", "/V1/models"})
    EXPECT_EQ(refused({.target = target}).status, 404) << target;
}

TEST(Routing, TellsWhichMethodsThereAre) {
  for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS", "get"}) {
    for (const char* target : {"/v1/models", "/health", "/metrics", "/v1/models/Qwen/Qwen3-4B"}) {
      const ChatRefusal refusal = refused({.method = method, .target = target});
      EXPECT_EQ(refusal.status, 405) << method << target;
      EXPECT_EQ(refusal.allow, "GET, HEAD");
    }
  }
  for (const char* method : {"GET", "HEAD", "PUT", "post"}) {
    const ChatRefusal refusal = refused({.method = method, .target = "/v1/chat/completions"});
    EXPECT_EQ(refusal.status, 405) << method;
    EXPECT_EQ(refusal.allow, "POST");
  }
}

TEST(Routing, KnowsTheModelByItsNames) {
  for (const char* name :
       {"Qwen/Qwen3-4B", "Qwen%2FQwen3-4B", "Qwen%2fQwen3-4B", "%51wen/Qwen3-4B", "Qwen/Qwen3-4B?x=/"}) {
    const Route route = routed({.target = std::string("/v1/models/") + name});
    EXPECT_EQ(route.place, Place::kModel) << name;
    EXPECT_EQ(route.model, "Qwen/Qwen3-4B") << name;
  }
  EXPECT_EQ(routed({.target = "/v1/models/Qwen%2FQwen3-4B@0.8"}).model, "Qwen/Qwen3-4B@0.8");
  EXPECT_EQ(routed({.target = "/v1/models/Qwen%2FQwen3-4B%400.8"}).model, "Qwen/Qwen3-4B@0.8");
  for (const char* name :
       {"other", "Qwen", "qwen/qwen3-4b", "Qwen%2", "%", "%zz", "Qwen/Qwen3-4B%00", "%1b[2J"}) {
    const ChatRefusal refusal = refused({.target = std::string("/v1/models/") + name});
    EXPECT_EQ(refusal.status, 404) << name;
    EXPECT_EQ(refusal.code, "model_not_found") << name;
    EXPECT_EQ(refusal.message.find('\x1b'), refusal.message.npos);
  }
  EXPECT_EQ(refused({.target = "/v1/models/Qwen/Qwen3-4B@2"}).status, 400);
}

TEST(Routing, TakesHostsOfThisMachineAndAddresses) {
  for (const char* host :
       {"localhost", "LOCALHOST", "LocalHost:80", "localhost.", "LOCALHOST.:8080", "127.0.0.1",
        "127.0.0.1:80", "10.1.2.3:80", "[::1]", "[::1]:80", "[FE80::1]:80", ""})
    EXPECT_EQ(refused({.headers = {{"host", host}}}).status, 200) << host;
  EXPECT_EQ(refused({.headers = {}}).status, 200);
  for (const char* host : {"evil.example", "evil.example:80", "localhost.evil.example", "localhost..", ".",
                           "localhost, evil.example", "127.0.0.1.evil.example", "evil@127.0.0.1"})
    EXPECT_EQ(refused({.headers = {{"host", host}}}).status, 403) << host;
}

TEST(Routing, AsksForTheKey) {
  const auto status = [](const std::string& sent) {
    return refused({.headers = {{"host", "evil.example"}, {"authorization", sent}}, .key = "one-Key-1"})
        .status;
  };
  for (const char* sent : {"Bearer one-Key-1", "bearer one-Key-1", "BEARER   one-Key-1"})
    EXPECT_EQ(status(sent), 200) << sent;
  for (const char* sent :
       {"", "Bearer", "Bearer ", "Bearer one-key-1", "Bearer one-Key-1 ", "Bearer\tone-Key-1",
        "Beareroone-Key-1", "Basic one-Key-1", "one-Key-1", "Bearer one-Key-1, Bearer one-Key-1"})
    EXPECT_EQ(status(sent), 401) << sent;
  for (const char* target :
       {"/v1/models", "/metrics", "/v1/chat/completions", "/nowhere", "/v1/models/other"})
    EXPECT_EQ(refused({.target = target, .key = "one-Key-1"}).status, 401) << target;
  EXPECT_EQ(routed({.method = "HEAD", .target = "/health", .key = "one-Key-1"}).place, Place::kHealth);
}

TEST(Routing, TakesChatsOfJsonAlone) {
  const auto status = [](const std::string& type) {
    return refused({.method = "POST",
                    .target = "/v1/chat/completions",
                    .headers = {{"host", "localhost"}, {"content-type", type}}})
        .status;
  };
  for (const char* type : {"application/json", "Application/JSON", "application/json; charset=utf-8",
                           "application/json ;charset=UTF-8"})
    EXPECT_EQ(status(type), 200) << type;
  for (const char* type : {"", "text/plain", "application/jsonx", "application/json-patch", "application",
                           "text/plain; application/json", "application/json, text/plain"})
    EXPECT_EQ(status(type), 415) << type;
}

}  // namespace
}  // namespace live
