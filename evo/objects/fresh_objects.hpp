// fresh_objects.hpp: the objects of a commit that is being made, in memory until they are packed.
// Why:      a commit has to bring along whatever its parent does not hold. libgit2's own way of writing
//           leaves out what its object database claims to have, and it claims so of packs that another
//           process has deleted (git_odb_write of 1.5 then reports success and writes nothing).
// Use:      FreshObjects fresh(root);               // one for each commit
//           const git_oid id = fresh.write_file(content, "best.ctl");
//           git_treebuilder_new(&out, fresh.repository(), base); ... fresh.note(tree_id, "population/");
//           KeptPack pack(fresh, root);             // see pack_files.hpp
// Promises: what is written here is written, whatever the repository on disk has; nothing touches the disk.
//           An object is listed once.
// Throws:   StorageError naming the run.
// Threads:  one thread an object.
// Tests:    tests/evo/git/run_repository_test.cpp, tests/evo/git/other_writers_test.cpp
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "evo/objects/handles.hpp"

namespace evo {

struct FreshObject {
  git_oid id;
  std::string name;  // Its path: libgit2 looks for similar objects under similar names.
};

class FreshObjects {
 public:
  explicit FreshObjects(const std::filesystem::path& root);

  // A repository that has these objects and no others.
  git_repository* repository() const { return repository_.get(); }

  git_oid write_file(const std::string& content, std::string_view name);

  // Remembers an object that libgit2 wrote into repository().
  void note(const git_oid& id, std::string_view name);

  bool has(const git_oid& id) const { return seen_.contains(hex_of(id)); }
  const std::vector<FreshObject>& objects() const { return objects_; }

 private:
  std::filesystem::path root_;
  GitOdb odb_;
  GitRepository repository_;
  git_odb_backend* memory_ = nullptr;  // the odb's
  std::set<std::string> seen_;
  std::vector<FreshObject> objects_;
};

}  // namespace evo
