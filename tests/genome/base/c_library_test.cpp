#include "genome/base/c_library.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace genome::base {
namespace {

TEST(CLibrary, IsNamedWithVersionAndVariant) {
  const std::string& here = c_library();
  EXPECT_EQ(here, c_library());
  EXPECT_THAT(here, testing::MatchesRegex("[a-z]+( [0-9]+[.][0-9]+)? (fma|no-fma|digits-[0-9a-f]+)"));
#if defined(__GLIBC__) && defined(__x86_64__)
  EXPECT_THAT(here, testing::StartsWith("glibc "));
#endif
}

}  // namespace
}  // namespace genome::base
