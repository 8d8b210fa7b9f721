// found_files.hpp: the files that paths stand for: themselves, or what lies below a folder.
// Use:      for (const fs::path& file : found_files({"outputs/", "more.jsonl"})) ...
// Promises: files that are named come as they are. Of a folder come those whose names end as records' do
//           (.json, .jsonl, .csv, .eval, and compressed), in natural order: question_9 before question_10.
//           Links to folders are not followed.
// Throws:   replay::InputError that names the path: there is none, no file of records below it, too many.
// Threads:  reads folders, otherwise pure.
// Tests:    tests/live/formats/formats_test.cpp
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

namespace live {

std::vector<std::filesystem::path> found_files(const std::vector<std::filesystem::path>& paths);

// Whether a name comes before another: digits are compared as numbers.
bool naturally_before(std::string_view a, std::string_view b);

}  // namespace live
