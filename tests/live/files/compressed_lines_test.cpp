#include "live/files/compressed_lines.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iterator>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include "genome/base/error.hpp"
#include "replay/environment/input_error.hpp"

namespace live {
namespace {

using testing::HasSubstr;
using Numbered = std::vector<std::pair<std::size_t, std::string>>;

class CompressedLinesTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) / fmt::format("evotts_lines_{}", ::getpid());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    file_ = folder_ / "x.zst";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void write_lines(const std::vector<std::string>& lines) const {
    CompressedLines out(file_);
    for (const std::string& line : lines) out.write(line);
    out.finish();
  }
  std::string bytes() const {
    std::ifstream in(file_, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void put(const std::string& bytes) const { std::ofstream(file_, std::ios::binary) << bytes; }

  Numbered lines(const LineLimits& limits = {}) const {
    Numbered found;
    read_compressed_lines(file_, limits, [&](std::size_t number, std::string_view line) {
      found.emplace_back(number, std::string(line));
    });
    return found;
  }
  std::string failure(const LineLimits& limits = {}) const {
    try {
      lines(limits);
    } catch (const replay::InputError& error) {
      return error.what();
    }
    return "";
  }

  std::filesystem::path folder_, file_;
};

TEST_F(CompressedLinesTest, ComeBackInOrder) {
  const std::string large(3'000'000, 'y');
  write_lines({"one", "", large, "four \xC3\xA9"});
  EXPECT_EQ(lines(), (Numbered{{1, "one"}, {2, ""}, {3, large}, {4, "four \xC3\xA9"}}));
  EXPECT_LT(bytes().size(), 5'000U);
}

TEST_F(CompressedLinesTest, TheSameLinesGiveTheSameBytes) {
  write_lines({"one", "two"});
  const std::string once = bytes();
  write_lines({"one", "two"});
  EXPECT_EQ(bytes(), once);
}

TEST_F(CompressedLinesTest, NothingStandsThereBeforeTheEnd) {
  {
    CompressedLines out(file_);
    out.write("one");
    EXPECT_FALSE(std::filesystem::exists(file_));
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
  write_lines({"old"});
  {
    CompressedLines out(file_);
    out.write("new");
  }
  EXPECT_EQ(lines(), (Numbered{{1, "old"}}));
}

TEST_F(CompressedLinesTest, EveryCutIsNoticed) {
  write_lines({"one", "two", std::string(100, 'z')});
  const std::string whole = bytes();
  for (std::size_t size = 1; size < whole.size(); ++size) {
    put(whole.substr(0, size));
    EXPECT_THAT(failure(), HasSubstr("x.zst: is cut off within its compressed data")) << size;
  }
  put("");
  EXPECT_THAT(failure(), HasSubstr("x.zst: is empty"));
}

TEST_F(CompressedLinesTest, DamageIsNoticed) {
  write_lines({std::string(1000, 'a') + "b", "c"});
  const std::string whole = bytes();
  const Numbered good = lines();
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x40);
    put(damaged);
    EXPECT_TRUE(failure() != "" || lines() == good) << at;  // a larger window changes nothing
  }
  for (const char* behind : {"x", "xxxxx"}) {
    put(whole + behind);
    EXPECT_THAT(failure(), HasSubstr("x.zst: is ")) << behind;
  }
  put("{\"no\": \"compressed file\"}\n");
  EXPECT_THAT(failure(), HasSubstr("x.zst: is no whole file of Zstandard"));
}

TEST_F(CompressedLinesTest, FramesFollowEachOtherAsZstdJoinsThem) {
  write_lines({"one"});
  const std::string first = bytes();
  write_lines({"two"});
  put(first + bytes());
  EXPECT_EQ(lines(), (Numbered{{1, "one"}, {2, "two"}}));
}

TEST_F(CompressedLinesTest, LimitsHold) {
  write_lines({"1234", std::string(1000, 'x'), "5"});
  EXPECT_EQ(lines({.line = 1000, .whole = 1008}).size(), 3U);
  EXPECT_THAT(failure({.line = 999, .whole = 1008}), HasSubstr("x.zst: line 2 has more than 999 bytes"));
  EXPECT_THAT(failure({.line = 1000, .whole = 1007}),
              HasSubstr("holds more than 1007 bytes when decompressed"));
}

TEST_F(CompressedLinesTest, WhatIsNoFileIsRefused) {
  EXPECT_THAT(failure(), HasSubstr("x.zst: cannot be opened: No such file"));
  file_ = folder_;
  EXPECT_THAT(failure(), HasSubstr(": is no regular file"));
  file_ = folder_ / "pipe";
  ASSERT_EQ(::mkfifo(file_.c_str(), 0600), 0);
  EXPECT_THAT(failure(), HasSubstr("pipe: is no regular file"));
  EXPECT_THROW(CompressedLines out(file_), genome::base::Error);
  EXPECT_THROW(CompressedLines out(folder_ / "none" / "x.zst"), genome::base::Error);
}

}  // namespace
}  // namespace live
