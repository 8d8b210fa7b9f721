#include "evo/record/checkpoint_file.hpp"

#include <gtest/gtest.h>
#include <string>

#include "evo/base/error.hpp"

namespace evo {
namespace {

std::string sample_payload() {
  std::string payload;
  for (int i = 0; i < 300; ++i) payload += static_cast<char>(i * 7);
  return payload;
}

std::string message_of(const std::string& bytes, std::uint32_t newest = 1) {
  try {
    unframe(bytes, newest, "runs/a");
  } catch (const RunError& error) {
    return error.what();
  }
  return "";
}

TEST(CheckpointFile, GivesBackWhatItFramed) {
  for (const std::string& payload : {std::string(), std::string("x"), sample_payload()}) {
    const std::string file = frame(payload, 3);
    EXPECT_EQ(unframe(file, 3, "file"), payload);
    EXPECT_EQ(unframe(file, 9, "file"), payload);
    EXPECT_EQ(framed_version(file), 3U);
  }
}

// The layout is a promise to files written earlier: it may grow versions, but never change.
TEST(CheckpointFile, LayoutIsFixed) {
  const std::string file = frame("payload", 0x01020304);
  ASSERT_EQ(file.size(), 8U + 4 + 8 + 20 + 7);
  EXPECT_EQ(file.substr(0, 8), "EVOTTSCP");
  EXPECT_EQ(file.substr(8, 4), std::string("\x04\x03\x02\x01"));
  EXPECT_EQ(file.substr(12, 8), std::string("\x07\0\0\0\0\0\0\0", 8));
  EXPECT_EQ(file.substr(40), "payload");
}

TEST(CheckpointFile, EveryCutIsNoticed) {
  const std::string file = frame(sample_payload(), 1);
  for (std::size_t size = 0; size < file.size(); ++size) {
    EXPECT_THROW(unframe(file.substr(0, size), 1, "file"), RunError) << size;
  }
  EXPECT_THROW(unframe(file + "x", 1, "file"), RunError);
}

TEST(CheckpointFile, EveryAlteredByteIsNoticed) {
  const std::string file = frame(sample_payload(), 2);
  for (std::size_t at = 0; at < file.size(); ++at) {
    for (int flip = 1; flip < 256; ++flip) {
      std::string damaged = file;
      damaged[at] = static_cast<char>(damaged[at] ^ flip);
      EXPECT_THROW(unframe(damaged, 5, "file"), RunError) << at << " ^ " << flip;
    }
  }
}

TEST(CheckpointFile, MessagesSayWhatIsWrong) {
  const std::string file = frame("payload", 7);
  EXPECT_EQ(message_of(file), "runs/a: written by a newer evotts (version 7; this one reads up to 1)");
  EXPECT_NE(message_of("controller sc").find("not a checkpoint"), std::string::npos);
  EXPECT_NE(message_of(file.substr(0, 10)).find("cut short at 10 bytes"), std::string::npos);
  EXPECT_NE(message_of(file.substr(0, 44), 7).find("4 bytes where its head says 7"), std::string::npos);
  std::string damaged = file;
  damaged.back() = '?';
  EXPECT_NE(message_of(damaged, 7).find("checksum"), std::string::npos);
}

}  // namespace
}  // namespace evo
