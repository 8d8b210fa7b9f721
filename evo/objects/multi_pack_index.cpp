#include "evo/objects/multi_pack_index.hpp"

#include <algorithm>
#include <boost/endian/conversion.hpp>
#include <cstdint>
#include <vector>

#include "evo/objects/pack_files.hpp"
#include "genome/base/file.hpp"

namespace evo {
namespace {

namespace fs = std::filesystem;
namespace endian = boost::endian;

constexpr std::string_view kMagic = "MIDX";
constexpr std::size_t kHead = 12, kChunkEntry = 12;

const unsigned char* at(std::string_view bytes, std::size_t place) {
  return reinterpret_cast<const unsigned char*>(bytes.data()) + place;
}

// The content of the chunk of that name, or nothing.
std::string_view chunk(std::string_view file, std::string_view name) {
  if (file.size() < kHead || !file.starts_with(kMagic)) return {};
  const std::size_t chunks = static_cast<unsigned char>(file[6]);
  if (file.size() < kHead + (chunks + 1) * kChunkEntry) return {};
  for (std::size_t i = 0; i < chunks; ++i) {
    const std::size_t entry = kHead + i * kChunkEntry;
    if (file.substr(entry, name.size()) != name) continue;
    const std::uint64_t begin = endian::load_big_u64(at(file, entry + 4));
    const std::uint64_t end = endian::load_big_u64(at(file, entry + kChunkEntry + 4));
    return begin <= end && end <= file.size() ? file.substr(begin, end - begin) : std::string_view();
  }
  return {};
}

// The index itself, its bitmaps and orders ("multi-pack-index-<digits>.bitmap", ".rev"), and the folder in
// which newer gits keep several.
void remove_all_of_it(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().filename().string().starts_with(kMultiPackIndex)) files.push_back(entry.path());
  }
  // The index last: what belongs to it is of no use, and does no harm, without it.
  std::ranges::sort(files, std::ranges::greater());
  for (const fs::path& file : files) fs::remove_all(file);
}

std::set<std::string> named_in_folder(const fs::path& folder) {
  const auto content = genome::base::content_of(folder / kMultiPackIndex);
  return content ? indices_named_in(*content) : std::set<std::string>();
}

}  // namespace

std::set<std::string> indices_named_in(std::string_view multi_pack_index) {
  std::set<std::string> names;
  std::string_view rest = chunk(multi_pack_index, "PNAM");
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\0'), rest.size());
    if (end > 0) names.emplace(rest.substr(0, end));  // the chunk is filled up with zeros
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return names;
}

std::set<std::string> missing_in_multi_pack_index(const fs::path& folder) {
  std::set<std::string> names = named_in_folder(folder);
  std::erase_if(names, [&](const std::string& name) {
    const fs::path pack = beside(folder / fs::path(name).filename(), ".pack");
    return fs::exists(pack);
  });
  return names;
}

void remove_multi_pack_index(const fs::path& root, std::span<const fs::path> indices) {
  const std::set<std::string> named = named_in_folder(pack_folder(root));
  const bool covered = std::ranges::any_of(
      indices, [&](const fs::path& index) { return named.contains(index.filename().string()); });
  if (covered) remove_all_of_it(pack_folder(root));
}

void remove_stale_multi_pack_index(const fs::path& root) {
  if (!missing_in_multi_pack_index(pack_folder(root)).empty()) remove_all_of_it(pack_folder(root));
}

}  // namespace evo
