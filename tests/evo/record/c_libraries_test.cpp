#include "evo/record/c_libraries.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "genome/base/c_library.hpp"

namespace evo {
namespace {

TEST(CLibraries, OnlyAnotherOneIsTold) {
  EXPECT_EQ(other_c_library({}), std::nullopt) << "earlier programs did not say";
  EXPECT_EQ(other_c_library({.trailers = {{"C-Library", genome::base::c_library()}}}), std::nullopt);
  EXPECT_EQ(other_c_library({.trailers = {{"C-Library", "glibc 2.99 fma"}}}), "glibc 2.99 fma");
  const auto harmful = other_c_library({.trailers = {{"C-Library", "\x1b[2J" + std::string(500, 'x')}}});
  ASSERT_TRUE(harmful.has_value());
  EXPECT_EQ(harmful->find('\x1b'), std::string::npos);
  EXPECT_LT(harmful->size(), 100U);
}

}  // namespace
}  // namespace evo
