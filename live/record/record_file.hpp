// record_file.hpp: the file of recorded episodes: lines are put behind it whole, and read back one by one.
// Why:      a kill or a full disk may leave half a line; several servers may write one file; whoever runs
//           them moves it away to begin a new one.
// Use:      append_lines("e.jsonl", line + "\n");
//           const std::uint64_t torn = read_lines("e.jsonl", [&](const RecordLine& line) { ... });
// Promises: append_lines() writes all or nothing, under a lock, and has it on the disk when it returns. It
//           makes the file, readable to its owner alone, when there is none. What a writer that was killed
//           left behind the last line is cut off; a last line that lacks its end alone gets it. A file that
//           does not begin as a record does is refused and stays as it is. A reader passes over the rest of
//           a line that was cut off, holds one line at a time, and sees what was there when it began.
// Throws:   replay::InputError for what is no such file or has a line that is too long; StorageError where
//           the disk fails or others keep the lock.
// Threads:  any; also several processes.
// Tests:    tests/live/record/record_file_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace live {

// REQUIRES: each line begins as a record does and ends with "\n"; none at all only makes or mends the file.
void append_lines(const std::filesystem::path& file, std::string_view lines);

struct RecordLine {
  std::size_t number = 0;    // from 1
  std::uint64_t offset = 0;  // in the file
  std::string_view text;     // without its end
};

// Returns how many bytes at the end are of a line that was cut off.
std::uint64_t read_lines(const std::filesystem::path& file,
                         const std::function<void(const RecordLine&)>& each);

// The line that was read there. REQUIRES: bytes are those of its text.
std::string line_at(const std::filesystem::path& file, std::uint64_t offset, std::size_t bytes);

}  // namespace live
