#include "llm_mutators/journal/pending_calls.hpp"

#include "tests/support/scripted_models.hpp"

namespace llm_mutators {
namespace {

class PendingCallsTest : public ScriptedModels {
 protected:
  void SetUp() override {
    ScriptedModels::SetUp();
    calls_ = PendingCalls(folder_ / "spool");
  }
  // As another process would see it.
  std::vector<PendingCall> seen() const { return PendingCalls(folder_ / "spool").all(); }

  PendingCalls calls_{{}};
  const net::Amount worst_{.money = 0.1 + 0.2, .input = 1000, .output = 500};
};

TEST_F(PendingCallsTest, ACallIsKnownFromBeforeItIsMadeUntilItIsHeardOf) {
  EXPECT_TRUE(seen().empty());
  calls_.sending("aa", worst_);
  EXPECT_EQ(seen(), (std::vector<PendingCall>{{.digest = "aa", .worst = worst_, .under_way = 1}}));
  calls_.sending_again("aa");
  EXPECT_EQ(seen().at(0).under_way, 2);
  calls_.heard("aa", 0);
  EXPECT_TRUE(seen().empty());
}

TEST_F(PendingCallsTest, WhatWasUnderWayInAnotherProcessIsLostForGood) {
  calls_.sending("bb", worst_);
  calls_.sending("aa", worst_);
  calls_.sending_again("aa");
  calls_.sending("aa", worst_);  // asked again by the next process
  EXPECT_EQ(seen().at(0), (PendingCall{.digest = "aa", .worst = worst_, .lost = 2, .under_way = 1}));
  EXPECT_EQ(seen().at(1).digest, "bb");
  calls_.heard("aa", 0);
  EXPECT_EQ(seen().at(0), (PendingCall{.digest = "aa", .worst = worst_, .lost = 2}));
  calls_.heard("bb", 3);  // a failure that may have been charged three times
  EXPECT_EQ(seen().at(1).under_way, 3);
}

TEST_F(PendingCallsTest, ADamagedFileIsACallLost) {
  calls_.sending("aa", worst_);
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
