#include "live/formats/import_files.hpp"

#include <algorithm>
#include <memory>
#include <set>
#include <system_error>

#include "genome/base/text.hpp"
#include "live/files/byte_source.hpp"
#include "live/files/found_files.hpp"
#include "live/files/text_window.hpp"

namespace live {
namespace {

namespace fs = std::filesystem;

struct Looked {
  bool known = false;  // a format can read it
  bool input = false;  // it tells what others are of
};

Looked looked_at(const fs::path& file, const FormatInfo* format) {
  const Packing packing = packing_of(file);
  if (packing == Packing::kZip) return {.known = true};
  if (packing != Packing::kPlain && packing != Packing::kCompressed) return {};
  const std::unique_ptr<ByteSource> bytes = open_bytes(file);
  TextWindow window(*bytes, genome::base::visible(file.string()));
  const JsonShape shape = json_shape(window);
  const FormatInfo* const info = format != nullptr ? format : recognised(shape);
  if (info == nullptr) return {};
  const bool input = info->make({})->is_input(shape);
  return {.known = input || info->recognise(shape).has_value(), .input = input};
}

}  // namespace

std::uint64_t bytes_of(const fs::path& file) {
  std::error_code failed;
  const auto size = fs::file_size(file, failed);
  return failed ? 0 : size;
}

std::size_t models_by_place(const std::vector<fs::path>& files, const Format& format) {
  std::set<std::string> models;
  for (const fs::path& file : files) models.insert(format.model_by_place(file));
  return models.size();
}

std::vector<std::string> folders_of(const std::vector<fs::path>& files) {
  std::set<std::string> folders;
  for (const fs::path& file : files) folders.insert(file.parent_path().string());
  return folders.size() < 2 ? std::vector<std::string>() : std::vector(folders.begin(), folders.end());
}

ImportFiles import_files(const std::vector<fs::path>& paths, const FormatInfo* format) {
  const std::vector<fs::path> all = found_files(paths);
  ImportFiles sorted;
  std::vector<fs::path> behind;
  if (all.size() < 2 || format == find_format("generic")) {
    sorted.files = all;
  } else {
    for (const fs::path& file : all) {
      const Looked looked = looked_at(file, format);
      const bool named = std::ranges::find(paths, file) != paths.end();
      auto& to = looked.input ? sorted.files : looked.known || named ? behind : sorted.others;
      to.push_back(file);
    }
    sorted.files.insert(sorted.files.end(), behind.begin(), behind.end());
    // None is known: their reader tells better why.
    if (sorted.files.empty()) sorted.files.swap(sorted.others);
  }
  for (const fs::path& file : sorted.files) sorted.bytes += bytes_of(file);
  return sorted;
}

}  // namespace live
