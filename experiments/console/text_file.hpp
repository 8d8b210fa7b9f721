// text_file.hpp: reading texts that people wrote, and writing to standard output.
// Why:      a path may name anything: nothing, a folder, a picture, a pipe without end.
// Use:      std::string text = read_text("mine.ctl", 65536);
//           print(text);
// Promises: read_text gives UTF-8 without NULs or throws UsageError naming the file and, inside it, the
//           line; it never takes in more than the limit. print() throws StorageError when not all could be
//           written, as on a full disk.
// Threads:  any; what is told on the way is told by one thread.
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

// A path as people would write it here: relative to the current folder when it lies in it. For messages:
// control characters are made visible.
std::string shown_path(const std::filesystem::path& path);

// Such a path as the argument of a command that a message proposes, with what stands right behind it.
std::string command_path(const std::filesystem::path& path, std::string_view behind = {});

// Writes to standard output; what could steer a terminal or turn its text is shown as escapes.
void print(std::string_view text);
// Writes to standard output, byte for byte unless that is a terminal.
void print_exactly(std::string_view bytes);
// Makes sure that what was printed has left the process.
void finish_printing();

// What a long work tells on its way goes to standard output at once. Where that fails, as on a terminal that
// is gone, the work goes on and nothing more is told.
void tell_on_the_way(std::string_view text);
// StorageError when something was not told, unless standard output was closed from the start.
void finish_telling();

}  // namespace experiments
