// bounded_archive.hpp: cereal's portable binary format, read from bytes that may have been made to do harm.
// Why:      cereal's own archive believes every length, and makes room for as many entries before it reads
//           the first one: a file of 4 KB could ask for gigabytes.
// Use:      BoundedInput archive(payload);   archive(contents);
// Promises: reads what cereal::PortableBinaryOutputArchive writes little-endian, on any machine. A length is
//           held against the bytes that are left before anything is allocated for it. What it reads is no
//           deeper nested than the types it is asked for.
// Throws:   cereal::Exception that says what is wrong.
// Threads:  one thread an object; the bytes must outlive it.
// Tests:    tests/evo/record/bounded_archive_test.cpp
#pragma once

#include <algorithm>
#include <bit>
#include <cereal/cereal.hpp>
#include <cstdint>
#include <cstring>
#include <fmt/format.h>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace evo {

class BoundedInput : public cereal::InputArchive<BoundedInput, cereal::AllowEmptyClassElision> {
 public:
  // An entry of a list takes as many bytes at least, and not much more of memory than of the file.
  static constexpr std::size_t kLeastEntry = 8;

  explicit BoundedInput(std::string_view bytes) : InputArchive(this), left_(bytes) {
    std::uint8_t little_endian = 0;
    read(&little_endian, 1);
    if (little_endian != 1) throw cereal::Exception("its numbers are of an unknown byte order");
  }

  // Numbers of `size` bytes each.
  void read_numbers(void* into, std::size_t size, std::size_t bytes) {
    read(into, bytes);
    if constexpr (std::endian::native == std::endian::big) {
      char* const first = static_cast<char*>(into);
      for (std::size_t at = 0; at < bytes; at += size) std::reverse(first + at, first + at + size);
    }
  }

  void read_length(std::uint64_t& length) {
    read_numbers(&length, sizeof length, sizeof length);
    if (length > left_.size() / kLeastEntry)
      throw cereal::Exception(
          fmt::format("a list of {} entries is said to be in the last {} bytes", length, left_.size()));
  }

  std::string read_text() {
    std::uint64_t length = 0;
    read_numbers(&length, sizeof length, sizeof length);
    if (length > left_.size())
      throw cereal::Exception(
          fmt::format("a text of {} bytes is said to be in the last {} bytes", length, left_.size()));
    std::string text(left_.substr(0, static_cast<std::size_t>(length)));
    left_.remove_prefix(text.size());
    return text;
  }

 private:
  void read(void* into, std::size_t bytes) {
    if (bytes > left_.size())
      throw cereal::Exception(fmt::format("it ends {} bytes too early", bytes - left_.size()));
    if (bytes == 0) return;  // an empty list has no place to be copied to
    std::memcpy(into, left_.data(), bytes);
    left_.remove_prefix(bytes);
  }

  std::string_view left_;
};

// ---- what cereal looks for by these names

template <class T>
requires(std::is_arithmetic_v<T> && !std::is_same_v<T, bool>) void load(BoundedInput& archive, T& number) {
  archive.read_numbers(&number, sizeof number, sizeof number);
}

// A byte other than 0 and 1 is no truth, and reading it as one is undefined.
inline void load(BoundedInput& archive, bool& truth) {
  std::uint8_t byte = 0;
  archive.read_numbers(&byte, sizeof byte, sizeof byte);
  if (byte > 1) throw cereal::Exception(fmt::format("{} stands where a truth is kept, 0 or 1", byte));
  truth = byte == 1;
}

inline void load(BoundedInput& archive, std::string& text) { text = archive.read_text(); }

template <class T>
void load(BoundedInput& archive, cereal::BinaryData<T>& data) {
  using Number = std::remove_pointer_t<std::remove_reference_t<T>>;
  archive.read_numbers(data.data, sizeof(Number), static_cast<std::size_t>(data.size));
}

template <class T>
void serialize(BoundedInput& archive, cereal::NameValuePair<T>& pair) {
  archive(pair.value);
}

template <class T>
void serialize(BoundedInput& archive, cereal::SizeTag<T>& tag) {
  std::uint64_t length = 0;
  archive.read_length(length);
  tag.size = static_cast<std::remove_reference_t<T>>(length);
}

}  // namespace evo

CEREAL_REGISTER_ARCHIVE(evo::BoundedInput)
