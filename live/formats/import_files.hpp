// import_files.hpp: the files of an import in the order of reading, without those of something else.
// Why:      tools leave figures and tables beside their samples, and some files tell what others are of.
// Use:      const ImportFiles files = import_files({"outputs/", "more.jsonl"}, find_format("vllm"));
// Promises: of a folder those files are read that a format knows, where it knows any; files that are named
//           are read, or refused, as they come. Files that tell the questions of others stand in front. Some
//           MiB of each file are looked at.
// Throws:   replay::InputError as found_files() and open_bytes().
// Threads:  reads files, otherwise pure.
// Tests:    tests/live/formats/formats_test.cpp, tests/experiments/commands/env_import_test.cpp
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "live/formats/format.hpp"

namespace live {

struct ImportFiles {
  std::vector<std::filesystem::path> files;
  std::vector<std::filesystem::path> others;  // left out
  std::uint64_t bytes = 0;                    // of all files
};

// Without a format, whatever a format knows but generic.
ImportFiles import_files(const std::vector<std::filesystem::path>& paths, const FormatInfo* format);

// How many models the places of files name.
std::size_t models_by_place(const std::vector<std::filesystem::path>& files, const Format& format);
// In which they lie; nothing where it is one.
std::vector<std::string> folders_of(const std::vector<std::filesystem::path>& files);

// 0 where that cannot be told.
std::uint64_t bytes_of(const std::filesystem::path& file);

}  // namespace live
