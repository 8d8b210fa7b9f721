#include "genome/base/error.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <sys/resource.h>

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

// While no file can be opened; the limit of the process is as before when it goes.
class NoMoreFiles {
 public:
  NoMoreFiles() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    rlimit none = before_;
    none.rlim_cur = 0;
    ::setrlimit(RLIMIT_NOFILE, &none);
  }
  ~NoMoreFiles() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  NoMoreFiles(const NoMoreFiles&) = delete;
  NoMoreFiles& operator=(const NoMoreFiles&) = delete;

 private:
  rlimit before_{};
};

TEST(Error, TooManyOpenFilesAreToldOfOnce) {
  EXPECT_STREQ(StorageError("cannot open a").what(), "cannot open a");
  EXPECT_THAT(StorageError("cannot open a: Too many open files").what(), testing::HasSubstr("'ulimit -n "));
  std::string first, second;
  {
    const NoMoreFiles none;
    first = StorageError("cannot open a").what();
    second = StorageError(first + "; see b").what();
  }
  EXPECT_THAT(first, testing::StartsWith("cannot open a; too many files are open (at most 0): raise"));
  EXPECT_THAT(first, testing::HasSubstr("'ulimit -n 1024'"));
  EXPECT_EQ(second, first + "; see b");
}

}  // namespace
}  // namespace genome::base
