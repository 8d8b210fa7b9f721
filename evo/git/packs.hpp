// packs.hpp: how objects reach the disk: one pack a generation, folded now and then.
// Why:      a loose object each would be thousands of small synced files; one pack of the fresh objects
//           costs two. Folding keeps the number of packs small, since git looks through all of them.
// Use:      FreshObjects fresh(odb, root);   // from here on objects are written to memory
//           fresh.look_again();              // once a commit
//           git_oid id = fresh.write_file(content, name);
//           fresh.note(tree_id, name);       // for each other object written
//           write_pack(repo, fresh.objects(), root);
//           fresh.clear();
//           fold_packs(repo, packs_to_fold(root, 50), root);
// Promises: a pack is whole and synced before anything refers to it, and the packs it replaces go only
//           after that; so a reader, or a crash at any instant, loses nothing. Which packs are folded
//           follows their sizes (each pack that stays holds at least twice the objects of all smaller
//           ones, and a large one is left alone), so an object is copied a few times only.
// Threads:  one writer a repository, one thread an object.
// Tests:    tests/evo/git/run_repository_test.cpp
#pragma once

#include <cstddef>
#include <filesystem>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "evo/git/handles.hpp"

namespace evo {

struct FreshObject {
  git_oid id;
  std::string name;  // Its path: libgit2 looks for similar objects under similar names.
};

// Collects what a commit adds: a layer of memory above the repository on disk. Objects that the
// repository has already do not reach it.
class FreshObjects {
 public:
  // Adds the layer to the object database, which owns it from then on.
  explicit FreshObjects(git_odb* odb, const std::filesystem::path& root);

  // Finds what was packed since the repository was opened or last asked.
  void look_again();

  // A file's object; remembered if it is new to the repository. libgit2's own way of writing one reads the
  // folder of packs anew for each object that is new, which costs more the more packs there are.
  git_oid write_file(const std::string& content, std::string_view name);

  // Remembers the object, written by libgit2, if it is new to the repository.
  void note(const git_oid& id, std::string_view name);
  const std::vector<FreshObject>& objects() const { return objects_; }

  // Forgets all of them; they have been written to a pack.
  void clear();

 private:
  git_odb* odb_;  // outlives this
  const std::filesystem::path root_;
  git_odb_backend* memory_ = nullptr;
  std::set<std::string> seen_;
  std::vector<FreshObject> objects_;
};

// Writes the objects into a new pack, synced; the repository finds it when it next misses an object.
void write_pack(git_repository* repository, std::span<const FreshObject> objects,
                const std::filesystem::path& root);

// Writes everything these commits need of `source` into a pack of the repository at `target_root`.
void copy_history(git_repository* source, std::span<const git_oid> commits,
                  const std::filesystem::path& target_root);

// The index files of packs that are due for folding; empty while fewer than `at` packs are small.
std::vector<std::filesystem::path> packs_to_fold(const std::filesystem::path& root, std::size_t at);

// Puts the objects of these packs into one new pack, then removes them. Handles opened earlier may still
// look for the removed files: open the repository anew afterwards.
void fold_packs(git_repository* repository, const std::vector<std::filesystem::path>& indices,
                const std::filesystem::path& root);

// Removes what an interrupted writer left between the packs. Only with the lock of the run.
void remove_torn_packs(const std::filesystem::path& root);

}  // namespace evo
