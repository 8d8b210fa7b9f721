#include "evo/objects/pack_folding.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <fmt/format.h>
#include <fstream>
#include <optional>
#include <string>
#include <system_error>

#include "evo/base/error.hpp"
#include "evo/objects/multi_pack_index.hpp"
#include "evo/objects/pack_files.hpp"
#include "evo/objects/pack_joining.hpp"

namespace evo {
namespace {

namespace fs = std::filesystem;

// A pack with more objects stays as it is, which bounds the time of one fold to a second or so.
constexpr std::uint32_t kSettledObjects = 20'000;

struct Pack {
  fs::path index;
  std::uint32_t objects = 0;
};

// The number of objects stands big-endian in bytes 8 to 11 of a pack. Nothing for a pack that has gone.
std::optional<std::uint32_t> objects_in(const fs::path& pack) {
  std::array<unsigned char, 12> head{};
  std::ifstream in(pack, std::ios::binary);
  if (!in.read(reinterpret_cast<char*>(head.data()), std::ssize(head))) {
    if (!fs::exists(pack)) return std::nullopt;
    throw StorageError(fmt::format("cannot read the head of {}", pack.string()));
  }
  std::uint32_t count = 0;
  for (std::size_t i = 8; i < 12; ++i) count = (count << 8) | head[i];
  return count;
}

bool means_something(const fs::path& index) {
  return std::ranges::any_of(std::array{".keep", ".promisor", ".mtimes"},
                             [&](const char* mark) { return fs::exists(beside(index, mark)); });
}

std::vector<Pack> packs_of(const fs::path& root) {
  std::vector<Pack> packs;
  for (const fs::path& index : packs_there(pack_folder(root).parent_path())) {
    if (index.parent_path() != pack_folder(root) || index.extension() != ".idx" || means_something(index))
      continue;
    if (const auto objects = objects_in(beside(index, ".pack"))) packs.push_back({index, *objects});
  }
  return packs;
}

bool all_are_there(const std::vector<fs::path>& indices) {
  return std::ranges::all_of(
      indices, [](const fs::path& index) { return fs::exists(index) && fs::exists(beside(index, ".pack")); });
}

}  // namespace

std::vector<fs::path> packs_to_fold(const fs::path& root, std::size_t at) {
  std::vector<Pack> packs = packs_of(root);
  if (packs.size() < at) return {};
  std::erase_if(packs, [](const Pack& pack) { return pack.objects >= kSettledObjects; });
  if (packs.size() < at) return {};
  std::ranges::sort(packs, {}, [](const Pack& pack) { return std::pair(pack.objects, pack.index); });
  std::uint64_t smaller = 0;
  for (const Pack& pack : packs) smaller += pack.objects;
  while (!packs.empty()) {
    smaller -= packs.back().objects;
    if (packs.back().objects < 2 * smaller) break;
    packs.pop_back();
  }
  if (packs.size() < 2) return {};
  std::vector<fs::path> indices;
  for (const Pack& pack : packs) indices.push_back(pack.index);
  return indices;
}

bool fold_packs(const std::vector<fs::path>& indices, const fs::path& root) {
  std::optional<std::string> folded;
  try {
    folded = join_packs(indices, root);
  } catch (const StorageError&) {
    if (all_are_there(indices)) throw;
  }
  if (!folded) return false;
  remove_multi_pack_index(root, indices);
  for (const fs::path& index : indices) {
    if (index.stem() == *folded) continue;
    // The pack first: git takes no notice of an index without its pack, and mend_packs() knows that such an
    // index is rubbish.
    for (const char* extension : {".pack", ".rev", ".bitmap", ".idx"}) fs::remove(beside(index, extension));
  }
  return true;
}

}  // namespace evo
