// multi_pack_index.hpp: git's one index of several packs, kept from naming packs that are gone.
// Why:      `git maintenance` writes such an index. When a pack that it names is deleted and it stays, clones
//           and repacking fail ("error preparing packfile from multi-pack-index"), and `git gc` does not mend
//           that.
// Use:      remove_multi_pack_index(root, indices);   // before the packs of these indices are deleted
//           remove_stale_multi_pack_index(root);      // somebody's, written while packs went
// Promises: only an index that names one of the packs goes, and its bitmaps and order with it: it is a
//           shortcut, and `git multi-pack-index write` makes it anew. One that cannot be understood stays.
// Source:   git's Documentation/gitformat-pack.txt, "multi-pack-index (MIDX) files".
// Throws:   StorageError when a file cannot be removed.
// Threads:  one writer a repository.
// Tests:    tests/evo/objects/multi_pack_index_test.cpp
#pragma once

#include <filesystem>
#include <set>
#include <span>
#include <string>
#include <string_view>

namespace evo {

// The file names of the indices ("pack-<digits>.idx") that the content of such a file covers; none when it is
// not understood.
std::set<std::string> indices_named_in(std::string_view multi_pack_index);

// Names in the multi-pack-index of the folder of packs whose pack is not there.
std::set<std::string> missing_in_multi_pack_index(const std::filesystem::path& pack_folder);

void remove_multi_pack_index(const std::filesystem::path& root,
                             std::span<const std::filesystem::path> indices);
void remove_stale_multi_pack_index(const std::filesystem::path& root);

}  // namespace evo
