#include "llm_mutators/journal/pending_calls.hpp"

#include "tests/support/scripted_models.hpp"

namespace llm_mutators {
namespace {

class IntentsTest : public ScriptedModels {
 protected:
  void SetUp() override {
    ScriptedModels::SetUp();
    intents_ = PendingCalls(folder_ / "spool");
  }
  // As another process would see it.
  std::vector<PendingCall> seen() const { return PendingCalls(folder_ / "spool").all(); }

  PendingCalls intents_{{}};
  const net::Amount worst_{.money = 0.1 + 0.2, .input = 1000, .output = 500};
};

TEST_F(IntentsTest, ACallIsKnownFromBeforeItIsMadeUntilItIsHeardOf) {
  EXPECT_TRUE(seen().empty());
  intents_.sending("aa", worst_);
  EXPECT_EQ(seen(), (std::vector<PendingCall>{{.digest = "aa", .worst = worst_, .under_way = 1}}));
  intents_.sending_again("aa");
  EXPECT_EQ(seen().at(0).under_way, 2);
  intents_.heard("aa", 0);
  EXPECT_TRUE(seen().empty());
}

TEST_F(IntentsTest, WhatWasUnderWayInAnotherProcessIsLostForGood) {
  intents_.sending("bb", worst_);
  intents_.sending("aa", worst_);
  intents_.sending_again("aa");
  intents_.sending("aa", worst_);  // asked again by the next process
  EXPECT_EQ(seen().at(0), (PendingCall{.digest = "aa", .worst = worst_, .lost = 2, .under_way = 1}));
  EXPECT_EQ(seen().at(1).digest, "bb");
  intents_.heard("aa", 0);
  EXPECT_EQ(seen().at(0), (PendingCall{.digest = "aa", .worst = worst_, .lost = 2}));
  intents_.heard("bb", 3);  // a failure that may have been charged three times
  EXPECT_EQ(seen().at(1).under_way, 3);
}

TEST_F(IntentsTest, ADamagedFileIsACallLost) {
  intents_.sending("aa", worst_);
  for (const char* text :
       {"", "{", "[]", "{\"digest\": \"bb\", \"money\": 1}", "{\"digest\": \"aa\", \"money\": \"x\"}"}) {
    file("spool/aa.sent", text);
    EXPECT_EQ(seen(), (std::vector<PendingCall>{{.digest = "aa", .lost = 1}})) << text;
  }
  file("spool/aa.sent", "{\"digest\": \"aa\", \"money\": 1, \"lost\": -5, \"under_way\": 1e300}");
  EXPECT_EQ(seen(), (std::vector<PendingCall>{{.digest = "aa", .worst = {.money = 1}}}));
}

}  // namespace
}  // namespace llm_mutators
