#include "evo/git/tree_bounds.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "evo/base/error.hpp"
#include "genome/base/text.hpp"

namespace evo {
namespace {

using genome::base::visible;

std::string key_of(const git_oid* id) { return {reinterpret_cast<const char*>(id->id), GIT_OID_RAWSZ}; }

bool is_folder(const git_tree_entry* entry) { return git_tree_entry_filemode(entry) == GIT_FILEMODE_TREE; }

bool is_file(const git_tree_entry* entry) {
  const git_filemode_t mode = git_tree_entry_filemode(entry);
  return mode == GIT_FILEMODE_BLOB || mode == GIT_FILEMODE_BLOB_EXECUTABLE;
}

}  // namespace

void TreeBounds::expect(const git_tree* tree) {
  const std::uint64_t entries = size_of(tree, 0).entries;
  if (entries <= kMostRepeated) return;
  std::unordered_set<std::string> seen;
  const std::uint64_t distinct = distinct_entries(tree, seen);
  if (entries - distinct > kMostRepeated)
    refuse(
        fmt::format("{} files and folders of which {} are distinct; a run repeats few", entries, distinct));
}

TreeBounds::Size TreeBounds::size_of(const git_tree* tree, int depth) {
  Size all;
  for (std::size_t i = 0; i < git_tree_entrycount(tree); ++i) {
    const git_tree_entry* const entry = git_tree_entry_byindex(tree, i);
    ++all.entries;
    if (is_file(entry)) continue;
    const Size inner = size_of_entry(entry, depth + 1);
    all.height = std::max(all.height, inner.height + 1);
    all.entries += inner.entries;
    if (all.entries > kMostEntries)
      refuse(fmt::format("more than {} files and folders; no run has as many", kMostEntries));
  }
  return all;
}

TreeBounds::Size TreeBounds::size_of_entry(const git_tree_entry* entry, int depth) {
  if (!is_folder(entry)) {
    const bool link = git_tree_entry_filemode(entry) == GIT_FILEMODE_LINK;
    refuse(fmt::format("{}, which is {}; a run has files and folders alone",
                       visible(git_tree_entry_name(entry)), link ? "a symbolic link" : "no file"));
  }
  const std::string key = key_of(git_tree_entry_id(entry));
  auto known = sizes_.find(key);
  const int height = known == sizes_.end() ? 0 : known->second.height;
  if (depth + height > kDeepest)
    refuse(fmt::format("folders that are more than {} deep ({} is one); those of a run are 2 deep", kDeepest,
                       visible(git_tree_entry_name(entry))));
  if (known == sizes_.end()) known = sizes_.emplace(key, size_of(folder_of(entry).get(), depth)).first;
  return known->second;
}

// The entries of each folder once.
std::uint64_t TreeBounds::distinct_entries(const git_tree* tree, std::unordered_set<std::string>& seen) {
  std::uint64_t entries = git_tree_entrycount(tree);
  for (std::size_t i = 0; i < git_tree_entrycount(tree); ++i) {
    const git_tree_entry* const entry = git_tree_entry_byindex(tree, i);
    if (is_folder(entry) && seen.insert(key_of(git_tree_entry_id(entry))).second)
      entries += distinct_entries(folder_of(entry).get(), seen);
  }
  return entries;
}

GitTree TreeBounds::folder_of(const git_tree_entry* entry) const {
  return git_make<GitTree>(
      [&](auto out) { return git_tree_lookup(out, repository_, git_tree_entry_id(entry)); }, "read a tree of",
      run_);
}

void TreeBounds::refuse(const std::string& what) const {
  throw RunError(fmt::format("{}: its commit holds {}", visible(run_.string()), what));
}

}  // namespace evo
