// pack_files.hpp: the files of packs, and how a new one gets among them.
// Why:      git's own commands collect garbage beside a running writer. `git repack -d` deletes packs whose
//           objects nothing refers to, which is what a commit's pack is until its branch moves; and `git gc`
//           deletes an index whose pack is not there yet.
// How:      a pack is made in a folder of its own. Its .keep file, which git's commands respect, comes first;
//           then the pack, then its index, without which git takes no notice of it. The .keep goes when the
//           branch has moved. After a crash the next writer finishes what was half in place.
// Use:      const KeptPack pack(fresh, root);   // whole, synced, in its place, and safe from collectors
//           move_branch(...);                   // from here on something refers to it
// Promises: of .keep files only those made here are ever removed.
// Throws:   StorageError naming the file.
// Threads:  one writer a repository.
// Tests:    tests/evo/objects/pack_files_test.cpp, tests/durability/commit_faults_test.cpp
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <string_view>

#include "evo/objects/fresh_objects.hpp"
#include "evo/objects/handles.hpp"

namespace evo {

// In the folder of packs; see multi_pack_index.hpp.
inline constexpr std::string_view kMultiPackIndex = "multi-pack-index";

std::filesystem::path pack_folder(const std::filesystem::path& root);

// Where packs of the run at `root` are made: beside the folder of packs, on the same file system.
std::filesystem::path staging_folder(const std::filesystem::path& root);

// The file of the same pack with another extension.
std::filesystem::path beside(std::filesystem::path file, const char* extension);

// Moves a finished pack and its index, "pack-<digits>.pack" and ".idx" in the staging folder, to their place.
void put_in_place(const std::string& name, const std::filesystem::path& root);

// The name of the pack written, which is left in the staging folder; it and its index are synced.
std::string write_builder(git_packbuilder* builder, const std::filesystem::path& root);

class KeptPack {
 public:
  KeptPack(const FreshObjects& fresh, const std::filesystem::path& root);
  ~KeptPack();
  KeptPack(const KeptPack&) = delete;
  KeptPack& operator=(const KeptPack&) = delete;

 private:
  std::filesystem::path keep_;
};

// The indices of all packs that objects in this folder ("RUN/.git/objects") are read from now, those of the
// repositories that it borrows from (its info/alternates) too, and its multi-pack-index.
std::set<std::filesystem::path> packs_there(const std::filesystem::path& objects);

// Finishes or removes what an interrupted writer left between the packs. Only with the lock of the run.
void mend_packs(const std::filesystem::path& root);

}  // namespace evo
