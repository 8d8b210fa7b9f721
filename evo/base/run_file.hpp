// run_file.hpp: the small files that lie beside the history of a run, read and added to with care.
// Why:      runs come from other people. In the place of a log or a note there may be a link to a file
//           elsewhere, a pipe that is waited for in vain, or a device that never ends.
// Use:      small_file(run / ".git" / "evotts.folder", 4096);
//           end_of_file(run / kRunLogFile, 65536);
//           add_line(run / kRunLogFile, line);
// Promises: nothing but regular files is opened, links are not followed, no more than the limit is read.
// Throws:   RunError that names the file and what is in its place, or that it is too large.
// Threads:  any; lines of two processes do not mix.
// Tests:    tests/evo/base/run_file_test.cpp
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "genome/base/descriptor.hpp"

namespace evo {

// A file opened with these flags of open(2); closed, with errno, where it cannot be.
genome::base::Descriptor open_regular(const std::filesystem::path& file, int flags);

// Nothing when there is no such file, or it cannot be opened. A larger file is refused.
std::optional<std::string> small_file(const std::filesystem::path& file, std::size_t most);

// The last bytes of a file, as many as `most`.
std::optional<std::string> end_of_file(const std::filesystem::path& file, std::size_t most);

// Makes the file if need be. Where it cannot be written, nothing is: such lines are for people.
void add_line(const std::filesystem::path& file, std::string_view line);

}  // namespace evo
