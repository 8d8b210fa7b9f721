#include "live/files/found_files.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <fmt/format.h>
#include <string>
#include <system_error>

#include "genome/base/text.hpp"
#include "replay/environment/input_error.hpp"

namespace live {
namespace {

using genome::base::visible;
using replay::InputError;
namespace fs = std::filesystem;

constexpr std::size_t kMostFiles = 200'000;
constexpr std::array<std::string_view, 6> kEndings{".json", ".jsonl", ".ndjson", ".csv", ".eval", ".parquet"};
constexpr std::array<std::string_view, 4> kPacked{".zst", ".gz", ".xz", ".bz2"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_of_records(std::string_view name) {
  if (name.starts_with('.')) return false;
  for (const std::string_view packed : kPacked)
    if (name.ends_with(packed)) name.remove_suffix(packed.size());
  return std::ranges::any_of(kEndings, [&](std::string_view ending) { return name.ends_with(ending); });
}

std::string_view number_at(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && is_digit(text[end])) ++end;
  return text.substr(at, end - at);
}

std::vector<fs::path> files_below(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (!at->is_regular_file(error) || !is_of_records(at->path().filename().string())) continue;
    files.push_back(at->path());
    if (files.size() > kMostFiles)
      throw InputError(fmt::format("{}: holds more than {} files", visible(folder.string()), kMostFiles));
  }
  if (error)
    throw InputError(fmt::format("{}: cannot be read: {}", visible(folder.string()), error.message()));
  if (files.empty())
    throw InputError(
        fmt::format("{}: holds no file of records (.json, .jsonl, .csv or .eval)", visible(folder.string())));
  std::ranges::sort(
      files, [](const fs::path& a, const fs::path& b) { return naturally_before(a.string(), b.string()); });
  return files;
}

}  // namespace

bool naturally_before(std::string_view a, std::string_view b) {
  std::size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    if (is_digit(a[i]) && is_digit(b[j])) {
      std::string_view first = number_at(a, i), second = number_at(b, j);
      i += first.size();
      j += second.size();
      first.remove_prefix(std::min(first.find_first_not_of('0'), first.size()));
      second.remove_prefix(std::min(second.find_first_not_of('0'), second.size()));
      if (first.size() != second.size()) return first.size() < second.size();
      if (first != second) return first < second;
      continue;
    }
    if (a[i] != b[j]) return a[i] < b[j];
    ++i;
    ++j;
  }
  return a.size() - i == b.size() - j ? a < b : a.size() - i < b.size() - j;
}

std::vector<fs::path> found_files(const std::vector<fs::path>& paths) {
  std::vector<fs::path> files;
  for (const fs::path& path : paths) {
    std::error_code error;
    if (fs::is_directory(path, error)) {
      const std::vector<fs::path> below = files_below(path);
      files.insert(files.end(), below.begin(), below.end());
    } else if (!fs::exists(path, error)) {
      throw InputError(fmt::format("{}: there is no such file", visible(path.string())));
    } else {
      files.push_back(path);
    }
  }
  return files;
}

}  // namespace live
