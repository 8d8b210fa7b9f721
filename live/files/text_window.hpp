// text_window.hpp: the part of a long text that is being looked at.
// Why:      records of a file are found and read one by one; a file may be larger than the memory.
// Use:      TextWindow window(*open_bytes(path), "outputs.jsonl");
//           while (window.grow()) if (const auto end = window.view().find('\n'); end != npos) ...
//           window.consume(end + 1);
// Promises: view() is what was read and not yet consumed, with kPadding readable bytes behind it, as simdjson
//           asks for. It stays where it is until grow() or consume(). A byte order mark in front is left out.
//           line() counts from 1 and is that of the first byte of the view. Memory is some MiB beyond the
//           view, which is at most kMost long.
// Throws:   replay::InputError for text that is no UTF-8 by its first bytes (UTF-16, UTF-32) and a view that
//           would be longer; what the source throws.
// Threads:  one thread.
// Tests:    tests/live/files/json_stream_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "live/files/byte_source.hpp"

namespace live {

class TextWindow {
 public:
  static constexpr std::size_t kPadding = 64;
  static constexpr std::size_t kMost = std::size_t{64} << 20U;  // of one record

  // `name` begins messages. The source must live as long.
  TextWindow(ByteSource& source, std::string name);

  std::string_view view() const { return {buffer_.get() + begin_, end_ - begin_}; }
  std::size_t line() const { return line_; }
  const std::string& name() const { return name_; }
  bool full() const { return end_ - begin_ >= kMost; }
  std::uint64_t read_so_far() const { return source_.position(); }

  // Reads on; false when nothing is left.
  bool grow();
  void consume(std::size_t bytes);

 private:
  void make_room();
  void leave_out_mark();

  ByteSource& source_;
  std::string name_;
  std::unique_ptr<char[]> buffer_;  // NOLINT(modernize-avoid-c-arrays): not set to zeros
  std::size_t capacity_, begin_ = 0, end_ = 0;
  std::size_t line_ = 1;
  bool first_ = true;
};

}  // namespace live
