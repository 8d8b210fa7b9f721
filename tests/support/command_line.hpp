// command_line.hpp: a folder of its own for each test that runs the built program.
// Why:      "changes nothing on disk" is half of what a bad input must keep to.
// Use:      class Eval : public tests::CommandLine {};
//           TEST_F(Eval, ...) { write("a.ctl", text); const Ran ran = evotts({"check", "a.ctl"}); }
// Promises: the program starts in the folder; rejects() also compares every file before and after.
// Threads:  one test at a time in a process; tests of several processes do not meet.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <unistd.h>
#include <utility>
#include <vector>

#include "tests/support/run_process.hpp"

namespace tests {

class CommandLine : public testing::Test {
 protected:
  void SetUp() override {
    const auto* const test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::path(testing::TempDir()) /
              fmt::format("evotts_{}_{}_{}", test->test_suite_name(), test->name(), ::getpid());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void write(const std::string& name, std::string_view text) const {
    std::filesystem::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }

  std::string read(const std::string& name) const {
    std::ifstream file(folder_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  Ran evotts(std::vector<std::string> arguments, ProcessOptions options = {}) const {
    arguments.insert(arguments.begin(), EVOTTS_BINARY);
    options.folder = folder_;
    return run_process(std::move(arguments), options);
  }

  // Every file below the folder with what is in it.
  std::map<std::string, std::string> files() const {
    std::map<std::string, std::string> all;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_)) {
      const std::string name = entry.path().lexically_relative(folder_).string();
      all[name] = entry.is_regular_file() ? read(name) : "";
    }
    return all;
  }

  // That these arguments are refused: exit code 2, nothing printed, one message that has all of these
  // words in its one line, and nothing changed on disk.
  void rejects(const std::vector<std::string>& arguments, const std::vector<std::string>& words,
               const ProcessOptions& options = {}) const {
    SCOPED_TRACE(fmt::format("evotts {}", fmt::join(arguments, " ")));
    const auto before = files();
    const Ran ran = evotts(arguments, options);
    EXPECT_EQ(ran.exit_code, 2);
    EXPECT_EQ(ran.out, "");
    EXPECT_TRUE(ran.err.starts_with("evotts: ")) << ran.err;
    EXPECT_EQ(std::count(ran.err.begin(), ran.err.end(), '\n'), 1) << ran.err;
    for (const std::string& word : words)
      EXPECT_NE(ran.err.find(word), std::string::npos) << word << "\n" << ran.err;
    EXPECT_EQ(files(), before);
  }

  std::filesystem::path folder_;
};

}  // namespace tests
