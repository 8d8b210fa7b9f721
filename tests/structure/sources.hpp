// sources.hpp: every source file of the project, read once.
// Why:      the rules of the structure are about text: what includes what, how long lines are.
// Use:      for (const Source& source : sources()) ...
// Promises: sorted by path. Every file of kFolders' top folders and of tests that holds C++ is there; build
//           folders and golden files are not.
// Threads:  the first call reads files; one thread.
// Tests:    tests/structure/layers_test.cpp, tests/structure/files_test.cpp
#pragma once

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/structure/folders.hpp"
#include "tests/support/places.hpp"

namespace structure {

inline std::string top_of(std::string_view path) { return std::string(path.substr(0, path.find('/'))); }

struct Source {
  std::string path;  // "genome/text/parser.hpp"
  std::string text;
  std::vector<std::string> lines;

  std::string top() const { return top_of(path); }
  std::string folder() const { return path.substr(0, path.rfind('/')); }
  std::string unit() const { return path.substr(0, path.rfind('.')); }  // header and source are one
  bool is_header() const { return path.ends_with(".hpp"); }
  bool is_test() const { return path.starts_with("tests/"); }

  // What it includes in quotes or in angle brackets, as written.
  std::vector<std::string> included(char open) const {
    std::vector<std::string> names;
    const std::string start = fmt::format("#include {}", open);
    for (const std::string& line : lines) {
      if (!line.starts_with(start)) continue;
      const auto end = line.find(open == '<' ? '>' : '"', start.size());
      names.push_back(line.substr(start.size(), end - start.size()));
    }
    return names;
  }
};

inline bool exists(std::string_view path) {
  return std::filesystem::exists(std::filesystem::path(tests::kSourceDir) / path);
}

inline Source read_source(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  Source source{std::filesystem::relative(file, tests::kSourceDir).generic_string(),
                {std::istreambuf_iterator<char>(stream), {}},
                {}};
  for (std::size_t at = 0; at < source.text.size();) {
    const std::size_t end = std::min(source.text.find('\n', at), source.text.size());
    source.lines.push_back(source.text.substr(at, end - at));
    at = end + 1;
  }
  return source;
}

inline const std::vector<Source>& sources() {
  static const std::vector<Source> all = [] {
    std::set<std::string> tops = {"tests"};
    for (const Folder& folder : kFolders) tops.insert(top_of(folder.path));
    std::vector<Source> found;
    for (const std::string& top : tops) {
      for (const auto& entry :
           std::filesystem::recursive_directory_iterator(std::filesystem::path(tests::kSourceDir) / top)) {
        const std::string kind = entry.path().extension().string();
        if (kind == ".hpp" || kind == ".cpp" || kind == ".def" || kind == ".inc")
          found.push_back(read_source(entry.path()));
      }
    }
    std::sort(found.begin(), found.end(), [](const Source& a, const Source& b) { return a.path < b.path; });
    return found;
  }();
  return all;
}

}  // namespace structure
