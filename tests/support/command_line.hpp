// command_line.hpp: a folder of its own for each test that runs the built program.
// Why:      "changes nothing on disk" is half of what a bad input must keep to.
// Use:      class Eval : public tests::CommandLine {};
//           TEST_F(Eval, ...) { write("a.ctl", text); const Ran ran = evotts({"check", "a.ctl"}); }
// Promises: the program starts in the folder; rejects() also compares every file before and after. What runs
//           start is confirmed by --trust, and remembered in a folder beside.
// Threads:  one test at a time in a process; tests of several processes do not meet.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <unistd.h>
#include <utility>
#include <vector>

#include "tests/support/places.hpp"
#include "tests/support/run_process.hpp"

namespace tests {

class CommandLine : public testing::Test {
 protected:
  void SetUp() override {
    const auto* const test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::path(testing::TempDir()) /
              fmt::format("evotts_{}_{}_{}", test->test_suite_name(), test->name(), ::getpid());
    state_ = folder_.string() + ".state";
    remove_folders();
    std::filesystem::create_directories(folder_);
    ::setenv("XDG_STATE_HOME", state_.c_str(), 1);
  }
  void TearDown() override { remove_folders(); }

  void write(const std::string& name, std::string_view text) const {
    std::filesystem::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }

  std::string read(const std::string& name) const {
    std::ifstream file(folder_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  // The arguments with --trust, where there is such an option.
  static std::vector<std::string> trusting(std::vector<std::string> arguments) {
    if (!arguments.empty() && (arguments[0] == "run" || arguments[0] == "resume"))
      arguments.insert(arguments.begin() + 1, "--trust");
    return arguments;
  }

  Ran evotts(const std::vector<std::string>& arguments, const ProcessOptions& options = {}) const {
    return evotts_as_given(trusting(arguments), options);
  }

  Ran evotts_as_given(std::vector<std::string> arguments, ProcessOptions options = {}) const {
    arguments.insert(arguments.begin(), tests::kEvotts);
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
    EXPECT_EQ(lines_but_trust(ran.err), 1) << ran.err;
    for (const std::string& word : words)
      EXPECT_NE(ran.err.find(word), std::string::npos) << word << "\n" << ran.err;
    EXPECT_EQ(files(), before);
  }

  // What --trust confirms is told first.
  static int lines_but_trust(const std::string& text) {
    std::istringstream lines(text);
    int count = 0;
    for (std::string line; std::getline(lines, line);)
      count += line.starts_with("evotts: trusted from now on: ") ? 0 : 1;
    return count;
  }

  std::filesystem::path folder_, state_;

 private:
  void remove_folders() const {
    std::filesystem::remove_all(folder_);
    std::filesystem::remove_all(state_);
  }
};

}  // namespace tests
