#include "evo/git/packs.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <fmt/format.h>
#include <fstream>

#include "evo/base/error.hpp"
#include "evo/git/pack_joining.hpp"
#include "genome/base/file.hpp"

namespace evo {
namespace {

namespace fs = std::filesystem;

// Above all backends of the disk, so that writes go to memory.
constexpr int kMemoryPriority = 999;

// A pack with more objects stays as it is, which bounds the time of one fold to a second or so.
constexpr std::uint32_t kSettledObjects = 20'000;

struct Pack {
  fs::path index;
  std::uint32_t objects = 0;
};

fs::path pack_folder(const fs::path& root) { return root / ".git" / "objects" / "pack"; }

fs::path beside(fs::path file, const char* extension) { return file.replace_extension(extension); }

// The number of objects stands big-endian in bytes 8 to 11 of a pack.
std::uint32_t objects_in(const fs::path& pack) {
  std::array<unsigned char, 12> head{};
  std::ifstream in(pack, std::ios::binary);
  if (!in.read(reinterpret_cast<char*>(head.data()), std::ssize(head))) {
    throw StorageError(fmt::format("cannot read the head of {}", pack.string()));
  }
  std::uint32_t count = 0;
  for (std::size_t i = 8; i < 12; ++i) count = (count << 8) | head[i];
  return count;
}

std::vector<Pack> packs_of(const fs::path& root) {
  std::vector<Pack> packs;
  for (const auto& entry : fs::directory_iterator(pack_folder(root))) {
    const fs::path& index = entry.path();
    // A pack with a .keep file is one the user wants left alone.
    if (index.extension() != ".idx" || fs::exists(beside(index, ".keep"))) continue;
    if (!fs::exists(beside(index, ".pack"))) continue;
    packs.push_back({index, objects_in(beside(index, ".pack"))});
  }
  return packs;
}

// Adds every object of one pack, found through its index file.
void insert_objects_of(const fs::path& index, git_packbuilder* builder, const fs::path& root) {
  const auto odb = git_make<GitOdb>([](git_odb** out) { return git_odb_new(out); }, "fold packs of", root);
  git_odb_backend* pack = nullptr;
  git_check(git_odb_backend_one_pack(&pack, index.c_str()), "open", index);
  git_check(git_odb_add_backend(odb.get(), pack, 1), "open", index);
  const auto insert = [](const git_oid* id, void* to) {
    return git_packbuilder_insert(static_cast<git_packbuilder*>(to), id, nullptr);
  };
  git_check(git_odb_foreach(odb.get(), insert, builder), "list the objects of", index);
}

GitPackBuilder new_builder(git_repository* repository, const fs::path& root) {
  return git_make<GitPackBuilder>([&](auto out) { return git_packbuilder_new(out, repository); },
                                  "start a pack in", root);
}

void write_builder(git_packbuilder* builder, const fs::path& root) {
  const fs::path folder = pack_folder(root);
  git_check(git_packbuilder_write(builder, folder.c_str(), 0, nullptr, nullptr), "write a pack to", folder);
}

// For packs that share objects, as somebody's git may leave them.
std::string pack_anew(git_repository* repository, const std::vector<fs::path>& indices,
                      const fs::path& root) {
  const GitPackBuilder builder = new_builder(repository, root);
  git_packbuilder_set_threads(builder.get(), 0);  // All cores: nothing else runs between generations.
  for (const fs::path& index : indices) insert_objects_of(index, builder.get(), root);
  write_builder(builder.get(), root);
  return fmt::format("pack-{}", git_packbuilder_name(builder.get()));
}

}  // namespace

FreshObjects::FreshObjects(git_odb* odb, const fs::path& root) : odb_(odb), root_(root) {
  git_check(git_mempack_new(&memory_), "prepare a commit to", root);
  if (git_odb_add_backend(odb, memory_, kMemoryPriority) < 0) {
    memory_->free(memory_);
    git_fail("prepare a commit to", root);
  }
}

void FreshObjects::look_again() { git_check(git_odb_refresh(odb_), "look for the packs of", root_); }

git_oid FreshObjects::write_file(const std::string& content, std::string_view name) {
  git_oid id;
  git_check(git_odb_hash(&id, content.data(), content.size(), GIT_OBJECT_BLOB), "write a file to", root_);
  if (git_odb_exists_ext(odb_, &id, GIT_ODB_LOOKUP_NO_REFRESH) != 0) return id;
  git_check(memory_->write(memory_, &id, content.data(), content.size(), GIT_OBJECT_BLOB), "write a file to",
            root_);
  note(id, name);
  return id;
}

void FreshObjects::note(const git_oid& id, std::string_view name) {
  if (memory_->exists(memory_, &id) == 0) return;
  if (seen_.insert(hex_of(id)).second) objects_.push_back({id, std::string(name)});
}

void FreshObjects::clear() {
  git_mempack_reset(memory_);
  seen_.clear();
  objects_.clear();
}

void write_pack(git_repository* repository, std::span<const FreshObject> objects, const fs::path& root) {
  if (objects.empty()) return;
  const GitPackBuilder builder = new_builder(repository, root);
  for (const FreshObject& object : objects) {
    git_check(git_packbuilder_insert(builder.get(), &object.id, object.name.c_str()), "pack an object of",
              root);
  }
  write_builder(builder.get(), root);
}

void copy_history(git_repository* source, std::span<const git_oid> commits, const fs::path& target_root) {
  const GitPackBuilder builder = new_builder(source, target_root);
  const auto walk = git_make<GitRevwalk>([&](auto out) { return git_revwalk_new(out, source); },
                                         "walk the history for", target_root);
  for (const git_oid& commit : commits)
    git_check(git_revwalk_push(walk.get(), &commit), "walk the history for", target_root);
  git_check(git_packbuilder_insert_walk(builder.get(), walk.get()), "walk the history for", target_root);
  write_builder(builder.get(), target_root);
}

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

void fold_packs(git_repository* repository, const std::vector<fs::path>& indices, const fs::path& root) {
  if (indices.empty()) return;
  const auto joined = join_packs(indices, root);
  const std::string folded = joined ? *joined : pack_anew(repository, indices, root);
  for (const fs::path& index : indices) {
    if (index.stem() == folded) continue;
    // The pack first: git takes no notice of an index without its pack, and remove_torn_packs knows
    // that such an index is rubbish.
    for (const char* extension : {".pack", ".rev", ".bitmap", ".idx"}) {
      fs::remove(beside(index, extension));
    }
  }
}

void remove_torn_packs(const fs::path& root) {
  std::vector<fs::path> torn;
  for (const auto& entry : fs::directory_iterator(pack_folder(root))) {
    const fs::path& file = entry.path();
    const bool unfinished = file.filename().string().starts_with("pack_git2_");
    const bool orphan = file.extension() == ".idx" && !fs::exists(beside(file, ".pack"));
    if (unfinished || orphan) torn.push_back(file);
  }
  for (const fs::path& file : torn) fs::remove(file);
  // What a killed writer renamed into place may not be on the disk yet, and the next commit builds on it.
  genome::base::sync_path(pack_folder(root));
}

}  // namespace evo
