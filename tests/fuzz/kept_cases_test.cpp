// The smallest cases that fuzzing has found of each target, and its seeds, under every compiler.
#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/fuzz/targets.hpp"
#include "tests/support/golden.hpp"
#include "tests/support/places.hpp"

namespace fuzz {
namespace {

class KeptCases : public testing::TestWithParam<Target> {};

TEST_P(KeptCases, AreReadOrRefused) {
  const auto folder = std::filesystem::path(tests::kSourceDir) / "tests/fuzz/cases" / GetParam().name;
  int cases = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    SCOPED_TRACE(entry.path());
    GetParam().run(tests::read_file(entry.path()));
    ++cases;
  }
  EXPECT_GT(cases, 0);
}

INSTANTIATE_TEST_SUITE_P(All, KeptCases, testing::ValuesIn(kTargets),
                         [](const auto& target) { return std::string(target.param.name); });

}  // namespace
}  // namespace fuzz
