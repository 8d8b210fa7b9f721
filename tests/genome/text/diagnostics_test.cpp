#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <set>
#include <string>
#include <vector>

#include "genome/text/checker.hpp"
#include "genome/text/parser.hpp"
#include "genome/tree/diagnostic.hpp"
#include "tests/support/golden.hpp"

namespace genome {
namespace {

std::vector<std::filesystem::path> bad_texts() {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(tests::golden_path("diagnostics"))) {
    if (entry.path().extension() == ".ctl") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

// Each tests/golden/diagnostics/NAME.ctl is rendered as NAME.txt says.
TEST(Diagnostics, RenderAsInTheGoldenFiles) {
  const auto paths = bad_texts();
  EXPECT_GE(paths.size(), 45U);
  for (const auto& path : paths) {
    const std::string text = tests::read_file(path);
    const CheckResult result = check_text(text);
    const std::string file = path.filename().string();
    tests::expect_golden(fmt::format("diagnostics/{}.txt", path.stem().string()),
                         render_all(result.diagnostics, file, text));
    EXPECT_FALSE(result.diagnostics.empty()) << file;
    EXPECT_EQ(result.controller.has_value(), !has_errors(result.diagnostics)) << file;
  }
}

}  // namespace
}  // namespace genome
