// tree_writer.hpp: from changed files to the id of a new tree.
// Why:      only the folders along changed paths are written anew, so that a commit costs what changed;
//           libgit2's git_tree_create_updated does the same but does not tell which trees it made, and
//           the pack of a commit needs to know.
// Use:      TreeWriter writer(repo, root, fresh);
//           git_oid tree = writer.write(parent_tree, put, remove);
//           writer.changes();                    // what the work tree has to follow
// Promises: whatever is not in `base` at its place becomes a fresh object. Equal content gives the same id
//           whatever the order of changes; folders without files vanish.
//           A path outside the run, or in its .git folder, is a broken invariant.
// Threads:  one thread.
// Tests:    tests/evo/git/run_repository_test.cpp
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "evo/git/work_tree.hpp"
#include "evo/objects/fresh_objects.hpp"
#include "evo/objects/handles.hpp"

namespace evo {

class TreeWriter {
 public:
  TreeWriter(git_repository* repository, const std::filesystem::path& root, FreshObjects& fresh)
      : repository_(repository), root_(root), fresh_(fresh) {}

  // The tree that `base` (null: an empty one) becomes. The strings put must outlive changes().
  git_oid write(const git_tree* base, const std::map<std::string, std::string>& put,
                const std::set<std::string>& remove);

  // The files that differ from `base`, in the order of their paths.
  const std::vector<FileChange>& changes() const { return changes_; }

 private:
  // Path to content; null for a file to remove. Paths in one folder are neighbours.
  using Edits = std::map<std::string_view, const std::string*>;

  std::optional<git_oid> write_folder(const git_tree* base, Edits::const_iterator first,
                                      Edits::const_iterator last, std::size_t prefix);
  void edit_file(git_treebuilder* builder, std::string_view path, const std::string& name,
                 const std::string* content);
  void edit_folder(git_treebuilder* builder, const std::string& name, Edits::const_iterator first,
                   Edits::const_iterator last, std::size_t prefix);
  void insert(git_treebuilder* builder, const std::string& name, const git_oid& id, git_filemode_t mode);

  git_repository* repository_;
  std::filesystem::path root_;
  FreshObjects& fresh_;
  std::vector<FileChange> changes_;
};

}  // namespace evo
