// What stands in the place of a small file of a run is neither followed nor waited for.
#include "evo/base/run_file.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "evo/base/error.hpp"
#include "tests/support/temporary_run.hpp"

namespace evo {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class RunFile : public TemporaryRun {
 protected:
  fs::path file() const { return folder_ / "file"; }

  // What all three ways to open it say.
  void expect_refused(const std::string& what) const {
    const auto problem_of = [](const auto& opening) -> std::string {
      try {
        opening();
      } catch (const RunError& error) {
        return error.what();
      }
      return "none";
    };
    const std::string expected = file().string() + " is " + what;
    EXPECT_THAT(problem_of([&] { small_file(file(), 9); }), HasSubstr(expected));
    EXPECT_THAT(problem_of([&] { end_of_file(file(), 9); }), HasSubstr(expected));
    EXPECT_THAT(problem_of([&] { add_line(file(), "x"); }), HasSubstr(expected));
  }
};

TEST_F(RunFile, LinesAreAddedAndReadBack) {
  EXPECT_EQ(small_file(file(), 4), std::nullopt);
  EXPECT_EQ(end_of_file(file(), 4), std::nullopt);
  add_line(file(), "abc");
  EXPECT_EQ(small_file(file(), 4), "abc\n");
  add_line(file(), "d");
  EXPECT_EQ(end_of_file(file(), 4), "c\nd\n");
  EXPECT_EQ(end_of_file(file(), 100), "abc\nd\n");
  EXPECT_THROW(small_file(file(), 4), RunError);
}

TEST_F(RunFile, WhatCannotBeOpenedIsNothing) {
  EXPECT_EQ(small_file(folder_ / "none" / "file", 4), std::nullopt);
  EXPECT_NO_THROW(add_line(folder_ / "none" / "file", "x"));
}

TEST_F(RunFile, LinksPipesFoldersAndDevicesAreRefusedByName) {
  std::ofstream(folder_ / "elsewhere") << "precious";
  fs::create_symlink("elsewhere", file());
  expect_refused("a symbolic link");
  EXPECT_EQ(content_of(folder_ / "elsewhere"), "precious");
  fs::remove(file());
  fs::create_symlink("/dev/null", file());
  expect_refused("a symbolic link");
  fs::remove(file());
  ASSERT_EQ(::mkfifo(file().c_str(), 0600), 0);
  expect_refused("a pipe or a device");
  fs::remove(file());
  fs::create_directory(file());
  expect_refused("a folder");
  EXPECT_THROW(small_file("/dev/null", 4), RunError);
}

}  // namespace
}  // namespace evo
