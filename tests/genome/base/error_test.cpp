#include "genome/base/error.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

#include "evo/base/error.hpp"
#include "experiments/console/usage_error.hpp"
#include "replay/environment/input_error.hpp"

namespace genome::base {
namespace {

template <typename E, typename... Arguments>
Fault fault_when_thrown(Arguments... arguments) {
  try {
    throw E(arguments...);
  } catch (const Error& error) {
    return error.fault();
  }
}

TEST(Error, EveryKindSaysWhoseFaultItIs) {
  EXPECT_EQ(fault_when_thrown<replay::InputError>("a"), Fault::kInput);
  EXPECT_EQ(fault_when_thrown<evo::RunError>("a"), Fault::kInput);
  EXPECT_EQ(fault_when_thrown<experiments::UsageError>("a"), Fault::kInput);
  EXPECT_EQ(fault_when_thrown<StorageError>("a"), Fault::kSystem);
}

TEST(Error, AllMessagesAreKeptAndToldTogether) {
  const experiments::UsageError error(std::vector<std::string>{"one", "two"});
  EXPECT_THAT(error.messages(), testing::ElementsAre("one", "two"));
  EXPECT_STREQ(error.what(), "one\ntwo");
}

}  // namespace
}  // namespace genome::base
