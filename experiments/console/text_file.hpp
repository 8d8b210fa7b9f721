// text_file.hpp: reading texts that people wrote, writing files whole, and writing to standard output.
// Why:      a path may name anything: nothing, a folder, a picture, a pipe without end; and a file that
//           is replaced must at every instant be the old one or the new one.
// Use:      std::string text = read_text("mine.ctl", 65536);
//           write_whole("mine.ctl", text);
// Promises: read_text gives UTF-8 without NULs or throws UsageError naming the file and, inside it, the
//           line; it never takes in more than the limit. write_whole writes beside the file, syncs and
//           renames; a file it replaces keeps its permissions, a link to it stays a link. Failures to
//           write throw std::system_error naming the path.
// Threads:  any; the last write to a path wins.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace experiments {

// What stands for standard input, or standard output, in place of a file.
inline constexpr std::string_view kStandardStream = "-";

// The text of a file, or of standard input for "-".
std::string read_text(const std::string& path, std::size_t most_bytes);

// The offset of the first byte that is not part of well-formed UTF-8 (Unicode 15, table 3-7), or none.
std::optional<std::size_t> first_not_utf8(std::string_view text);

// A path as people would write it here: relative to the current folder when it lies in it.
std::string shown_path(const std::filesystem::path& path);

void write_whole(const std::filesystem::path& path, std::string_view bytes);

// Writes to standard output; throws std::system_error when that fails, as on a full disk.
void print(std::string_view text);
// Makes sure that what was printed has left the process.
void finish_printing();

}  // namespace experiments
