#include "net/model_kind.hpp"

#include <gtest/gtest.h>

#include "net/address/url.hpp"

namespace net {
namespace {

// The names stand in experiments that people and runs keep.
TEST(ModelKind, NamesStay) {
  EXPECT_EQ(model_kind_named("openai"), ModelKind::kOpenAi);
  EXPECT_EQ(model_kind_named("anthropic"), ModelKind::kAnthropic);
  EXPECT_EQ(model_kind_named("command"), ModelKind::kCommand);
  EXPECT_EQ(model_kind_names(), "\"openai\", \"anthropic\" or \"command\"");
}

TEST(ModelKind, WhatIsNotInTheTableIsNoKind) {
  for (const char* bad : {"", "OpenAI", "openai ", "gemini"})
    EXPECT_EQ(model_kind_named(bad), std::nullopt) << bad;
}

TEST(ModelKind, ServersHaveAnAddressAndCommandsHaveNone) {
  for (const ModelKind kind : {ModelKind::kOpenAi, ModelKind::kAnthropic, ModelKind::kCommand}) {
    const ModelKindInfo& info = info_of(kind);
    EXPECT_EQ(model_kind_named(info.name), kind);
    EXPECT_EQ(host_of(std::string(info.url)).empty(), info.reached_by == ReachedBy::kCommand) << info.name;
    EXPECT_GE(info.cache_write, 1) << info.name;
  }
}

}  // namespace
}  // namespace net
