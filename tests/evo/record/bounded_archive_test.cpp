#include "evo/record/bounded_archive.hpp"

#include <cereal/archives/portable_binary.hpp>
#include <cereal/types/map.hpp>
#include <cereal/types/optional.hpp>
#include <cereal/types/string.hpp>
#include <cereal/types/vector.hpp>
#include <cstdint>
#include <gtest/gtest.h>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace evo {
namespace {

template <class... Values>
std::string written(const Values&... values) {
  std::ostringstream bytes;
  cereal::PortableBinaryOutputArchive archive(bytes,
                                              cereal::PortableBinaryOutputArchive::Options::LittleEndian());
  archive(values...);
  return std::move(bytes).str();
}

template <class Value>
Value read_back(const std::string& bytes) {
  Value value{};
  BoundedInput archive(bytes);
  archive(value);
  return value;
}

template <class Value>
void expect_same(const Value& value) {
  EXPECT_EQ(read_back<Value>(written(value)), value);
}

TEST(BoundedArchive, ReadsWhatCerealWrites) {
  expect_same(std::int32_t{-7});
  expect_same(0.1);
  expect_same(true);
  expect_same(std::string("a\0b", 3));
  expect_same(std::vector<double>{0.5, -1e300});
  expect_same(std::vector<std::string>{"", "two"});
  expect_same(std::map<std::string, std::vector<std::int64_t>>{{"x", {1, 2}}, {"y", {}}});
  expect_same(std::optional<double>());
  expect_same(std::optional<double>(2.5));
}

// As a file would be that claims more than it holds; the numbers are small, so that it would be harmless.
TEST(BoundedArchive, ALengthBeyondTheBytesLeftIsRefused) {
  const std::string claim = written(std::uint64_t{3}, 1.0);
  EXPECT_THROW(read_back<std::vector<double>>(claim), cereal::Exception);
  EXPECT_THROW(read_back<std::vector<std::string>>(claim), cereal::Exception);
  EXPECT_THROW((read_back<std::map<std::string, double>>(claim)), cereal::Exception);
  EXPECT_THROW(read_back<std::string>(written(std::uint64_t{9}, 1.0)), cereal::Exception);
  try {
    read_back<std::vector<std::vector<double>>>(claim);
    ADD_FAILURE() << "was read";
  } catch (const cereal::Exception& error) {
    EXPECT_STREQ(error.what(), "a list of 3 entries is said to be in the last 8 bytes");
  }
}

TEST(BoundedArchive, ATruthIsZeroOrOne) {
  EXPECT_TRUE(read_back<bool>(written(std::uint8_t{1})));
  EXPECT_THROW(read_back<bool>(written(std::uint8_t{63})), cereal::Exception);
  EXPECT_THROW(read_back<std::optional<double>>(written(std::uint8_t{2}, 1.0)), cereal::Exception);
}

TEST(BoundedArchive, EveryCutIsNoticed) {
  const std::string whole = written(std::vector<std::string>{"one", "two"});
  for (std::size_t length = 0; length < whole.size(); ++length)
    EXPECT_THROW(read_back<std::vector<std::string>>(whole.substr(0, length)), cereal::Exception) << length;
}

TEST(BoundedArchive, AnUnknownByteOrderIsRefused) {
  std::string bytes = written(1);
  bytes[0] = 0;
  EXPECT_THROW(read_back<std::int32_t>(bytes), cereal::Exception);
}

}  // namespace
}  // namespace evo
